import {
  ProviderError,
  type LlmProvider,
  type RealtimeProvider,
  type SttProvider,
  type ToolProvider,
  type TtsProvider,
  type VadProvider,
} from '../../src/index.ts'
import {
  sttContract,
  toolContract,
  vadContract,
  type ContractCase,
  type ToolContractOptions,
  type VadContractOptions,
} from '../../src/testing/index.ts'
import type { Breaks } from './promise-table.ts'
import { breaksSignals, NONE_LEFT } from './signal-faults.ts'
import { expectFailure } from './suite-failures.ts'
import { fails, wholeSttOptions } from './whole-stt.ts'
import { withSession } from './word-recogniser.ts'

const listensOnly = (signal: AbortSignal) => signal.addEventListener('abort', () => undefined)
const LISTENER = /no listener on the signal once .*1 are left, one put on at .*ending-faults/

const WAV_HEADER_BYTES = 44

const resets = () => new ProviderError('network', 'the connection was reset')

/** Recognisers that end badly what is aborted or left. */
export function breaksSttEndings(breaks: Breaks<'stt'>): void {
  breaks('abort-open', 'an abort that is told as a fault of the network', () =>
    fails(
      (provider) => ({
        ...provider,
        async openSession(options) {
          const session = await provider.openSession(options)
          return {
            ...session,
            events: (async function* () {
              yield* session.events
              if (options.signal.aborted) throw resets()
            })(),
          }
        },
      }),
      'an abort of an open session',
      /nothing or "cancelled" after an abort; it was "network"/,
    ),
  )
  breaks('abort-opening', 'an aborted opening that is told as a fault of the network', () =>
    fails(
      (provider) => ({
        ...provider,
        openSession: (options) =>
          provider.openSession(options).catch((error: unknown) => {
            throw options.signal.aborted ? resets() : error
          }),
      }),
      'abort while opening',
      /nothing or "cancelled" after an abort; it was "network"/,
    ),
  )
  breaks('recognize-abort', 'an aborted request that is told as a fault of the network', () =>
    fails(
      (provider) => ({
        ...provider,
        async recognize(audio, options) {
          const text = await provider.recognize!(audio, options)
          if (options.signal.aborted) throw resets()
          return text
        },
      }),
      'recognize, where there is one',
      /nothing or "cancelled" after an abort; it was "network"/,
    ),
  )
  breaks('left', 'events whose reader cannot leave', () =>
    fails(
      withSession((session) => ({
        events: {
          [Symbol.asyncIterator]: () => ({
            next: () => session.events[Symbol.asyncIterator]().next(),
            return: () => new Promise<never>(() => {}),
          }),
        },
      })),
      'a reader of the events may leave',
      /events.return to settle before its first event/,
    ),
  )
  breaks('spelling', 'a provider with a method that nobody calls', () =>
    fails(
      ({ recognize, ...provider }) => ({ ...provider, ...({ recognise: recognize } as object) }),
      'no field is misspelt',
      /the provider has "recognise", which stt does not know; did you mean "recognize"\?/,
    ),
  )
  breaks('signals', 'a listener that is left by each session', () =>
    fails(
      (provider) => ({
        ...provider,
        openSession(options) {
          listensOnly(options.signal)
          return provider.openSession(options)
        },
      }),
      NONE_LEFT,
      LISTENER,
    ),
  )
  breaks('stray-errors', 'a rejection that comes when its case is over', () => namesTheCase())
}

/** Another case runs by then, and is not to blame. */
async function namesTheCase(): Promise<void> {
  let isFirst = true
  const rejectsLate = (provider: SttProvider): SttProvider => ({
    ...provider,
    openSession(options) {
      if (isFirst) setTimeout(() => void Promise.reject(new Error('late')), 60)
      isFirst = false
      return provider.openSession(options)
    },
  })
  const cases = sttContract(wholeSttOptions(rejectsLate))
  const startingWith = (name: string) => cases.find((one) => one.name.startsWith(name))!
  const guilty = startingWith('a session whose events nobody reads')
  await guilty.run()
  await startingWith('close may be called twice').run()
  await startingWith('events that were not read').run()
  const named = new RegExp(`no stray error; the case "${guilty.name}" left one behind: .*Error: late`)
  await expectFailure(cases, 'no case has left an error behind', named)
}

