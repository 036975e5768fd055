import { afterEach, describe } from 'vitest'
import { MULAW_8K, ProviderError, type AudioFormat, type TtsProvider } from '../../src/index.ts'
import {
  createFakeTts,
  createRealClock,
  fakeWavHeader,
  ttsContract,
  type TtsContractOptions,
} from '../../src/testing/index.ts'
import { breaksTts, wholeTtsOptions } from './tts-faults.ts'
import { breaksTtsEndings } from './ending-faults.ts'
import { breaksTtsMemory } from './memory-faults.ts'
import { createPromiseTable } from './promise-table.ts'
import { breaksTtsReplies, toned } from './reply-faults.ts'
import { speakingReplies } from './speaking-replies.ts'
import { expectFailure, passesAll, PATIENT, QUICK } from './suite-failures.ts'

const clock = createRealClock()
const never = () => new Promise<never>(() => {})
const leaks: NodeJS.Timeout[] = []
afterEach(() => leaks.splice(0).forEach((timer) => clearInterval(timer)))

const PCM_24K: AudioFormat = { encoding: 'linear16', sampleRateHz: 24_000 }

/** A voice that keeps the whole contract, in odd chunks. */
function createVoice(chunkEveryMs?: number): TtsProvider {
  const { provider } = createFakeTts({
    clock,
    produces: [MULAW_8K, PCM_24K, { encoding: 'alaw', sampleRateHz: 8000 }],
    voiceKey: 'fake',
    firstAudioMs: 1,
    chunkBytes: [1001, 4096, 333],
    wavHeader: true,
    words: true,
    ...(chunkEveryMs !== undefined && { chunkEveryMs }),
  })
  return speakingReplies(provider)
}

function options(
  change: (provider: TtsProvider) => TtsProvider = (provider) => provider,
): TtsContractOptions {
  return {
    ...QUICK,
    create: () => change(createVoice()),
    createFailing: () =>
      change(createFakeTts({ clock, error: new ProviderError('quota', 'too many requests') }).provider),
  }
}

type Speak = TtsProvider['speak']

/** The same provider whose speech is changed. */
const withSpeech =
  (change: (speak: Speak, ...args: Parameters<Speak>) => AsyncIterable<Uint8Array>) =>
  (provider: TtsProvider): TtsProvider => ({
    ...provider,
    speak: (request, signal) => change(provider.speak, request, signal),
  })

const eachChunk = (change: (chunk: Uint8Array, format: AudioFormat) => Uint8Array | undefined) =>
  withSpeech(async function* (speak, request, signal) {
    for await (const chunk of speak(request, signal)) {
      const changed = change(chunk, request.format)
      if (changed !== undefined) yield changed
    }
  })

const fails = (change: (provider: TtsProvider) => TtsProvider, caseName: string, message: RegExp) =>
  expectFailure(ttsContract(options(change)), caseName, message)

const everyFormat = 'speech in every format'

const { breaks, hasNoHole } = createPromiseTable('tts')

describe('the tts suite passes on a good voice', () => {
  passesAll(ttsContract({ ...wholeTtsOptions(options()), ...PATIENT }))
})

describe('the tts suite passes when cases share one voice', () => {
  passesAll(ttsContract({ ...options(), ...PATIENT, isolated: false }))
})

describe('the tts suite passes on a tone that is said to be one', () => {
  const cases = ttsContract({ ...options(toned), ...PATIENT, soundFollowsText: false })
  passesAll(cases.filter(({ proves }) => proves.includes('tts.later') || proves.includes('tts.reply')))
})

