import type { Clock } from '../../contracts/clock.ts'
import { asProviderError, type ProviderError } from '../../contracts/errors.ts'
import type { SoundQuestion, TurnTap } from '../hearing/turn-tap.ts'

/**
 * Asks the detector of turn ends about one call's silences: as soon as the voice has stopped, and from then on every
 * `STEP_MS` for as long as the turn is open, since a silence tells more the longer it lasts.
 */
export interface EndJudge {
  /** The voice has stopped. `sinceMs`: when the voice of this turn began. */
  silence(sinceMs: number): void
  /** The caller goes on, or the turn is over: what is still being judged is of no use. */
  stop(): void
}

export interface EndJudgeParts {
  readonly tap: TurnTap
  /** The caller's last sound, as it came. */
  readonly recentAudio: (ms: number) => Pick<SoundQuestion, 'audio' | 'format'>
  /** `undefined`: the turn is over, and nothing is to be judged. */
  readonly words: () => Pick<SoundQuestion, 'text' | 'asked' | 'language'> | undefined
  readonly clock: Clock
  /** `silentMs`: how long ago the voice had stopped when the detector was asked. */
  readonly onJudged: (doneProbability: number, silentMs: number) => void
  readonly onFailure: (error: ProviderError) => void
}

const STEP_MS = 100
/** In so long a silence every wait is over. */
const MAX_SILENCE_MS = 2000
/** A detector of voice notices it late: what is judged begins so long before. */
const PRE_ROLL_MS = 300

export function createEndJudge(parts: EndJudgeParts): EndJudge {
  const { tap, clock } = parts
  /** Of the silence that is being judged; anything that ends it makes a new one. */
  let silence = 0
  let cancelStep: () => void = () => undefined
  let failed = false

  function stop(): void {
    silence++
    cancelStep()
  }

  async function ask(sinceMs: number, stoppedMs: number): Promise<void> {
    const asking = silence
    const words = parts.words()
    if (!words) return
    const askedMs = clock.nowMs()
    const soundMs = Math.min(tap.windowMs, askedMs - sinceMs + PRE_ROLL_MS)
    const answer = await tap.ask({ ...parts.recentAudio(soundMs), ...words }).catch(fail)
    if (asking !== silence || answer === undefined) return
    parts.onJudged(answer, clock.nowMs() - stoppedMs)
    if (askedMs - stoppedMs >= MAX_SILENCE_MS) return
    cancelStep = clock.after(
      Math.max(0, askedMs + STEP_MS - clock.nowMs()),
      () => void ask(sinceMs, stoppedMs),
    )
  }

  function fail(thrown: unknown): undefined {
    // Once per call: a detector that is broken stays so.
    if (!failed) parts.onFailure(asProviderError(thrown, 'turn: judging'))
    failed = true
  }

  return {
    silence(sinceMs) {
      stop()
      if (!failed) void ask(sinceMs, clock.nowMs())
    },
    stop,
  }
}
