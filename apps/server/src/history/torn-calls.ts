import type { CallStore, CallSummary, Clock, Logger, Metrics } from '@kav/core'
import { ownMark, type ProcessMark, type ProcessState, stateOf } from '../process/process-mark.ts'

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
  const isGone = (call: CallSummary): boolean => {
    const state = call.node === node ? ownerStateOf(call.owner) : 'unseen'
    return state === 'dead' || (state === 'unseen' && isSurelyOver(call, clock.wallMs()))
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

export function isSurelyOver({ startedAtMs }: Pick<CallSummary, 'startedAtMs'>, wallMs: number): boolean {
  return wallMs - startedAtMs > SURELY_OVER_MS
}

/** Of the process that has a call, as a store tells it. */
export function ownerStateOf(owner: string | undefined): ProcessState {
  const mark = markOf(owner)
  return mark === undefined ? 'unseen' : stateOf(mark, ownMark())
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