describe('the tts suite notices', () => {
  breaks('formats', 'a voice that produces no format', () =>
    fails((provider) => ({ ...provider, produces: [] }), everyFormat, /produces to list a format/),
  )

  breaks('formats', 'no audio', () =>
    fails(
      eachChunk(() => undefined),
      everyFormat,
      /ms of mulaw\/8000 for 39 characters; it plays 0 ms/,
    ),
  )

  breaks('formats', 'silence', () =>
    fails(
      eachChunk((chunk, format) => new Uint8Array(chunk).fill(format.encoding === 'linear16' ? 0 : 0xff)),
      everyFormat,
      /sound in mulaw\/8000; only 0 %/,
    ),
  )

  breaks('formats', 'silence in alaw', () =>
    fails(
      eachChunk((chunk, format) => (format.encoding === 'alaw' ? new Uint8Array(chunk).fill(0xd5) : chunk)),
      everyFormat,
      /sound in alaw\/8000; only 0 %/,
    ),
  )

  breaks('formats', 'audio of another rate than the one asked for', () =>
    fails(
      withSpeech((speak, request, signal) => speak({ ...request, format: PCM_24K }, signal)),
      everyFormat,
      /ms of mulaw\/8000/,
    ),
  )

  breaks('formats', 'half a sample at the end', () =>
    fails(
      withSpeech(async function* (speak, request, signal) {
        yield* speak(request, signal)
        yield new Uint8Array(1)
      }),
      everyFormat,
      /whole samples in all; linear16\/24000 ends in the middle/,
    ),
  )

  breaks('header', 'a WAV header in every chunk', () =>
    fails(
      withSpeech(async function* (speak, request, signal) {
        for await (const chunk of speak(request, signal))
          yield Buffer.concat([fakeWavHeader(request.format), chunk])
      }),
      everyFormat,
      /a WAV header at the start or none/,
    ),
  )

  breaks('whole', 'a long text cut short', () =>
    fails(
      withSpeech((speak, request, signal) => speak({ ...request, text: request.text.slice(0, 50) }, signal)),
      'a long text is spoken',
      /for 119 characters; it plays 3000 ms/,
    ),
  )

  breaks('nothing', 'an error for no text', () =>
    fails(
      withSpeech((speak, request, signal) => {
        if (request.text.trim() === '') throw new ProviderError('bad-request', 'empty input')
        return speak(request, signal)
      }),
      'no text, or nothing to say',
      /it threw ProviderError: empty input/,
    ),
  )

  breaks('word-times', 'word times that do not rise', () =>
    fails(
      withSpeech((speak, request, signal) => {
        request.onWord?.({ word: 'late', startMs: 500 })
        return speak(request, signal)
      }),
      'word times',
      /"Good" starts at 0 after 500/,
    ),
  )

  breaks('abort-first', 'an abort that is ignored before the first audio', () =>
    fails(
      withSpeech(async function* () {
        await never()
        yield new Uint8Array(1)
      }),
      'an abort before the first audio',
      /the iteration to end after an abort/,
    ),
  )

  breaks('abort-middle', 'an abort that is ignored in the middle', () =>
    fails(
      withSpeech((speak, request) => speak(request, new AbortController().signal)),
      'an abort in the middle',
      /no audio after an abort in the middle; \d+ bytes came/,
    ),
  )

  breaks('abort-middle', 'an abort that is told as a fault', () =>
    fails(
      withSpeech(async function* (speak, request, signal) {
        yield* speak(request, signal)
        if (signal.aborted) throw new Error('aborted')
      }),
      'an abort in the middle',
      /a ProviderError; it was Error: aborted/,
    ),
  )

  breaks('abort-middle', 'an answer that had come whole and is held for ever by an abort', () =>
    fails(
      withSpeech(async function* (speak, request, signal) {
        for await (const piece of speak(request, signal)) {
          yield piece
          if (signal.aborted) await never()
        }
      }),
      'an abort ends what has come whole',
      /the iteration to end after an abort of audio that had come/,
    ),
  )

  breaks('left', 'an iteration that cannot be left', () =>
    fails(
      withSpeech((speak, request, signal) => {
        const iterator = speak(request, signal)[Symbol.asyncIterator]()
        return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next(), return: never }) }
      }),
      'a consumer that leaves',
      /the iteration to end when left/,
    ),
  )

  breaks('stray-errors', 'a request that rejects though nobody reads it', () =>
    fails(
      withSpeech((speak, request, signal) => {
        void Promise.reject(new Error('403 forbidden'))
        return speak(request, signal)
      }),
      'a request that nobody reads',
      /nobody handled it: Error: 403/,
    ),
  )

  breaks('apart', 'one abort that ends all speech', () => {
    const shared = (provider: TtsProvider): TtsProvider => {
      const all = new AbortController()
      return {
        ...provider,
        speak(request, signal) {
          signal.addEventListener('abort', () => all.abort())
          return provider.speak(request, all.signal)
        },
      }
    }
    const suite = ttsContract({ ...options(), create: () => shared(createVoice(1)) })
    return expectFailure(suite, 'two clauses at once', /it plays \d+ ms/)
  })

  breaks('voice', 'a voice that speaks the same text at another length', () => {
    let times = 0
    const unsteady = withSpeech((speak, request, signal) =>
      speak({ ...request, text: request.text.repeat(++times) }, signal),
    )
    return fails(unsteady, 'an equal voiceKey', /the same text twice to be of one length/)
  })

  breaks('reply', 'a reply whose last clause is lost', () =>
    fails(
      (provider) => ({
        ...provider,
        async *speakReply(clauses, request, signal) {
          for await (const text of clauses) {
            yield* provider.speak({ ...request, text: text.slice(0, 10) }, signal)
            return
          }
        },
      }),
      'a reply spoken clause by clause',
      /for 79 characters; it plays 600 ms/,
    ),
  )

  breaks('reply-abort', 'a reply that waits for clauses after an abort', () =>
    fails(
      (provider) => ({
        ...provider,
        async *speakReply(clauses, request, signal) {
          for await (const text of clauses) {
            for await (const chunk of provider.speak({ ...request, text }, signal)) {
              if (chunk.byteLength !== 44) yield chunk
            }
          }
          if (signal.aborted) await never()
        },
      }),
      'an abort ends a reply',
      /the iteration to end after an abort/,
    ),
  )

  breaks('fault', 'a fault that is a plain error', () =>
    fails(
      withSpeech(async function* () {
        yield new Uint8Array(160)
        throw new TypeError('terminated')
      }),
      'a fault is a ProviderError',
      /it was TypeError: terminated/,
    ),
  )

  breaks('nothing-left', 'a timer left open', () =>
    fails(
      withSpeech((speak, request, signal) => {
        leaks.push(setInterval(() => {}, 1000))
        return speak(request, signal)
      }),
      'nothing is left open',
      /still open: 3 Timeout/,
    ),
  )

  breaks('closes', 'close that hangs while it speaks', () =>
    fails(
      (provider) => ({ ...provider, close: never }),
      'provider.close settles',
      /provider.close to resolve/,
    ),
  )

  breaksTts(breaks, options())
  breaksTtsMemory(breaks, options())
  breaksTtsReplies(breaks, options())
  breaksTtsEndings(breaks, (change) => ttsContract(wholeTtsOptions(options(), change)))
})

describe('the tts suite', () => hasNoHole(ttsContract(wholeTtsOptions(options()))))
