import { afterEach, describe } from 'vitest'
import { ProviderError, type TurnProvider, type TurnQuestion } from '../../src/index.ts'
import { createFakeTurn, turnContract, type TurnContractOptions } from '../../src/testing/index.ts'
import { breaksHost, breaksWords, SECRET } from './host-faults.ts'
import { type Breaks, createPromiseTable } from './promise-table.ts'
import { expectFailure, passesAll, PATIENT, QUICK } from './suite-failures.ts'

const never = () => new Promise<never>(() => {})
const leaks: NodeJS.Timeout[] = []
afterEach(() => leaks.splice(0).forEach((timer) => clearInterval(timer)))

type Change = (provider: TurnProvider) => TurnProvider
type Judge = TurnProvider['judge']

/** By its sound alone: the fake takes a longer sound for one that is rather done. */
const SOUNDS: Pick<TurnContractOptions, 'done' | 'goesOn'> = {
  done: ({ sampleRateHz }) => ({ audio: new Int16Array(7 * sampleRateHz).fill(500) }),
  goesOn: ({ sampleRateHz }) => ({ audio: new Int16Array(sampleRateHz).fill(500) }),
}
const WORDS: Pick<TurnContractOptions, 'done' | 'goesOn'> = {
  done: () => ({ text: 'I would like a table.' }),
  goesOn: () => ({ text: 'I would like a' }),
}

function options(change: Change = (provider) => provider, asynchronous = true): TurnContractOptions {
  return { ...QUICK, ...SOUNDS, create: () => change(createFakeTurn({ asynchronous }).provider) }
}

const fails = (change: Change, caseName: string, message: RegExp) =>
  expectFailure(turnContract(options(change)), caseName, message)

/** A detector whose `judge` is another one. */
const judging =
  (judge: (inner: TurnProvider, ...asked: Parameters<Judge>) => ReturnType<Judge>): Change =>
  (provider) => ({
    ...provider,
    judge: (questions, probabilities) => judge(provider, questions, probabilities),
  })

/** A detector whose answers are changed once they are there. */
const answering = (change: (probability: number, place: number, question: TurnQuestion) => number) =>
  judging(async (provider, questions, probabilities) => {
    await provider.judge(questions, probabilities)
    questions.forEach((question, place) => {
      probabilities[place] = change(probabilities[place]!, place, question)
    })
  })

const { breaks, hasNoHole } = createPromiseTable('turn')

describe('the turn suite passes on a good detector', () => {
  passesAll(turnContract({ ...options(), ...PATIENT }))
})

describe('the turn suite passes on a detector of words that does its work at once', () => {
  const create = () => {
    const { provider } = createFakeTurn({ windowMs: 0 })
    return { ...provider, judge: (...asked: Parameters<Judge>) => provider.judge(...asked) }
  }
  passesAll(turnContract({ ...PATIENT, ...WORDS, create, isolated: false }))
})

describe('the turn suite passes on a detector that cannot be loaded', () => {
  const fault = async () => {
    throw new ProviderError('bad-request', 'there is no model')
  }
  const createFailing = () => ({ ...createFakeTurn().provider, warm: fault, judge: fault })
  passesAll(turnContract({ ...options(), ...PATIENT, createFailing }))
})

const STATED = 'rate, window and threshold'

/** Options of the suite with every way to make a provider. */
const WHOLE: TurnContractOptions = {
  ...options(),
  ...WORDS,
  create: () => createFakeTurn({ windowMs: 0 }).provider,
  createFailing: () => failing(new ProviderError('bad-request', 'there is no model')),
  failingClass: 'bad-request',
  secrets: [SECRET],
}

function failing(error: Error): TurnProvider {
  const fault = () => Promise.reject(error)
  return { ...createFakeTurn().provider, warm: fault, judge: fault }
}

