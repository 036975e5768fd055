import type { TurnProvider, TurnQuestion } from '../../../contracts/index.ts'
import { type ContractCase, expect, within } from '../common/contract-case.ts'
import type { ContractOptions } from '../common/contract-options.ts'
import { createSuite } from '../common/suite.ts'
import { leavesNothingOpen } from '../common/open-handles.ts'
import { classCases, hostCases, hostProbe, wordsCases } from '../common/host-cases.ts'
import { refuses, settled } from '../common/outcome.ts'

/** A caller who has just fallen silent; what is left out is empty. */
export type TurnExample = Partial<TurnQuestion>

export interface TurnContractOptions extends ContractOptions<TurnProvider> {
  /** One who is done: the answer must reach the detector's threshold. Sound at its rate, unless it wants none. */
  done(provider: TurnProvider): TurnExample
  /** One who goes on: it must stay below. */
  goesOn(provider: TurnProvider): TurnExample
  /** How far two answers to the same question may be apart. Default 0.001. */
  readonly tolerance?: number
}

const NOTHING: TurnQuestion = { audio: new Int16Array(0), text: '', asked: '', language: 'en-US' }

/** How the cases ask. */
function createTurnBench(options: TurnContractOptions) {
  const suite = createSuite('turn', options)
  const tolerance = options.tolerance ?? 0.001

  /** Fresh copies, so that a detector that changes what it is lent harms no other case. */
  const asked = (example: TurnExample): TurnQuestion => {
    const { audio = NOTHING.audio } = example
    return { ...NOTHING, ...example, audio: audio.slice() }
  }
  const done = (provider: TurnProvider) => asked(options.done(provider))
  const goesOn = (provider: TurnProvider) => asked(options.goesOn(provider))

  async function judge(provider: TurnProvider, questions: readonly TurnQuestion[]): Promise<Float32Array> {
    const probabilities = new Float32Array(questions.length).fill(Number.NaN)
    // Of a detector that does its work at once, what it throws counts as a rejection.
    const judged = (async () => provider.judge(questions, probabilities))()
    await within(judged, suite.stepMs, 'judge to settle')
    return probabilities
  }
  const judgeAlone = async (provider: TurnProvider, question: TurnQuestion) =>
    (await judge(provider, [question]))[0]!

  const refusal = (expected: string, work: () => Promise<void> | void): Promise<boolean> =>
    refuses(expected, work, suite.stepMs)

  function expectSame(got: number | undefined, wanted: number, what: string): void {
    const same = Math.abs((got ?? Number.NaN) - wanted) <= tolerance
    expect(same, `${what} to be answered with ${wanted}`, `it was ${got}`)
  }

  return { options, suite, done, goesOn, judge, judgeAlone, refusal, expectSame }
}
type TurnBench = ReturnType<typeof createTurnBench>

/** Whatever the sound or the words may be like. */
function oddQuestions(provider: TurnProvider): TurnQuestion[] {
  const samples = (provider.sampleRateHz * provider.windowMs) / 1000
  const sounds = [
    new Int16Array(samples),
    Int16Array.from({ length: samples }, (_, at) => ((at * 7919) % 65536) - 32768),
    new Int16Array(samples > 0 ? 1 : 0),
    NOTHING.audio,
  ]
  const texts = ['', 'אז אני רוצה', '🙂'.repeat(500), 'word '.repeat(1000)]
  return sounds.map((audio, at) => ({ audio, text: texts[at]!, asked: 'How can I help?', language: 'he-IL' }))
}

