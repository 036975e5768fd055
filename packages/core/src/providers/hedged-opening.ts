import type { Clock } from '../contracts/clock.ts'
import { asProviderError, type ProviderError } from '../contracts/errors.ts'
import { attempt } from '../kit/attempt.ts'
import { delay, withDeadline } from '../kit/deadline.ts'
import { linkSignals } from '../kit/link-signals.ts'

/** An opening that is pending this long gets a second one beside it. */
export const HEDGE_AFTER_MS = 1500

/** Which tries are made, in what order; told how each went. */
export interface OpeningTries<Try, Opened> {
  /** The next try; `undefined`: none is left at the moment. Asked again after each that failed. */
  take(): Try | undefined
  /** Wait before this try. */
  backOffMs(attempt: Try): number
  /** Rejects, or throws, where it does not open. Its signal lives as long as what is opened. */
  open(attempt: Try, signal: AbortSignal): Promise<Opened>
  /** For one that came too late. */
  close(opened: Opened): Promise<void>
  /** It begins beside one that is pending. */
  hedged(attempt: Try): void
  won(attempt: Try, tookMs: number): void
  failed(attempt: Try, error: ProviderError, waitedMs: number): void
  /** Still pending when another had won. */
  beaten(attempt: Try, waitedMs: number): void
}

export interface HedgedParts<Try, Opened> {
  readonly tries: OpeningTries<Try, Opened>
  /** Bound of one try. */
  readonly limitMs: number
  /** What is opened, in the error of a try that took too long. */
  readonly doing: (attempt: Try) => string
  readonly clock: Clock
  /** Nobody wants it any more: whatever is pending is given up. */
  readonly signal: AbortSignal
}

export interface HedgedOpening<Try, Opened> {
  readonly attempt: Try
  readonly opened: Opened
}

/**
 * Opens something whose openings may fail, or hang. One that fails is followed by the next try; one that is pending for
 * `HEDGE_AFTER_MS` gets the next one beside it, two at once at the most. The first that is ready wins, every other is
 * given up, and closed should it come up later. `undefined`: no try is left, or `signal` aborted.
 */
export function openHedged<Try, Opened>(
  parts: HedgedParts<Try, Opened>,
): Promise<HedgedOpening<Try, Opened> | undefined> {
  const { tries, clock, signal } = parts
  /** Aborted once it is decided. */
  const over = new AbortController()
  let lanes = 0
  return new Promise((resolve) => {
    const onAbort = (): void => decide(undefined)
    signal.addEventListener('abort', onAbort)

    function decide(outcome: HedgedOpening<Try, Opened> | undefined): void {
      if (over.signal.aborted) return
      signal.removeEventListener('abort', onAbort)
      over.abort()
      resolve(outcome)
    }

    async function runLane(beside: boolean): Promise<void> {
      lanes++
      let hedge = beside
      while (!over.signal.aborted) {
        const next = tries.take()
        if (next === undefined) break
        if (hedge) tries.hedged(next)
        hedge = false
        await make(next)
      }
      if (--lanes === 0) decide(undefined)
    }

    function giveBack(next: Try, opened: Opened): void {
      tries.beaten(next, 0)
      void tries.close(opened).catch(() => undefined)
    }

    async function make(next: Try): Promise<void> {
      const backOffMs = tries.backOffMs(next)
      if (backOffMs > 0) await delay(clock, backOffMs, over.signal)
      const startedMs = clock.nowMs()
      const tookMs = (): number => clock.nowMs() - startedMs
      if (over.signal.aborted) return tries.beaten(next, 0)
      const opening = openOne(next, parts, over.signal)
      const cancelHedge = clock.after(HEDGE_AFTER_MS, () => {
        if (lanes < 2) void runLane(true)
      })
      try {
        const opened = await opening
        // Another came up at the same moment.
        if (over.signal.aborted) return void giveBack(next, opened)
        tries.won(next, tookMs())
        decide({ attempt: next, opened })
      } catch (thrown) {
        if (over.signal.aborted) tries.beaten(next, tookMs())
        else tries.failed(next, asProviderError(thrown, parts.doing(next)), tookMs())
      } finally {
        cancelHedge()
      }
    }

    if (signal.aborted) onAbort()
    else void runLane(false)
  })
}

/** Rejects as soon as the search is `over`; what comes up later is closed. */
async function openOne<Try, Opened>(
  next: Try,
  parts: HedgedParts<Try, Opened>,
  over: AbortSignal,
): Promise<Opened> {
  const { tries, clock, limitMs } = parts
  const givenUp = new AbortController()
  // It is for all that is opened, too, which lasts no longer than the call whose signal it is.
  const { signal, unlink } = linkSignals(parts.signal, givenUp.signal)
  const opening = attempt(() => tries.open(next, signal))
  try {
    return await withDeadline(clock, limitMs, parts.doing(next), opening, over)
  } catch (error) {
    givenUp.abort()
    unlink()
    opening.then((late) => tries.close(late)).catch(() => undefined)
    throw error
  }
}
