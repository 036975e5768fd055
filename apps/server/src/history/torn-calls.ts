import type { CallStore, CallSummary, Clock, Logger, Metrics } from '@kav/core'
import { ownMark, type ProcessMark, stateOf } from '../process/process-mark.ts'

/** A call of a process that cannot be seen is surely over. */
const SURELY_OVER_MS = 24 * 3_600_000
const PAGE = 500

/**
 * Calls that have begun, and whose process is gone, are torn: those of this node, and those that began a day ago. A
 * call that was completed from its journal meanwhile stays as it is.
 */
export async function markTorn(
  store: CallStore,
  { node, clock, log, metrics }: { node: string; clock: Clock; log: Logger; metrics: Metrics },
): Promise<void> {
  const own = ownMark()
  const isGone = (call: CallSummary): boolean => {
    const mark = markOf(call.owner)
    const state = mark === undefined || call.node !== node ? 'unseen' : stateOf(mark, own)
    return state === 'dead' || (state === 'unseen' && clock.wallMs() - call.startedAtMs > SURELY_OVER_MS)
  }
  let cursor: string | undefined
  do {
    const page = await store.find(
      { state: 'begun' },
      { limit: PAGE, ...(cursor !== undefined && { cursor }) },
    )
    for (const { id, startedAtMs } of page.calls.filter(isGone)) {
      const call = await store.get(id, startedAtMs)
      if (call?.state !== 'begun') continue
      await store.put([{ ...call, state: 'torn', outcome: 'killed' }])
      metrics.count('store_calls_torn_total')
      log.warn({ call: id }, 'HISTORY: a call whose process died has no end')
    }
    cursor = page.next
  } while (cursor !== undefined)
}

function markOf(text: string | undefined): ProcessMark | undefined {
  try {
    const mark = JSON.parse(text ?? '') as Partial<ProcessMark> | null
    const isMark = typeof mark?.pid === 'number' && typeof mark.startedTicks === 'string'
    return isMark && typeof mark.space === 'string' ? (mark as ProcessMark) : undefined
  } catch {
    return undefined
  }
}
