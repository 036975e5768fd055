import type {
  LlmEvent,
  LlmProvider,
  SttProvider,
  SttSession,
  ToolProvider,
  TtsProvider,
  VadProvider,
} from '../../src/index.ts'
import {
  llmContract,
  type LlmContractOptions,
  sttContract,
  toolContract,
  type ToolContractOptions,
  ttsContract,
  type TtsContractOptions,
} from '../../src/testing/index.ts'
import type { ContractCase } from '../../src/testing/index.ts'
import { wholeLlmOptions } from './llm-faults.ts'
import type { Breaks } from './promise-table.ts'

import { expectFailure } from './suite-failures.ts'
import { wholeTtsOptions } from './tts-faults.ts'
import { wholeSttOptions } from './whole-stt.ts'

/** Recognisers that know one session from another. */
export function breaksSttMemory(breaks: Breaks<'stt'>): void {
  const fails = (change: (provider: SttProvider) => SttProvider, caseName: string, message: RegExp) =>
    expectFailure(sttContract(wholeSttOptions(change)), caseName, message)
  const each =
    (change: (session: SttSession, index: number) => SttSession['events']) =>
    (provider: SttProvider): SttProvider => {
      let index = 0
      return {
        ...provider,
        async openSession(options) {
          const session = await provider.openSession(options)
          return { ...session, events: change(session, index++) }
        },
      }
    }
  const later = 'sessions one after the other'

  breaks('later', 'a recogniser that is deaf from its second session on', () =>
    fails(
      each(async function* (session, index) {
        for await (const event of session.events) if (index === 0) yield event
      }),
      later,
      /finals that match .*in session 3 of a provider; they say ""/,
    ),
  )
  breaks('later', 'a recogniser that is deaf from its fourth session on', () =>
    fails(
      each(async function* (session, index) {
        for await (const event of session.events) if (index < 3) yield event
      }),
      later,
      /in session 4 of a provider; they say ""/,
    ),
  )
  breaks('later', 'a session that begins with the words of the caller before', () => {
    let last: string | undefined
    return fails(
      each(async function* (session) {
        if (last !== undefined) yield { type: 'final', text: last }
        for await (const event of session.events) {
          if (event.type === 'final') last = event.text
          yield event
        }
      }),
      later,
      /no words in a session without audio; it says "weasels have eaten"/,
    )
  })
  const order = 'events are well formed'
  breaks('closing', 'closing told at once, in every session', () =>
    fails(
      each(async function* (session) {
        yield { type: 'closing', reason: 'soon' }
        yield* session.events
      }),
      order,
      /closing only of a session that is about to end/,
    ),
  )
  for (const [name, field, message] of [
    ['a language that is a number', { language: 42 }, /"language" of final is not a text/],
    [
      'alternatives that are no texts',
      { alternatives: [42, null] },
      /"alternatives" of final is not a list of texts/,
    ],
    ['a confidence that is a text', { confidence: '0.9' }, /"confidence" of final is not a number/],
    ['a confidence that JSON cannot hold', { confidence: 1n }, /"confidence" of final is not a number/],
  ] as const) {
    breaks('known-events', name, () =>
      fails(
        each(async function* (session) {
          for await (const event of session.events)
            yield event.type === 'final' ? ({ ...event, ...field } as never) : event
        }),
        order,
        message,
      ),
    )
  }
}

