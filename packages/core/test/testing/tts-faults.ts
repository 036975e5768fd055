import { ProviderError, type AudioFormat, type TtsProvider } from '../../src/index.ts'
import {
  createFakeTts,
  createRealClock,
  fakeSpeech,
  ttsContract,
  type FakeVoice,
  type TtsContractOptions,
} from '../../src/testing/index.ts'
import { breaksHost, breaksWords, SECRET } from './host-faults.ts'
import type { Breaks } from './promise-table.ts'
import { speakingReplies } from './speaking-replies.ts'
import { expectFailure } from './suite-failures.ts'

type Change = (provider: TtsProvider) => TtsProvider
type Speak = TtsProvider['speak']

const clock = createRealClock()
const FIRST_BYTES = 800

/** The same provider, whose close ends what is under way. */
function endedByClose(provider: TtsProvider): TtsProvider {
  const closing = new AbortController()
  return {
    ...provider,
    speak: (request, signal) => provider.speak(request, AbortSignal.any([signal, closing.signal])),
    close: async () => closing.abort(),
  }
}

/** Options of the suite with every way to make a provider, `change` done to each. */
export function wholeTtsOptions(
  base: TtsContractOptions,
  change: Change = (provider) => provider,
): TtsContractOptions {
  let sent: Uint8Array = new Uint8Array(0)
  let language: string | undefined
  let format: AudioFormat | undefined
  let inReply: Uint8Array[] = []
  let asked = 0
  /** Notes what the far end sends of each request. */
  const noting = (provider: TtsProvider, upTo = Number.POSITIVE_INFINITY): TtsProvider => ({
    ...provider,
    speak(request, signal) {
      ;({ language, format } = request)
      if (!signal.aborted) asked++
      sent = fakeSpeech(request.text, request.format).subarray(0, upTo)
      inReply.push(sent)
      return provider.speak(request, signal)
    },
  })
  const voice = (how: FakeVoice) =>
    speakingReplies(createFakeTts({ clock, chunkBytes: 333, ...how }).provider)
  return {
    ...base,
    async create(context) {
      const provider = speakingReplies(noting(await base.create(context)))
      return change({
        ...provider,
        speakReply(...given) {
          inReply = []
          return provider.speakReply!(...given)
        },
      })
    },
    createStalled(_context, place) {
      const stallsAfterBytes = place === 'at-once' ? 0 : FIRST_BYTES
      return change(speakingReplies(endedByClose(noting(voice({ stallsAfterBytes }), stallsAfterBytes))))
    },
    async createFailing(context) {
      return change(speakingReplies(await base.createFailing!(context)))
    },
    createCut: () =>
      change(
        voice({ error: new ProviderError('network', 'the connection broke'), errorAfterBytes: FIRST_BYTES }),
      ),
    sent: () => sent,
    sentReply: () => Buffer.concat(inReply),
    asked: () => asked,
    language: 'de-DE',
    receivedOptions: () => ({ ...(language !== undefined && { language }), format }),
    failingClass: 'quota',
    secrets: [SECRET],
  }
}

const withSpeech =
  (change: (speak: Speak, ...args: Parameters<Speak>) => AsyncIterable<Uint8Array>): Change =>
  (provider) => ({ ...provider, speak: (request, signal) => change(provider.speak, request, signal) })

const eachChunk = (change: (chunk: Uint8Array, format: AudioFormat) => readonly Uint8Array[]) =>
  withSpeech(async function* (speak, request, signal) {
    for await (const chunk of speak(request, signal)) yield* change(chunk, request.format)
  })

const copy = (chunk: Uint8Array) => new Uint8Array(chunk)

