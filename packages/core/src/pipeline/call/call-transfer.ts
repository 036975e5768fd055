import type { Clock } from '../../contracts/clock.ts'
import { asProviderError } from '../../contracts/errors.ts'
import type { HangUpReason, TransportCall } from '../../contracts/transport.ts'
import { settleWithin, withDeadline } from '../../kit/deadline.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'

/** How long the carrier may take; after that the caller is told that it failed. */
export const TRANSFER_LIMIT_MS = 8000
/** How long the end of the call waits for the carrier to say whether it took the caller. */
const LAST_ANSWER_MS = 2000

export interface CallTransfer {
  /** As `CallEnd.transfer`. One at a time: another is refused while one is under way. Never rejects. */
  start(to: string): Promise<string | undefined>
  /**
   * The call is over, says the transport, and why: what is true of it. The stream may stop before the carrier has
   * said that it took the caller, and one that was asked may yet have refused. `ours`: we ended it, and why.
   */
  endedBy(reason: HangUpReason, ours: HangUpReason | undefined): Promise<HangUpReason>
}

/** Hands the caller over to another number, as often as it is asked for: an attempt that fails leaves the call as it is. */
export function createTransfer(
  parts: { call: Pick<TransportCall, 'transfer'>; clock: Clock; telemetry: CallTelemetry },
  call: {
    isOver: () => boolean
    /** The carrier took the caller, in time or late. */
    onDone: () => void
  },
): CallTransfer {
  const { clock, telemetry } = parts
  const ended = new AbortController()
  const waiting = new Set<Promise<unknown>>()
  let answer: 'none' | 'took' | 'refused' = 'none'
  let underWay = false

  /** A transport that throws at once is one that rejects. */
  async function ask(to: string): Promise<void> {
    try {
      if (!parts.call.transfer) throw new Error('this line cannot transfer')
      await parts.call.transfer(to)
    } catch (error) {
      if (answer !== 'took') answer = 'refused'
      throw error
    }
    answer = 'took'
    call.onDone()
  }

  function askWatched(to: string): Promise<void> {
    const asking = ask(to)
    const settled: Promise<unknown> = asking.catch(() => undefined).then(() => waiting.delete(settled))
    waiting.add(settled)
    return asking
  }

  return {
    async start(to) {
      if (call.isOver()) return undefined
      if (underWay) return UNDER_WAY
      underWay = true
      telemetry.transferRequested()
      try {
        await withDeadline(clock, TRANSFER_LIMIT_MS, 'transfer', askWatched(to), ended.signal)
        return undefined
      } catch (thrown) {
        if (call.isOver()) return undefined
        const error = asProviderError(thrown, 'transfer')
        telemetry.transferFailed(error)
        return error.code === 'timeout' ? NO_ANSWER : REFUSED
      } finally {
        underWay = false
      }
    },
    async endedBy(reason, ours) {
      ended.abort()
      if (ours !== undefined) return ours
      await settleWithin(clock, LAST_ANSWER_MS, Promise.all(waiting))
      if (answer === 'took') return 'transferred'
      return reason === 'transferred' && answer === 'refused' ? 'caller' : reason
    },
  }
}

const UNDER_WAY = 'Another transfer is under way already: wait for what comes of it.'
const STILL_THERE = 'The caller is still on the line with you. Offer another way, or try again if they wish.'
const REFUSED = `The transfer failed: the carrier did not take it. ${STILL_THERE}`
const NO_ANSWER = `The transfer failed: nothing came of it in time. ${STILL_THERE}`
