import {
  MULAW_8K,
  durationMs,
  type AudioFormat,
  type Clock,
  type TtsProvider,
  type TtsRequest,
} from '../../contracts/index.ts'
import { fakeSpeech, fakeWavHeader } from './fake-speech.ts'
import { pause } from './pause.ts'
import { readAhead } from './read-ahead.ts'

/** How one clause is spoken. */
export interface FakeVoice {
  readonly msPerCharacter?: number
  /** Wait before the first chunk. */
  readonly firstAudioMs?: number
  /** Wait between chunks. */
  readonly chunkEveryMs?: number
  /** Sizes of the chunks, used in turn and over again. Odd ones cut samples of linear16 in two. */
  readonly chunkBytes?: number | readonly number[]
  /** A WAV header comes first, as some voices send it. */
  readonly wavHeader?: boolean
  /** Thrown after `errorAfterBytes` of audio. */
  readonly error?: Error
  readonly errorAfterBytes?: number
  /** After this much audio nothing more comes and the iteration never ends (until aborted). */
  readonly stallsAfterBytes?: number
  /** Tells when each word starts, ahead of its audio. */
  readonly words?: boolean
  /** Misbehaviour: `speak` itself throws `error`. */
  readonly throwsSynchronously?: boolean
}

export interface FakeTtsOptions extends FakeVoice {
  readonly clock: Clock
  readonly produces?: readonly AudioFormat[]
  readonly voiceKey?: string
  /** It finds the words of numbers by itself. */
  readonly normalises?: boolean
  /**
   * The voice takes a whole reply as one stream, too: each clause is spoken as soon as it comes. `error`,
   * `stallsAfterBytes` and `firstAudioMs` count from the beginning of the reply.
   */
  readonly streams?: boolean
  /** Other ways of speaking for one request, by its number (from 0). */
  readonly voice?: (request: TtsRequest, index: number) => FakeVoice | undefined
}

export interface FakeTtsRecord {
  readonly request: TtsRequest
  /** What a streamed reply was given so far, and whether it was told that no more comes. */
  readonly streamed: FakeTtsStream | undefined
  readonly atMs: number
  readonly abortedAtMs: number | undefined
  /** When the iteration was over, for whatever reason. */
  readonly endedAtMs: number | undefined
  /** Audio that was taken from the iteration. */
  readonly bytes: number
}

export interface FakeTtsStream {
  readonly clauses: readonly string[]
  readonly complete: boolean
}

export interface FakeTts {
  readonly provider: TtsProvider
  readonly requests: readonly FakeTtsRecord[]
  readonly warmed: number
  readonly closed: boolean
}

const POISON = 0x2a

function tellWords(request: TtsRequest, text: string, msPerCharacter: number, afterMs: number): void {
  for (const match of text.matchAll(/\S+/g)) {
    request.onWord?.({ word: match[0], startMs: afterMs + match.index * msPerCharacter })
  }
}

async function* only(text: string): AsyncGenerator<string> {
  yield text
}

/** The audio of clauses as a voice gives it, one clause after the other. */
async function* chunks(
  clock: Clock,
  request: TtsRequest,
  clauses: AsyncIterable<string>,
  voice: FakeVoice,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const sizes = typeof voice.chunkBytes === 'number' ? [voice.chunkBytes] : (voice.chunkBytes ?? [1600])
  const errorAt = voice.error === undefined ? Number.POSITIVE_INFINITY : (voice.errorAfterBytes ?? 0)
  const stopAt = Math.min(errorAt, voice.stallsAfterBytes ?? Number.POSITIVE_INFINITY)
  let spoken = 0
  let turn = 0
  for await (const text of clauses) {
    if (turn === 0 && voice.firstAudioMs !== undefined) await pause(clock, voice.firstAudioMs, signal)
    if (signal.aborted) return
    const msPerCharacter = voice.msPerCharacter ?? 60
    if (voice.words === true) tellWords(request, text, msPerCharacter, durationMs(request.format, spoken))
    if (turn === 0 && voice.wavHeader === true) yield fakeWavHeader(request.format)
    const speech = fakeSpeech(text, request.format, msPerCharacter)
    const end = Math.min(speech.byteLength, stopAt - spoken)
    for (let offset = 0; offset < end; turn++) {
      if (turn > 0 && voice.chunkEveryMs !== undefined) await pause(clock, voice.chunkEveryMs, signal)
      if (signal.aborted) return
      const chunk = speech.slice(offset, Math.min(end, offset + (sizes[turn % sizes.length] ?? 1600)))
      offset += chunk.byteLength
      spoken += chunk.byteLength
      yield chunk
      // A chunk is the caller's only until it asks for the next: whoever kept it hears noise.
      chunk.fill(POISON)
    }
    if (spoken >= stopAt) break
  }
  if (signal.aborted) return
  if (voice.error !== undefined && stopAt === errorAt && spoken >= stopAt) throw voice.error
  if (voice.stallsAfterBytes !== undefined) await pause(clock, Number.POSITIVE_INFINITY, signal)
}

export function createFakeTts(options: FakeTtsOptions): FakeTts {
  const { clock } = options
  const requests: { -readonly [Key in keyof FakeTtsRecord]: FakeTtsRecord[Key] }[] = []
  let warmed = 0
  let closed = false

  async function* recorded(
    record: (typeof requests)[number],
    clauses: AsyncIterable<string>,
    voice: FakeVoice,
    signal: AbortSignal,
  ) {
    const onAbort = () => {
      record.abortedAtMs = clock.nowMs()
    }
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      for await (const chunk of chunks(clock, record.request, clauses, voice, signal)) {
        record.bytes += chunk.byteLength
        yield chunk
      }
    } finally {
      signal.removeEventListener('abort', onAbort)
      record.endedAtMs = clock.nowMs()
    }
  }

  function start(request: TtsRequest, streamed: FakeTtsStream | undefined) {
    const voice = { ...options, ...options.voice?.(request, requests.length) }
    const record = {
      request,
      streamed,
      atMs: clock.nowMs(),
      abortedAtMs: undefined,
      endedAtMs: undefined,
      bytes: 0,
    }
    requests.push(record)
    if (voice.throwsSynchronously === true) throw voice.error ?? new Error('fake tts: thrown by speak')
    return { record, voice }
  }

  function speakReply(clauses: AsyncIterable<string>, request: TtsRequest, signal: AbortSignal) {
    const streamed = { clauses: [] as string[], complete: false }
    const { record, voice } = start(request, streamed)
    const ahead = readAhead(
      clauses,
      signal,
      (clause) => streamed.clauses.push(clause),
      () => (streamed.complete = true),
    )
    return recorded(record, ahead, voice, signal)
  }

  return {
    provider: {
      produces: options.produces ?? [MULAW_8K],
      ...(options.voiceKey !== undefined && { voiceKey: options.voiceKey }),
      ...(options.normalises !== undefined && { normalises: options.normalises }),
      ...(options.streams === true && { speakReply }),
      speak(request, signal) {
        const { record, voice } = start(request, undefined)
        return recorded(record, only(request.text), voice, signal)
      },
      async warm() {
        warmed++
      },
      async close() {
        closed = true
      },
    },
    requests,
    get warmed() {
      return warmed
    },
    get closed() {
      return closed
    },
  }
}