export function breaksTts(breaks: Breaks<'tts'>, base: TtsContractOptions): void {
  const fails = (change: Change, caseName: string, message: RegExp) =>
    expectFailure(ttsContract(wholeTtsOptions(base, change)), caseName, message)
  const everyFormat = 'speech in every format'
  const given = 'what the far end has sent is given on'

  breaks('length', 'every chunk twice', () =>
    fails(
      eachChunk((chunk) => (chunk.byteLength === 44 ? [copy(chunk)] : [copy(chunk), copy(chunk)])),
      everyFormat,
      /1170 to 4485 ms of mulaw\/8000 for 39 characters; it plays 4680 ms/,
    ),
  )
  breaks('unchanged', 'a clause whose last chunk comes twice', () =>
    fails(
      withSpeech(async function* (speak, request, signal) {
        let last = new Uint8Array(0)
        for await (const chunk of speak(request, signal)) yield (last = copy(chunk))
        yield last
      }),
      'what is spoken is what the far end has sent',
      /were given and 18720 sent/,
    ),
  )
  breaks('silence', 'a pause of zero bytes', () =>
    fails(
      withSpeech(async function* (speak, request, signal) {
        yield* speak(request, signal)
        yield new Uint8Array(800)
      }),
      everyFormat,
      /silence in mulaw to be 0xff; the audio holds a run of zero bytes/,
    ),
  )
  breaks('header', 'an Ogg container', () =>
    fails(
      withSpeech(async function* (speak, request, signal) {
        yield Buffer.from('OggS')
        for await (const chunk of speak(request, signal)) if (chunk.byteLength !== 44) yield chunk
      }),
      everyFormat,
      /bare samples or WAV; the audio begins with "OggS"/,
    ),
  )
  breaks('usage', 'characters that are counted again with every chunk', () =>
    fails(
      withSpeech(async function* (speak, request, signal) {
        for await (const chunk of speak(request, signal)) {
          request.onUsage?.({ characters: request.text.length })
          yield chunk
        }
      }),
      'word times',
      /whole characters, about 39 in all/,
    ),
  )
  breaks('streams', 'audio that is collected before the first chunk', () =>
    fails(
      withSpeech(async function* (speak, request, signal) {
        const all: Uint8Array[] = []
        for await (const chunk of speak(request, signal)) all.push(copy(chunk))
        yield* all
      }),
      given,
      /a first piece before the far end has ended/,
    ),
  )
  breaks('streams', 'audio that is held back until there is more', () =>
    fails(
      withSpeech(async function* (speak, request, signal) {
        let held = Buffer.alloc(0)
        for await (const chunk of speak(request, signal)) {
          held = Buffer.concat([held, chunk])
          if (held.byteLength < 640) continue
          yield held
          held = Buffer.alloc(0)
        }
        yield held
      }),
      given,
      /all 800 bytes that the far end has sent, not 666/,
    ),
  )
  breaks('stalled', 'an abort that waits for the far end', () =>
    fails(
      withSpeech((speak, request) => speak(request, new AbortController().signal)),
      'an abort needs no answer',
      /the iteration to end after an abort \(at-once\)/,
    ),
  )
  breaks('stalled', 'a close that leaves open what the far end says nothing to', () =>
    fails(
      (provider) => ({ ...provider, close: async () => {} }),
      'a reader may leave, and close settles',
      /the iteration to end after provider.close/,
    ),
  )
  breaks('cut', 'a clause that ends as if it were whole when it is cut', () =>
    fails(
      withSpeech(async function* (speak, request, signal) {
        try {
          yield* speak(request, signal)
        } catch {
          // What a voice does that takes a closed socket for the end.
        }
      }),
      'an answer that is cut',
      /it ended as if it were whole/,
    ),
  )
  breaks('unread', 'a request that is made though nobody reads it, and fails', () =>
    fails(
      withSpeech((speak, request, signal) => {
        void Promise.reject(new Error('403 forbidden'))
        return speak(request, signal)
      }),
      'a request that nobody reads',
      /nobody handled it: Error: 403/,
    ),
  )
  breaks('warm', 'warm that throws', () =>
    fails(
      (provider) => ({ ...provider, warm: () => Promise.reject(new Error('no route')) }),
      'warm, where there is one',
      /warm to resolve; it threw Error: no route/,
    ),
  )
  breaks('language', 'a language that is ignored', () =>
    expectFailure(
      ttsContract({ ...wholeTtsOptions(base), receivedOptions: () => ({ language: 'en' }) }),
      'the language of the call',
      /the language de-DE to reach the far side; it got "en"/,
    ),
  )
  breaks('language', 'a language that is not there at all', () =>
    expectFailure(
      ttsContract({ ...wholeTtsOptions(base), receivedOptions: () => ({ language: undefined }) }),
      'the language of the call',
      /the language de-DE to reach the far side; it got none/,
    ),
  )
  breaksFaults(breaks, base)
}

function breaksFaults(breaks: Breaks<'tts'>, base: TtsContractOptions): void {
  const failing = (error: Error): TtsContractOptions => ({
    ...wholeTtsOptions(base),
    createFailing: () => createFakeTts({ clock, error }).provider,
  })
  breaks('fault-class', 'a quota that is told as a network fault', () =>
    expectFailure(
      ttsContract(failing(new ProviderError('network', 'HTTP 429'))),
      'a fault is of the class',
      /a fault of class "quota"; it is "network": HTTP 429/,
    ),
  )
  breaks('secrets', 'a key in the message of an error', () =>
    expectFailure(
      ttsContract(failing(new ProviderError('quota', `https://voice/?key=${SECRET} answered 429`))),
      'no secret is in an error',
      /no secret in an error/,
    ),
  )
  const suiteOf: Parameters<typeof breaksHost>[1] = (atCreate) => {
    const options = wholeTtsOptions(base)
    return ttsContract({
      ...options,
      create(context) {
        atCreate(context)
        return createFakeTts({ clock }).provider
      },
    })
  }
  breaksHost(breaks, suiteOf)
  breaksWords(breaks, suiteOf, 'Good morning, how can I help you today?')
}
