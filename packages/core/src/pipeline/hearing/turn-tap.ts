import type { AudioFormat } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { asProviderError } from '../../contracts/errors.ts'
import type { Metrics } from '../../contracts/metrics.ts'
import type { TurnProvider, TurnQuestion } from '../../contracts/turn.ts'
import { createConverter, createSampleDecoder } from '../../audio/convert.ts'
import { doubleRate } from '../../audio/double-rate.ts'
import { attempt } from '../../kit/attempt.ts'
import { withDeadline } from '../../kit/deadline.ts'

/**
 * The detector of turn ends of all calls: the questions that came while a batch was being judged are the next batch.
 * Beside the chain: nothing waits for an answer, and one that comes late is of no use.
 */
export interface TurnTap {
  /** Sound that a judgement looks at, milliseconds; 0: none. */
  readonly windowMs: number
  readonly threshold: number
  /** The probability that the caller is done. Rejects with a `ProviderError`. */
  ask(question: SoundQuestion): Promise<number>
}

/** A question as a call knows it: the sound as it came. */
export interface SoundQuestion extends Omit<TurnQuestion, 'audio'> {
  readonly audio: Uint8Array
  readonly format: AudioFormat
}

/** A detector that takes longer than any pause has no use for a call. */
const JUDGE_LIMIT_MS = 2000
/** What one batch holds: more calls wait for the next. */
const MAX_BATCH = 64

interface Waiting {
  readonly question: TurnQuestion
  readonly resolve: (probability: number) => void
  readonly reject: (error: unknown) => void
}

export function createTurnTap(provider: TurnProvider, clock: Clock, metrics?: Metrics): TurnTap {
  const waiting: Waiting[] = []
  let judging = false

  async function judge(batch: readonly Waiting[]): Promise<void> {
    const probabilities = new Float32Array(batch.length).fill(Number.NaN)
    const startMs = clock.nowMs()
    try {
      const judged = attempt(() =>
        provider.judge(
          batch.map(({ question }) => question),
          probabilities,
        ),
      )
      await withDeadline(clock, JUDGE_LIMIT_MS, 'turn: judging', judged)
      metrics?.observe('turn_judge_ms', clock.nowMs() - startMs)
      batch.forEach(({ resolve, reject }, index) => {
        const probability = probabilities[index]!
        if (probability >= 0 && probability <= 1) resolve(probability)
        else reject(asProviderError(new RangeError(`${probability} is no probability`), 'turn: judging'))
      })
    } catch (thrown) {
      const error = asProviderError(thrown, 'turn: judging')
      for (const { reject } of batch) reject(error)
    }
  }

  async function judgeAll(): Promise<void> {
    judging = true
    // Calls that fall silent in the same moment are judged together.
    await Promise.resolve()
    while (waiting.length > 0) await judge(waiting.splice(0, MAX_BATCH))
    judging = false
  }

  return {
    windowMs: provider.windowMs,
    threshold: provider.threshold,
    ask: ({ audio, format, ...words }) =>
      new Promise((resolve, reject) => {
        const question = { ...words, audio: samplesOf(audio, format, provider.sampleRateHz) }
        waiting.push({ question, resolve, reject })
        if (!judging) void judgeAll()
      }),
  }
}

/**
 * A copy that is the question's own. From the phone's rate to twice that on a short way: the resampler would hold every
 * call’s media up for tens of milliseconds at each question.
 */
function samplesOf(audio: Uint8Array, format: AudioFormat, sampleRateHz: number): Int16Array {
  if (format.sampleRateHz * 2 === sampleRateHz) return doubleRate(createSampleDecoder(format).decode(audio))
  const converter = createConverter(format, { encoding: 'linear16', sampleRateHz })
  const bytes = Uint8Array.from(converter.convert(audio))
  return new Int16Array(bytes.buffer, 0, bytes.length >> 1)
}