/** What an answer is. */
function answers({ suite, done, goesOn, judge, judgeAlone, expectSame }: TurnBench): ContractCase[] {
  return [
    suite.on('stated', 'rate, window and threshold are stated and possible', async (provider) => {
      const { sampleRateHz, windowMs, threshold } = provider
      const isRate = sampleRateHz === 8000 || sampleRateHz === 16000
      expect(isRate, '8000 or 16000 Hz', `it is ${String(sampleRateHz)}`)
      const isWindow = Number.isInteger(windowMs) && windowMs >= 0 && windowMs <= 60_000
      expect(isWindow, 'a window of whole milliseconds, 0 to 60000', `it is ${windowMs}`)
      expect(threshold > 0 && threshold < 1, 'a threshold between 0 and 1', `it is ${threshold}`)
    }),
    suite.on('warm', 'it warms up, also twice and at once, and answers after that', async (provider) => {
      const warm = async () => provider.warm?.()
      await within(Promise.all([warm(), warm()]), suite.stepMs, 'warm to resolve, called twice at once')
      await within(warm(), suite.stepMs, 'warm to resolve when called again')
      await judgeAlone(provider, done(provider))
    }),
    suite.on(
      'answers',
      'every question gets a probability from 0 to 1, whatever its sound or words',
      async (provider) => {
        for (const question of oddQuestions(provider)) {
          const probability = await judgeAlone(provider, question)
          const isOne = probability >= 0 && probability <= 1
          expect(isOne, 'probabilities from 0 to 1', `one is ${probability}`)
        }
      },
    ),
    suite.on('judges', 'who is done reaches the threshold, and who goes on does not', async (provider) => {
      const { threshold } = provider
      const over = await judgeAlone(provider, done(provider))
      expect(over >= threshold, `at least ${threshold} for one who is done`, `it is ${over}`)
      const notYet = await judgeAlone(provider, goesOn(provider))
      expect(notYet < threshold, `less than ${threshold} for one who goes on`, `it is ${notYet}`)
    }),
    suite.on('memoryless', 'an answer knows nothing of the questions before', async (provider) => {
      const first = await judgeAlone(provider, done(provider))
      await judgeAlone(provider, goesOn(provider))
      expectSame(await judgeAlone(provider, done(provider)), first, 'the same question')
    }),
    suite.on('batch', 'a batch answers each question as if it were alone, in order', async (provider) => {
      const kinds = [done(provider), goesOn(provider)]
      const alone: number[] = []
      for (const question of kinds) alone.push(await judgeAlone(provider, question))
      const order = [1, 0, 1]
      const together = await judge(
        provider,
        order.map((kind) => kinds[kind]!),
      )
      order.forEach((kind, place) => {
        expectSame(together[place], alone[kind]!, `question ${place} of a batch of ${order.length}`)
      })
    }),
  ]
}

/** What is lent. */
function lentArrays({ suite, done, goesOn, judge, judgeAlone, expectSame }: TurnBench): ContractCase[] {
  return [
    suite.on('lent', 'the lent arrays are read and filled, and not touched later', async (provider) => {
      const questions = [done(provider), goesOn(provider)]
      const before = questions.map(({ audio }) => audio.slice())
      const probabilities = await judge(provider, questions)
      expect(!Number.isNaN(probabilities[0]), 'a probability to be written', 'nothing was')
      const isUntouched = questions.every(({ audio }, place) =>
        before[place]!.every((sample, at) => sample === audio[at]),
      )
      expect(isUntouched, 'the sound to stay as it was', 'it was changed or taken away')
      probabilities.fill(-1)
      await new Promise((resolve) => setTimeout(resolve, 20))
      const isLeft = probabilities.every((probability) => probability === -1)
      expect(isLeft, 'nothing to be written after judge has settled', `it became ${probabilities.join(', ')}`)
    }),
    suite.on('places', 'places beyond the questions are left as they are', async (provider) => {
      const probabilities = new Float32Array(3).fill(-1)
      await within(
        (async () => provider.judge([done(provider)], probabilities))(),
        suite.stepMs,
        'judge to settle',
      )
      const isLeft = probabilities[1] === -1 && probabilities[2] === -1
      expect(isLeft, 'one place to be written for one question', `there is ${probabilities.join(', ')}`)
    }),
    suite.on('lent', 'an array that comes again with another sound is heard anew', async (provider) => {
      const [first, second] = [done(provider), goesOn(provider)]
      const wanted = await judgeAlone(provider, second)
      const lent = new Int16Array(Math.max(first.audio.length, second.audio.length))
      const lend = ({ audio, ...rest }: TurnQuestion): TurnQuestion => {
        lent.set(audio)
        return { ...rest, audio: lent.subarray(0, audio.length) }
      }
      await judgeAlone(provider, lend(first))
      lent.fill(0x5555)
      expectSame(await judgeAlone(provider, lend(second)), wanted, 'a question in the memory of another')
    }),
    suite.on(
      ['empty-batch', 'stray-errors'],
      'a batch without questions is nothing to do',
      async (provider) => {
        await judge(provider, [])
      },
    ),
  ]
}