/** Voices that know one clause from another, and what they tell too late. */
export function breaksTtsMemory(breaks: Breaks<'tts'>, base: TtsContractOptions): void {
  type Speak = TtsProvider['speak']
  const fails = (change: (provider: TtsProvider) => TtsProvider, caseName: string, message: RegExp) =>
    expectFailure(ttsContract(wholeTtsOptions(base, change)), caseName, message)
  const withSpeech =
    (change: (speak: Speak, ...args: Parameters<Speak>) => AsyncIterable<Uint8Array>) =>
    (provider: TtsProvider): TtsProvider => ({
      ...provider,
      speak: (request, signal) => change(provider.speak, request, signal),
    })

  breaks('later', 'a voice that says its first clause again', () => {
    let first: string | undefined
    return fails(
      withSpeech((speak, request, signal) => speak({ ...request, text: (first ??= request.text) }, signal)),
      'each clause is spoken anew',
      /ms of mulaw\/8000 for 119 characters/,
    )
  })
  breaks('later', 'a language that is passed on for two clauses alone', () => {
    let clauses = 0
    return fails(
      withSpeech((speak, request, signal) => {
        const { language: _, ...others } = request
        return speak(clauses++ < 2 ? request : others, signal)
      }),
      'each clause is spoken anew',
      /the language de-DE to reach the far side/,
    )
  })
  breaks('lent', 'a chunk that is overwritten behind its reader', () =>
    fails(
      withSpeech(async function* (speak, request, signal) {
        for await (const chunk of speak(request, signal)) {
          const lent = new Uint8Array(chunk)
          setTimeout(() => lent.fill(0x55), 1)
          yield lent
        }
      }),
      'a chunk is left as it is',
      /it was overwritten/,
    ),
  )
  breaks('in-time', 'a bill behind the end', () =>
    fails(
      withSpeech(async function* (speak, request, signal) {
        yield* speak(request, signal)
        setTimeout(() => request.onUsage?.({ characters: 1000 }), 50)
      }),
      'nothing is told behind the end',
      /no usage behind the end of the audio; 1 came/,
    ),
  )
  breaks('voice-key', 'a voice with a new name each time', () =>
    fails(
      (provider) => Object.defineProperty({ ...provider }, 'voiceKey', { get: () => String(Math.random()) }),
      'the voice goes by one name',
      /one voiceKey/,
    ),
  )
  breaks('word-times', 'times that JSON cannot hold', () =>
    fails(
      withSpeech((speak, request, signal) => {
        request.onWord?.({ word: 'good', startMs: 1n as never })
        return speak(request, signal)
      }),
      'word times, where there are any',
      /one is a string at a bigint/,
    ),
  )
}

/** Models that know one call from another, and what they tell twice. */
export function breaksLlmMemory(breaks: Breaks<'llm'>, base: LlmContractOptions): void {
  const fails = (change: (provider: LlmProvider) => LlmProvider, caseName: string, message: RegExp) =>
    expectFailure(llmContract(wholeLlmOptions(base, change)), caseName, message)
  const eachEvent =
    (change: (event: LlmEvent) => readonly LlmEvent[]) =>
    (provider: LlmProvider): LlmProvider => ({
      ...provider,
      async *reply(request, signal) {
        for await (const event of provider.reply(request, signal)) yield* change(event)
      },
    })
  const tools = 'a tool is called'
  const wellFormed = 'every event is well formed'

  breaks('calls-apart', 'a model that tells what the caller before said', () => {
    let before = ''
    return fails(
      (provider) => ({
        ...provider,
        async *reply(request, signal) {
          const leak = before
          before = request.messages.at(-1)!.content
          if (leak !== '') yield { type: 'text', text: leak }
          yield* provider.reply(request, signal)
        },
      }),
      'an answer holds nothing of another call',
      /nothing of another call|an answer that matches/,
    )
  })
  breaks('usage-once', 'usage since the start, told with every piece', () =>
    fails(
      eachEvent((event) =>
        event.type === 'end'
          ? [1, 2, 3]
              .map((outputTokens): LlmEvent => ({ type: 'usage', inputTokens: 9, outputTokens }))
              .concat(event)
          : [event],
      ),
      'what is billed is told once',
      /usage since the last usage.*; \d of 4 tell again what the one before told/,
    ),
  )
  breaks('usage-once', 'usage told at the head and again at the end', () =>
    fails(
      eachEvent((event) => (event.type === 'usage' ? [{ ...event, outputTokens: 1 }, event] : [event])),
      'what is billed is told once',
      /1 of 2 tell again what the one before told/,
    ),
  )
  breaks('tools', 'two calls by one id', () =>
    fails(
      eachEvent((event) => (event.type === 'tool-call' ? [event, event] : [event])),
      tools,
      /an id for each tool call/,
    ),
  )
  breaks('tools', 'arguments that are a list', () =>
    fails(
      eachEvent((event) => (event.type === 'tool-call' ? [{ ...event, arguments: '[1]' }] : [event])),
      tools,
      /arguments that are a JSON object; they are "\[1\]"/,
    ),
  )
  const withOpaque = (opaque: unknown) =>
    eachEvent((event) => (event.type === 'end' ? [{ ...event, opaque } as never] : [event]))
  breaks('known-events', 'opaque data that is a text', () =>
    fails(withOpaque('signature'), wellFormed, /"opaque" of end is not an object/),
  )
  breaks('known-events', 'opaque data of megabytes', () =>
    fails(
      withOpaque({ thought: 'x'.repeat(2_000_000) }),
      wellFormed,
      /opaque data of at most 1000000 characters/,
    ),
  )
}