/** Faults that a provider of any kind may have. */
function breaksTurn(breaks: Breaks<'turn'>): void {
  const suiteFailing = (error: Error) => turnContract({ ...WHOLE, createFailing: () => failing(error) })
  breaks('fault-class', 'a missing file that is told as a network fault', () =>
    expectFailure(
      suiteFailing(new ProviderError('network', 'ENOENT')),
      'a fault is of the class',
      /a fault of class "bad-request"; it is "network": ENOENT/,
    ),
  )
  breaks('secrets', 'a key in an error', () =>
    expectFailure(
      suiteFailing(new ProviderError('bad-request', SECRET)),
      'no secret is in an error',
      /no secret in an error/,
    ),
  )
  const suiteOf: Parameters<typeof breaksHost>[1] = (atCreate) =>
    turnContract({
      ...WHOLE,
      create(context) {
        atCreate(context)
        return createFakeTurn({ windowMs: 0 }).provider
      },
    })
  breaksHost(breaks, suiteOf)
  breaksWords(breaks, suiteOf, 'I would like a table.')
}

describe('the turn suite notices', () => {
  breaks('stated', 'a threshold that cannot be', () =>
    fails((provider) => ({ ...provider, threshold: 50 }), STATED, /a threshold between 0 and 1; it is 50/),
  )
  breaks('stated', 'a window of half a millisecond', () =>
    fails((provider) => ({ ...provider, windowMs: 0.5 }), STATED, /whole milliseconds.*it is 0.5/),
  )
  breaks('stated', 'a rate of no telephone', () =>
    fails(
      (provider) => ({ ...provider, sampleRateHz: 44_100 as 8000 }),
      STATED,
      /8000 or 16000 Hz; it is 44100/,
    ),
  )

  breaks('warm', 'a detector that warms up once only', () =>
    fails(
      (provider) => {
        let warmed = 0
        return {
          ...provider,
          async warm() {
            if (warmed++ > 0) throw new Error('already loaded')
          },
        }
      },
      'it warms up',
      /already loaded/,
    ),
  )

  breaks('answers', 'answers outside 0 to 1', () =>
    fails(
      answering((probability) => probability * 100),
      'every question gets a probability',
      /probabilities from 0 to 1; one is/,
    ),
  )

  breaks('answers', 'answers that are not written', () =>
    fails(
      judging(() => {}),
      'every question gets a probability',
      /one is NaN/,
    ),
  )

  breaks('answers', 'a detector that stumbles over a caller without a sound', () =>
    fails(
      judging((provider, questions, probabilities) => {
        if (questions.some(({ audio }) => audio.length === 0)) throw new RangeError('no frames')
        return provider.judge(questions, probabilities)
      }),
      'every question gets a probability',
      /RangeError: no frames/,
    ),
  )

  breaks('judges', 'a detector for which all are done', () =>
    fails(
      answering(() => 1),
      'who is done reaches',
      /less than 0.5 for one who goes on; it is 1/,
    ),
  )

  breaks('judges', 'a detector for which nobody is', () =>
    fails(
      answering(() => 0),
      'who is done reaches',
      /at least 0.5 for one who is done; it is 0/,
    ),
  )

  breaks('memoryless', 'a detector that remembers the question before', () => {
    let before = 0
    const remembering = answering((probability) => {
      const mixed = 0.9 * probability + 0.1 * before
      before = probability
      return mixed
    })
    return fails(remembering, 'an answer knows nothing', /the same question to be answered/)
  })

  breaks('batch', 'answers in the order in which they were ready', () =>
    fails(
      judging(async (provider, questions, probabilities) => {
        await provider.judge(questions, probabilities)
        probabilities.subarray(0, questions.length).sort()
      }),
      'a batch answers each question',
      /question 1 of a batch of 3 to be answered/,
    ),
  )

  breaks('batch', 'answers that a batch makes others', () =>
    fails(
      judging(async (provider, questions, probabilities) => {
        await provider.judge(questions, probabilities)
        questions.forEach((_, place) => (probabilities[place]! /= Math.sqrt(questions.length)))
      }),
      'a batch answers each question',
      /question 0 of a batch of 3 to be answered/,
    ),
  )

  breaks('lent', 'questions that are read after judge has settled', () =>
    fails(
      judging((provider, questions, probabilities) => {
        setImmediate(() => void Promise.resolve(provider.judge(questions, probabilities)).catch(() => {}))
      }),
      'the lent arrays',
      /a probability to be written; nothing was/,
    ),
  )

  breaks('lent', 'sound that is changed', () =>
    fails(
      judging(async (provider, questions, probabilities) => {
        await provider.judge(questions, probabilities)
        for (const { audio } of questions) audio.fill(0)
      }),
      'the lent arrays',
      /the sound to stay as it was/,
    ),
  )

  breaks('lent', 'an answer written after judge has settled', () =>
    fails(
      judging((provider, questions, probabilities) => {
        setTimeout(() => probabilities.fill(0.5), 5)
        return provider.judge(questions, probabilities)
      }),
      'the lent arrays',
      /nothing to be written after judge has settled; it became 0.5/,
    ),
  )

  breaks('places', 'places written that nobody asked for', () =>
    fails(
      judging(async (provider, questions, probabilities) => {
        probabilities.fill(0)
        await provider.judge(questions, probabilities)
      }),
      'places beyond the questions',
      /one place to be written for one question/,
    ),
  )

  breaks('lent', 'a detector that knows a sound by its memory', () => {
    const known = new Map<ArrayBufferLike, number>()
    const keeping = answering((probability, _place, { audio }) => {
      const answer = known.get(audio.buffer) ?? probability
      known.set(audio.buffer, answer)
      return answer
    })
    return fails(keeping, 'an array that comes again', /a question in the memory of another/)
  })

  breaks('empty-batch', 'an empty batch that throws', () =>
    fails(
      judging((provider, questions, probabilities) => {
        if (questions.length === 0) throw new RangeError('batch of 0')
        return provider.judge(questions, probabilities)
      }),
      'a batch without questions',
      /RangeError: batch of 0/,
    ),
  )

  breaks('closes', 'a judgement that close leaves hanging', () =>
    fails(
      judging(never),
      'close settles the judgement',
      /the judgement to settle after the close within 250 ms/,
    ),
  )

  breaks('fault', 'a judgement cut off with an error of its own', () =>
    fails(
      judging(() => Promise.reject(new Error('worker gone'))),
      'close settles the judgement',
      /a judgement cut off by close to reject with a ProviderError; it was Error: worker gone/,
    ),
  )

  breaks('refuses', 'a detector that answers after it was closed', () =>
    fails(
      judging((_provider, _questions, probabilities) => void probabilities.fill(0.5)),
      'a question after the close',
      /judge to reject after the close; it resolved/,
    ),
  )

  breaks('stray-errors', 'a rejection that nobody handles', () =>
    fails(
      judging((provider, questions, probabilities) => {
        void Promise.reject(new Error('worker died'))
        return provider.judge(questions, probabilities)
      }),
      'a batch without questions',
      /nobody handled it: Error: worker died/,
    ),
  )

  breaks('nothing-left', 'a timer left open', () =>
    fails(
      judging((provider, questions, probabilities) => {
        leaks.push(setInterval(() => {}, 1000))
        return provider.judge(questions, probabilities)
      }),
      'nothing is left open',
      /still open: 2 Timeout/,
    ),
  )

  breaks('fault', 'a fault that is told once only', () => {
    let told = false
    const createFailing = () => ({
      ...createFakeTurn().provider,
      async judge() {
        if (told) return
        told = true
        throw new ProviderError('bad-request', 'there is no model')
      },
    })
    const cases = turnContract({ ...options(), createFailing })
    return expectFailure(cases, 'a fault is a ProviderError', /judge to reject the second time; it resolved/)
  })

  breaks('closes', 'a provider that does not close', () =>
    fails((provider) => ({ ...provider, close: never }), 'the provider closes', /provider.close to resolve/),
  )

  breaksTurn(breaks)
})

describe('the turn suite', () => hasNoHole(turnContract(WHOLE)))