type Speak = TtsProvider['speak']

export function breaksTtsEndings(
  breaks: Breaks<'tts'>,
  suiteOf: (change: (provider: TtsProvider) => TtsProvider) => readonly ContractCase[],
): void {
  const withSpeech =
    (change: (speak: Speak, ...args: Parameters<Speak>) => AsyncIterable<Uint8Array>) =>
    (provider: TtsProvider): TtsProvider => ({
      ...provider,
      speak: (request, signal) => change(provider.speak, request, signal),
    })
  breaks('signals', 'a listener that is left by each clause', () =>
    expectFailure(
      suiteOf(
        withSpeech((speak, request, signal) => {
          listensOnly(signal)
          return speak(request, signal)
        }),
      ),
      NONE_LEFT,
      LISTENER,
    ),
  )
  breaks('later', 'a voice that says a clause again that was as long', () => {
    const said = new Map<number, string>()
    return expectFailure(
      suiteOf(
        withSpeech((speak, request, signal) => {
          const { length } = request.text
          said.set(length, said.get(length) ?? request.text)
          return speak({ ...request, text: said.get(length)! }, signal)
        }),
      ),
      'another text of the same length',
      /it is the same audio/,
    )
  })
  breaks('reply', 'a reply that says its first clause again', () =>
    expectFailure(
      suiteOf((provider) => ({
        ...provider,
        async *speakReply(clauses, request, signal) {
          let first: string | undefined
          for await (const clause of clauses)
            for await (const chunk of provider.speak({ ...request, text: (first ??= clause) }, signal))
              if (chunk.byteLength !== WAV_HEADER_BYTES) yield chunk
        },
      })),
      'a reply, where that is offered, is spoken with each',
      /it is the first one again/,
    ),
  )
}

export function breaksLlmEndings(
  breaks: Breaks<'llm'>,
  suiteOf: (change: (provider: LlmProvider) => LlmProvider) => readonly ContractCase[],
): void {
  const listening = (listen: (signal: AbortSignal) => void) =>
    suiteOf((provider) => ({
      ...provider,
      reply(request, signal) {
        listen(signal)
        return provider.reply(request, signal)
      },
    }))
  breaks('signals', 'a listener that is left by each reply', () =>
    expectFailure(listening(listensOnly), NONE_LEFT, LISTENER),
  )
  breaksSignals(breaks, listening)
}

export function breaksRealtimeEndings(
  breaks: Breaks<'realtime'>,
  suiteOf: (change: (provider: RealtimeProvider) => RealtimeProvider) => readonly ContractCase[],
): void {
  breaks('signals', 'a listener that is left by each session', () =>
    expectFailure(
      suiteOf((provider) => ({
        ...provider,
        openSession(options) {
          listensOnly(options.signal)
          return provider.openSession(options)
        },
      })),
      NONE_LEFT,
      LISTENER,
    ),
  )
  breaks('spelling', 'a session with a method that nobody calls', () =>
    expectFailure(
      suiteOf((provider) => ({
        ...provider,
        async openSession(options) {
          const { enter, ...session } = await provider.openSession(options)
          return { ...session, ...({ enterKeys: enter } as object) }
        },
      })),
      'no field is misspelt',
      /a session has "enterKeys", which no realtime session has; did you mean "enter"\?/,
    ),
  )
  breaks('left', 'events whose reader cannot leave', () =>
    expectFailure(
      suiteOf((provider) => ({
        ...provider,
        async openSession(options) {
          const session = await provider.openSession(options)
          const events = session.events[Symbol.asyncIterator]()
          const iterator = { next: () => events.next(), return: () => new Promise<never>(() => {}) }
          return { ...session, events: { [Symbol.asyncIterator]: () => iterator } }
        },
      })),
      'a reader of the events may leave',
      /events.return to settle/,
    ),
  )
}

