import { setTimeout as sleep } from 'node:timers/promises'
import { ProviderError, type SttEvent, type SttProvider, type SttSession } from '../../src/index.ts'
import {
  createFakeStt,
  createRealClock,
  sttContract,
  type SttContractOptions,
} from '../../src/testing/index.ts'
import { breaksHost, breaksWords, SECRET } from './host-faults.ts'
import type { Breaks } from './promise-table.ts'
import { expectFailure } from './suite-failures.ts'
import { hearWords, sttOptions, withSession } from './word-recogniser.ts'

type Change = (provider: SttProvider) => SttProvider

const clock = createRealClock()
const same: Change = (provider) => provider

/** A recogniser whose far end breaks the connection in the middle. */
const cut = () =>
  createFakeStt({ clock, diesAtMs: 400, error: new ProviderError('network', 'the connection broke') })
    .provider

/** Options of the suite with every way to make a provider, `change` done to each. */
export function wholeSttOptions(change: Change = same): SttContractOptions {
  const base = sttOptions(change)
  let received: { hints: readonly string[]; language?: string } = { hints: [] }
  const listening =
    (inner: SttProvider): SttProvider['openSession'] =>
    (options) => {
      received = { hints: options.hints, ...(options.language && { language: options.language }) }
      return inner.openSession(options)
    }
  return {
    ...base,
    create(context) {
      const provider = base.create(context) as SttProvider
      return { ...provider, openSession: listening(provider) }
    },
    createStalled: (_context, place) =>
      change(
        createFakeStt({
          clock,
          ...(place === 'at-once' && { opening: { afterMs: Number.POSITIVE_INFINITY } }),
          finishMs: 1e9,
        }).provider,
      ),
    createCut: () => change(cut()),
    failingClass: 'auth',
    secrets: [SECRET],
    receivedOptions: () => received,
  }
}

/** The session's events, each changed. */
const eachEvent = (change: (event: SttEvent) => readonly SttEvent[]) =>
  withSession((session) => ({
    events: (async function* () {
      for await (const event of session.events) yield* change(event)
    })(),
  }))

const behindFinal = (...more: readonly SttEvent[]) =>
  eachEvent((event) => (event.type === 'final' ? [event, ...more] : [event]))

const fails = (change: Change, caseName: string, message: RegExp) =>
  expectFailure(sttContract(wholeSttOptions(change)), caseName, message)

const order = 'events are well formed, in order'

/** Faults of what is told. */
function breaksEvents(breaks: Breaks<'stt'>): void {
  const final = { type: 'final', text: 'weasels have eaten' } as const
  breaks('final-once', 'every final twice', () =>
    fails(
      eachEvent((event) => (event.type === 'final' ? [event, event] : [event])),
      'each segment is told once',
      /"weasels have eaten" came again/,
    ),
  )
  breaks('final-once', 'a final that holds the ones before it', () =>
    fails(
      behindFinal({ ...final, text: 'weasels have eaten again' }),
      'each segment is told once',
      /came again/,
    ),
  )
  breaks('partial-whole', 'partials that are what is new', () =>
    fails(
      eachEvent((event) => {
        if (event.type !== 'final') return [event]
        return [...event.text.split(' ').map((text) => ({ type: 'partial', text }) as const), event]
      }),
      'a partial is the whole text',
      /the last was "eaten", the final "weasels have eaten"/,
    ),
  )
  breaks('partial-whole', 'a partial that is the newest word alone', () =>
    fails(
      eachEvent((event) => (event.type === 'final' ? [{ type: 'partial', text: 'eaten' }, event] : [event])),
      'a partial is the whole text',
      /the last was "eaten", the final/,
    ),
  )
  breaks('offsets', 'ends in seconds', () =>
    fails(
      eachEvent((event) =>
        event.type === 'final' ? [{ ...event, endMs: (event.endMs ?? 0) / 1000 }] : [event],
      ),
      'offsets are milliseconds',
      /the last word to end near 750 ms; it ends at 0\.8/,
    ),
  )
  breaks('known-events', 'an event of an unknown type', () =>
    fails(behindFinal({ type: 'eos' } as never), order, /events of known types/),
  )
  breaks('known-events', 'confidence in per cent', () =>
    fails(
      eachEvent((event) => (event.type === 'final' ? [{ ...event, confidence: 93 }] : [event])),
      order,
      /from 0 to 1; one is .*93/,
    ),
  )
  breaks('word-times', 'words that lack one', () =>
    fails(withWords([['weasels', 50]]), order, /all words of "weasels have eaten"/),
  )
  breaks('word-times', 'words whose times fall', () =>
    fails(
      withWords([
        ['weasels', 500],
        ['have', 300],
        ['eaten', 400],
      ]),
      order,
      /words in order, within the audio; "have" is from 300/,
    ),
  )
  breaks('alternatives', 'the text among its alternatives', () =>
    fails(
      eachEvent((event) => (event.type === 'final' ? [{ ...event, alternatives: [event.text] }] : [event])),
      order,
      /alternatives that are others than the text/,
    ),
  )
  breaks('usage', 'a bill for more than was written', () =>
    fails(
      behindFinal({ type: 'usage', audioMs: 750 }, { type: 'usage', audioMs: 2000 }),
      order,
      /it comes to 2750 ms/,
    ),
  )
  breaks('partials', 'partials where it says that it has none', () =>
    fails((provider) => ({ ...provider, partials: false }), 'ends of turns and partials', /no partial where/),
  )
}