/** How it ends. */
function endings({ suite, done, judge, refusal }: TurnBench): ContractCase[] {
  return [
    suite.onFresh(['closes', 'fault'], 'close settles the judgement under way', async (provider) => {
      const under = refusal('a judgement cut off by close to reject with', () =>
        provider.judge([done(provider)], new Float32Array(1)),
      )
      await within(provider.close(), suite.stepMs, 'provider.close to resolve during a judgement')
      await within(under, suite.promptMs, 'the judgement to settle after the close')
    }),
    suite.onFresh('refuses', 'a question after the close is refused', async (provider) => {
      await within(provider.close(), suite.stepMs, 'provider.close to resolve')
      const isRefused = await refusal('judge after the close to reject with', () =>
        provider.judge([done(provider)], new Float32Array(1)),
      )
      expect(isRefused, 'judge to reject after the close', 'it resolved')
    }),
    suite.alone('nothing-left', 'nothing is left open when the provider was closed at work', async () => {
      await leavesNothingOpen(suite.settleMs, 'the provider was closed', async () => {
        const provider = await suite.create()
        await judge(provider, [done(provider)])
        const under = (async () => provider.judge([done(provider)], new Float32Array(1)))().catch(() => {})
        await within(provider.close(), suite.stepMs, 'provider.close to resolve')
        await within(under, suite.promptMs, 'the judgement to settle after the close')
      })
    }),
  ]
}

/** What a provider that cannot succeed does. */
function faults({ suite, done, refusal }: TurnBench): ContractCase[] {
  return [
    suite.onFailing('fault', 'a fault is a ProviderError, at every question', async (provider) => {
      await refusal('warm to reject with', () => provider.warm?.())
      for (const time of ['the first', 'the second']) {
        const isRefused = await refusal('judge to reject with', () =>
          provider.judge([done(provider)], new Float32Array(1)),
        )
        expect(isRefused, `judge to reject ${time} time`, 'it resolved')
      }
    }),
  ]
}

/** What is alike for all providers. */
function sharedCases({ options, suite, done, judgeAlone }: TurnBench): ContractCase[] {
  const judge = (provider: TurnProvider) => {
    const question = done(provider)
    suite.witness.heard(question.text, question.asked)
    return judgeAlone(provider, question)
  }
  const probe = hostProbe(suite, options, {
    exercise: judge,
    faultOf: async (provider) => (await settled(judge(provider))).error,
  })
  return [
    ...hostCases(suite, options, probe),
    ...wordsCases(suite, probe),
    ...classCases(suite, options, probe),
  ]
}

/** The contract of `TurnProvider`, one case a sentence. */
export function turnContract(options: TurnContractOptions): ContractCase[] {
  const bench = createTurnBench(options)
  return [
    ...answers(bench),
    ...lentArrays(bench),
    ...endings(bench),
    ...(options.createFailing === undefined ? [] : faults(bench)),
    ...sharedCases(bench),
    bench.suite.last('closes', 'the provider closes, also twice'),
    bench.suite.leftBehind('stray-errors'),
  ]
}