/** Tools that act though nobody wants them to. */
export function breaksToolEndings(
  breaks: Breaks<'tool'>,
  options: (change: (shop: ToolProvider) => ToolProvider) => ToolContractOptions,
): void {
  breaks('acts-no-more', 'a booking that is made though it was aborted', () => {
    let carriedOut = 0
    const books = (shop: ToolProvider): ToolProvider => ({
      ...shop,
      async run(name, args, context) {
        setTimeout(() => carriedOut++, 5)
        return shop.run(name, args, context)
      },
    })
    return expectFailure(
      toolContract({ ...options(books), carriedOut: () => carriedOut }),
      'a use whose signal had aborted',
      /no use to be carried out whose signal had aborted; 2 were/,
    )
  })
  breaks('acts-no-more', 'a booking that goes on behind the abort that it tells', () => {
    let carriedOut = 0
    const books = (shop: ToolProvider): ToolProvider => ({
      ...shop,
      async run(name, args, context) {
        if (!context.signal.aborted) setTimeout(() => carriedOut++, 5)
        return shop.run(name, args, context)
      },
    })
    return expectFailure(
      toolContract({ ...options(books), carriedOut: () => carriedOut }),
      'a use whose signal aborts at once',
      /no use to be carried out whose signal aborts before its work has begun; 1 were/,
    )
  })
  breaks('signals', 'a listener that is left by each use', () =>
    expectFailure(
      toolContract(
        options((shop) => ({
          ...shop,
          run(name, args, context) {
            listensOnly(context.signal)
            return shop.run(name, args, context)
          },
        })),
      ),
      NONE_LEFT,
      LISTENER,
    ),
  )
}

/** Detectors that fail badly. */
export function breaksVadEndings(breaks: Breaks<'vad'>, base: VadContractOptions): void {
  const rejecting = (error: Error): VadContractOptions => ({
    ...base,
    async createFailing(context) {
      return { ...(await base.create(context)), rate: () => Promise.reject(error) }
    },
    failingClass: 'bad-data',
  })
  breaks('fault', 'a fault that is a plain error', () =>
    expectFailure(
      vadContract(rejecting(new RangeError('the model is short'))),
      'a fault is a ProviderError',
      /it was RangeError: the model is short/,
    ),
  )
  breaks('fault', 'a detector that rates though it cannot', () =>
    expectFailure(
      vadContract({ ...base, createFailing: base.create.bind(base) }),
      'a fault is a ProviderError',
      /the first window to be refused; it was rated/,
    ),
  )
  breaks('fault-class', 'a broken model that is told as a network fault', () =>
    expectFailure(
      vadContract(rejecting(resets())),
      'a fault is of the class',
      /a fault of class "bad-data"; it is "network"/,
    ),
  )
  const closedThen = (rate: VadProvider['rate']): VadContractOptions => ({
    ...base,
    async create(context) {
      const provider = await base.create(context)
      let isClosed = false
      return {
        ...provider,
        rate: (...given) => (isClosed ? rate(...given) : provider.rate(...given)),
        async close() {
          isClosed = true
          await provider.close()
        },
      }
    },
  })
  breaks('closes', 'a detector that hangs once it is closed', () =>
    expectFailure(
      vadContract(closedThen(() => new Promise(() => undefined))),
      'a window that comes after the close',
      /rate to settle/,
    ),
  )
  breaks('fault', 'a detector that breaks once it is closed', () =>
    expectFailure(
      vadContract(closedThen(() => Promise.reject(new TypeError('worker is null')))),
      'a window that comes after the close',
      /it was TypeError: worker is null/,
    ),
  )
}