const withWords = (words: readonly (readonly [word: string, startMs: number])[]) =>
  eachEvent((event) =>
    event.type === 'final'
      ? [{ ...event, words: words.map(([word, startMs]) => ({ word, startMs, endMs: startMs + 50 })) }]
      : [event],
  )

/** Faults of the recogniser's own judgement of turns. */
function breaksTurns(breaks: Breaks<'stt'>): void {
  const detects =
    (change: Change): Change =>
    (provider) => ({ ...change(provider), detectsTurns: true })
  breaks('turn-events', 'the end of a turn before any word', () =>
    fails(
      detects(eachEvent((event) => [{ type: 'turn-ended', probability: 0.5 }, event])),
      order,
      /turn-ended behind the words/,
    ),
  )
  breaks('turn-events', 'a sure end of a turn before its final', () =>
    fails(
      detects(eachEvent((event) => (event.type === 'partial' ? [event, { type: 'turn-ended' }] : [event]))),
      order,
      /behind the final; it came behind a partial/,
    ),
  )
  breaks('turn-events', 'a turn that is taken back though nobody ended it', () =>
    fails(detects(behindFinal({ type: 'turn-resumed' })), order, /it came without one/),
  )
  breaks('turn-events', 'a sure end that is taken back', () =>
    fails(
      detects(behindFinal({ type: 'turn-ended' }, { type: 'turn-resumed' })),
      order,
      /took back a sure one/,
    ),
  )
  breaks('turn-detection', 'ends of turns that it never tells', () =>
    fails(detects(same), 'ends of turns and partials', /turn-ended, since detectsTurns says so; none came/),
  )
  breaks('turn-detection', 'ends of turns that nobody expects', () =>
    fails(behindFinal({ type: 'turn-ended' }), 'ends of turns and partials', /no turn-ended where/),
  )
}

/** Faults of the end that the far side tells. */
function breaksFinish(breaks: Breaks<'stt'>): void {
  const byTheFarSide = 'the far side ends a session'
  breaks('finish-ends', 'an end that comes by a deadline', () => {
    const options = wholeSttOptions()
    const counting: SttContractOptions = {
      ...options,
      create(context) {
        const end = () => context.metrics.count('acme_stt_finish_timeouts_total')
        const provider = options.create(context) as SttProvider
        return withSession((session) => ({ finish: () => (end(), session.finish()) }))(provider)
      },
    }
    return expectFailure(sttContract(counting), byTheFarSide, /_finish_timeouts_total has counted 1/)
  })
  breaks('finish-ends', 'an end that comes late', () =>
    expectFailure(
      sttContract({
        ...wholeSttOptions(
          withSession((session) => ({ finish: () => void setTimeout(session.finish, 600) })),
        ),
        stepTimeoutMs: 5000,
      }),
      byTheFarSide,
      /events to end soon after finish, as the far side answers at once, within 250 ms/,
    ),
  )
}

