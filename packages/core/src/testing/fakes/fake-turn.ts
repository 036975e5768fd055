import { ProviderError, type TurnProvider, type TurnQuestion } from '../../contracts/index.ts'

export interface FakeTurnOptions {
  readonly sampleRateHz?: 8000 | 16000
  readonly windowMs?: number
  readonly threshold?: number
  /** Answers come a turn of the event loop later, as from a worker. */
  readonly asynchronous?: boolean
}

/** What was asked, with a copy of the sound. */
export interface FakeTurnRecord extends TurnQuestion {
  readonly probability: number
}

export interface FakeTurn {
  readonly provider: TurnProvider
  /** Every question so far, in order. */
  readonly judged: readonly FakeTurnRecord[]
  readonly warmed: number
  readonly closed: boolean
  /** From now on every answer is this; `undefined` goes back to the words. */
  say(probability: number | undefined): void
}

/** 0.9 after words that end a sentence, 0.1 after others; without words, the longer the sound the likelier. */
function probabilityOf({ text, audio }: TurnQuestion, windowSamples: number): number {
  const words = text.trimEnd()
  if (words !== '') return /[.!?]$/.test(words) ? 0.9 : 0.1
  return windowSamples === 0 ? 0.5 : 0.2 + 0.6 * Math.min(1, audio.length / windowSamples)
}

export function createFakeTurn(options: FakeTurnOptions = {}): FakeTurn {
  const sampleRateHz = options.sampleRateHz ?? 16000
  const windowMs = options.windowMs ?? 8000
  const judged: FakeTurnRecord[] = []
  let said: number | undefined
  let warmed = 0
  let closed = false

  function judgeAll(questions: readonly TurnQuestion[], probabilities: Float32Array): void {
    questions.forEach((question, index) => {
      const probability = said ?? probabilityOf(question, (sampleRateHz * windowMs) / 1000)
      probabilities[index] = probability
      judged.push({ ...question, audio: question.audio.slice(), probability })
    })
  }

  return {
    provider: {
      sampleRateHz,
      windowMs,
      threshold: options.threshold ?? 0.5,
      async warm() {
        warmed++
      },
      async judge(questions, probabilities) {
        if (closed) throw new ProviderError('bad-request', 'FakeTurn: it is closed')
        if (options.asynchronous === true) await new Promise((resolve) => setImmediate(resolve))
        if (closed) throw new ProviderError('cancelled', 'FakeTurn: it was closed during a judgement')
        judgeAll(questions, probabilities)
      },
      async close() {
        closed = true
      },
    },
    judged,
    get warmed() {
      return warmed
    },
    get closed() {
      return closed
    },
    say(probability) {
      said = probability
    },
  }
}