/** Tools that know one caller from another. */
export function breaksToolMemory(
  breaks: Breaks<'tool'>,
  options: (change: (shop: ToolProvider) => ToolProvider) => ToolContractOptions,
): void {
  const fails = (change: (shop: ToolProvider) => ToolProvider, caseName: string, message: RegExp) =>
    expectFailure(toolContract(options(change)), caseName, message)

  breaks('callers', 'tools that keep who calls in the plugin', () => {
    let caller = ''
    return fails(
      (shop) => ({
        ...shop,
        async run(name, args, context) {
          caller = context.params['from'] ?? ''
          const result = await shop.run(name, args, context)
          return `${JSON.stringify(result)} of ${caller}`
        },
      }),
      'each call is told what is its own',
      /it tells of another call at the same time/,
    )
  })
  breaks('same', 'a new list at every reading', () =>
    fails(
      (shop) => Object.defineProperty({ ...shop }, 'tools', { get: () => structuredClone(shop.tools) }),
      'the tools stay the same',
      /each reading gives another/,
    ),
  )
  breaks('offer', 'a lasting that is a text', () =>
    fails(
      (shop) => ({ ...shop, tools: shop.tools.map((tool) => ({ ...tool, lasting: 'no' as never })) }),
      'every tool can be offered',
      /"lasting" to be true, false or absent/,
    ),
  )
}

/** Detectors that tire. */
export function breaksVadMemory(
  breaks: Breaks<'vad'>,
  suiteOf: (change: (provider: VadProvider) => VadProvider) => readonly ContractCase[],
): void {
  type Rate = VadProvider['rate']
  const fails = (
    change: (rate: Rate, ...args: Parameters<Rate>) => void | Promise<void>,
    caseName: string,
    message: RegExp,
  ) =>
    expectFailure(
      suiteOf((provider) => ({
        ...provider,
        rate: (...args) => change(provider.rate.bind(provider), ...args),
      })),
      caseName,
      message,
    )
  const long = 'many streams are rated'

  breaks('long-run', 'a rating that is no number after a while', () => {
    let windows = 0
    return fails(
      async (rate, streams, samples, probabilities) => {
        await rate(streams, samples, probabilities)
        if (++windows > 100) probabilities.fill(Number.NaN)
      },
      long,
      /one is NaN/,
    )
  })
  breaks('long-run', 'a detector that takes no more than three streams at once', () =>
    fails(
      (rate, streams, samples, probabilities) => {
        if (streams.length > 3) throw new TypeError('the batch is full')
        return rate(streams, samples, probabilities)
      },
      long,
      /it threw TypeError: the batch is full/,
    ),
  )
  breaks('lent', 'a list of streams that is emptied', () =>
    fails(
      async (rate, streams, samples, probabilities) => {
        await rate(streams, samples, probabilities)
        ;(streams as unknown[]).length = 0
      },
      'silence stays below the threshold',
      /it threw TypeError: Cannot assign to read only property/,
    ),
  )
  for (const windowSamples of [0.5, 1e9]) {
    breaks('stated', `a window of ${windowSamples} samples`, () =>
      expectFailure(
        suiteOf((provider) => ({ ...provider, windowSamples })),
        'windows, rate and threshold',
        /a whole number of samples, at most a second of them/,
      ),
    )
  }
}