/** Faults that show when the far end is silent or breaks off. */
function breaksFarEnds(breaks: Breaks<'stt'>): void {
  breaks('stalled', 'an abort of the opening that waits for the far end', () =>
    fails(
      (provider) => ({
        ...provider,
        openSession: (options) => provider.openSession({ ...options, signal: new AbortController().signal }),
      }),
      'an abort needs no answer',
      /openSession to settle after an abort/,
    ),
  )
  breaks('stalled', 'a close that waits for the last final', () =>
    fails(
      withSession((session) => {
        let ended = false
        return {
          events: (async function* () {
            yield* session.events
            ended = true
          })(),
          async close() {
            while (!ended) await sleep(5)
            return session.close()
          },
        }
      }),
      'close needs no answer',
      /close to resolve/,
    ),
  )
  breaks('cut', 'a session that ends quietly when it is cut', () =>
    fails(withSession(endsQuietly), 'a session that is cut', /a throw when a session is cut/),
  )
  breaks('abort-open', 'an abort that is told as an error of its own', () =>
    fails(
      (provider) => ({
        ...provider,
        async openSession(options) {
          const session = await provider.openSession(options)
          const aborted = new Promise<never>((_resolve, reject) =>
            options.signal.addEventListener('abort', () => reject(new TypeError('terminated'))),
          )
          aborted.catch(() => undefined)
          return {
            ...session,
            events: { [Symbol.asyncIterator]: () => ({ next: () => aborted }) },
            finish: () => {},
          }
        },
      }),
      'an abort of an open session',
      /it was TypeError: terminated/,
    ),
  )
}

function endsQuietly(session: SttSession): Partial<SttSession> {
  return {
    events: (async function* () {
      try {
        yield* session.events
      } catch {
        // What a recogniser does that takes a closed socket for the end.
      }
    })(),
  }
}

/** Faults of what is passed on, and of what a fault is called. */
function breaksTelling(breaks: Breaks<'stt'>): void {
  const opening = (
    change: (options: Parameters<SttProvider['openSession']>[0]) => object,
  ): SttContractOptions => {
    const options = wholeSttOptions()
    return {
      ...options,
      create(context) {
        const provider = options.create(context) as SttProvider
        return { ...provider, openSession: (given) => provider.openSession({ ...given, ...change(given) }) }
      },
    }
  }
  breaks('hints', 'hints that are ignored', () =>
    expectFailure(
      sttContract(opening(() => ({ hints: [] }))),
      'the phrases that are expected',
      /did not: Quillfeather/,
    ),
  )
  breaks('language', 'a language that is ignored', () =>
    expectFailure(
      sttContract(opening(() => ({ language: 'en-US' }))),
      'the language of the session',
      /the language de-DE to reach the far side; it got "en-US"/,
    ),
  )
  breaks('hints', 'hints that are not there at all', () =>
    expectFailure(
      sttContract({ ...wholeSttOptions(), receivedOptions: () => ({ hints: undefined }) }),
      'the phrases that are expected',
      /did not: Quillfeather, zebra crossing/,
    ),
  )
  breaks('language', 'a language that is not there at all', () =>
    expectFailure(
      sttContract({ ...wholeSttOptions(), receivedOptions: () => ({ language: undefined }) }),
      'the language of the session',
      /the language de-DE to reach the far side; it got none/,
    ),
  )
  breaks('silence', 'zero bytes as silence', () => {
    const options = wholeSttOptions()
    const padded = {
      ...options,
      received: async () => Buffer.concat([await options.received!(), Buffer.alloc(160)]),
    }
    return expectFailure(
      sttContract(padded),
      'silence that is added',
      /silence in mulaw to be 0xff; what the far side/,
    )
  })
  breaks('recognize', 'a recognize that hears nothing', () =>
    fails(
      (provider) => ({ ...provider, recognize: async () => '' }),
      'recognize, where there is one',
      /it gave ""/,
    ),
  )
  const failing = (error: Error): SttContractOptions => ({
    ...wholeSttOptions(),
    createFailing: () => createFakeStt({ clock, opening: { error }, recognize: hearWords }).provider,
  })
  breaks('fault-class', 'a refused key that is told as a network fault', () =>
    expectFailure(
      sttContract(failing(new ProviderError('network', 'HTTP 401'))),
      'a fault is of the class',
      /a fault of class "auth"; it is "network": HTTP 401/,
    ),
  )
  breaks('secrets', 'a key in an error', () =>
    expectFailure(
      sttContract(failing(new ProviderError('auth', 'refused', { details: { key: SECRET } }))),
      'no secret is in an error',
      /no secret in an error/,
    ),
  )
}

export function breaksStt(breaks: Breaks<'stt'>): void {
  breaksEvents(breaks)
  breaksTurns(breaks)
  breaksFinish(breaks)
  breaksFarEnds(breaks)
  breaksTelling(breaks)
  const suiteOf: Parameters<typeof breaksHost>[1] = (atCreate) => {
    const options = wholeSttOptions()
    return sttContract({
      ...options,
      create(context) {
        atCreate(context)
        return options.create(context)
      },
    })
  }
  breaksHost(breaks, suiteOf)
  breaksWords(breaks, suiteOf, 'weasels have eaten')
}
