import * as grpc from '@grpc/grpc-js'
import type { DuplexCall, GrpcStatus } from '@kav/google-cloud/testing'
import { createFrameListener, type HeardFrame, type HeardStream } from './heard-stream.ts'
import type { ScriptedResult, StreamScript } from './stream-script.ts'
import { createUtteranceListener } from './utterance-listener.ts'
import { createWordListener, type HeardWord } from './word-listener.ts'

/** Limits the server enforces on every stream, as Google does; shorten them in tests. */
export interface StreamLimits {
  /** 305 s at Google. */
  readonly streamLimitMs: number
  /** About 10 s at Google. */
  readonly noAudioLimitMs: number
  /** 15 KB in v2. */
  readonly maxMessageBytes: number
  /** Keeps the bytes of every stream and request for the test to read; off for load. */
  readonly keepAudio: boolean
}

/** What the audio of a stream goes into. `audio` and `finished` come from the wire, `stop` when the stream is over. */
export interface ScriptPlayer {
  audio(bytes: Uint8Array): void
  finished(): void
  stop(): void
}

/** Plays a script on one accepted stream. Calls `changed` after everything it notes in `stream`. */
export function playScript(
  call: DuplexCall,
  stream: HeardStream,
  script: StreamScript,
  limits: StreamLimits,
  changed: () => void,
): ScriptPlayer {
  const life = createStreamLife(call, stream, changed)
  const answers = createAnswers(call, stream, script, life)
  const awaitAudio = createAudioTimeout(life, limits.noAudioLimitMs)
  let heardMs = 0
  const listen = createFrameListener(stream, limits.keepAudio, (frame, bytes) => {
    heardMs += 20
    answers.hear(frame, bytes, heardMs)
    if (script.failAtMs !== undefined && heardMs >= script.failAtMs.ms) life.fail(script.failAtMs.status)
    if (script.freezeAtMs !== undefined && heardMs >= script.freezeAtMs) life.freeze()
    if (script.endAtMs !== undefined && heardMs >= script.endAtMs) life.finish()
  })
  accept(call, script, life)
  life.later(limits.streamLimitMs, () => {
    life.fail({ code: 11, details: 'Exceeded maximum allowed stream duration of 305 seconds.' })
  })
  awaitAudio()

  return {
    audio(bytes) {
      if (!life.runs) return
      if (bytes.length > limits.maxMessageBytes) {
        life.fail({ code: 3, details: `Audio chunk of ${bytes.length} bytes is too long` })
        return
      }
      awaitAudio()
      listen(bytes)
      changed()
    },
    finished() {
      if (!life.runs || script.neverEnd === true) return
      answers.flush()
      if (script.responseDelayMs === undefined) life.finish()
      else life.later(script.responseDelayMs, () => life.finish())
    },
    stop() {
      life.over('cancelled')
    },
  }
}

/** One stream on its way to one end. */
interface StreamLife {
  /** Neither over nor frozen. */
  readonly runs: boolean
  /** Runs unless the stream is over, or frozen, by then. Returns what cancels it. */
  later(delayMs: number, run: () => void): () => void
  over(state: HeardStream['state']): boolean
  finish(): void
  fail(status: GrpcStatus): void
  /** Nothing is read and nothing is said any more. */
  freeze(): void
}

function createStreamLife(call: DuplexCall, stream: HeardStream, changed: () => void): StreamLife {
  const timers = new Set<NodeJS.Timeout>()
  let frozen = false
  const life: StreamLife = {
    get runs() {
      return stream.state === 'open' && !frozen
    },
    later(delayMs, run) {
      const timer = setTimeout(() => {
        timers.delete(timer)
        if (life.runs) run()
      }, delayMs)
      timers.add(timer)
      return () => {
        clearTimeout(timer)
        timers.delete(timer)
      }
    },
    over(state) {
      if (stream.state !== 'open') return false
      stream.state = state
      for (const timer of timers) clearTimeout(timer)
      changed()
      return true
    },
    finish() {
      if (life.over('finished')) call.end()
    },
    fail(status) {
      if (life.over('failed')) call.emit('error', status)
    },
    freeze() {
      frozen = true
      call.pause()
    },
  }
  return life
}

/** What is said to the audio: by the listeners, and by the script at its times. */
function createAnswers(
  call: DuplexCall,
  stream: HeardStream,
  script: StreamScript,
  life: StreamLife,
): { hear(frame: HeardFrame, bytes: Uint8Array, heardMs: number): void; flush(): void } {
  const results = [...(script.results ?? [])].sort((a, b) => a.atMs - b.atMs)
  const raw = [...(script.raw ?? [])]

  function respond(result: ScriptedResult): void {
    if (stream.state !== 'open') return
    const response = asResponse(stream, result)
    if (script.responseDelayMs === undefined) call.write(response)
    else life.later(script.responseDelayMs, () => call.write(response))
  }
  const say = (said: { atMs: number; final: boolean; text: string; words?: readonly HeardWord[] }): void => {
    const { atMs, text, final, words } = said
    respond(final ? { atMs, final: text, ...(words && { words }) } : { atMs, partial: text })
  }
  const words = script.understand && createWordListener(script.understand, say)
  const utterances = script.utterances && createUtteranceListener(script.utterances, say)

  return {
    hear(frame, bytes, heardMs) {
      for (const response of raw.splice(0)) call.write(response)
      words?.hear(frame)
      utterances?.hear(bytes)
      while (results[0] !== undefined && results[0].atMs <= heardMs) respond(results.shift()!)
    },
    flush() {
      words?.flush()
      utterances?.flush()
      for (const result of results) respond(result)
    },
  }
}

/** The stream is refused, or its headers go out. */
function accept(call: DuplexCall, script: StreamScript, life: StreamLife): void {
  const headers = script.headers ?? 'at-once'
  const send = (): void => call.sendMetadata(new grpc.Metadata())
  if (script.refuse !== undefined) life.fail(script.refuse)
  else if (headers === 'at-once') send()
  else if (headers !== 'with-first-response') life.later(headers.afterMs, send)
}

/** Starts the wait for audio, again at each call. */
function createAudioTimeout(life: StreamLife, limitMs: number): () => void {
  let stop: () => void = () => undefined
  return () => {
    stop()
    stop = life.later(limitMs, () => {
      life.fail({
        code: 11,
        details:
          'Audio Timeout Error: Long duration elapsed without audio. Audio should be sent close to real time.',
      })
    })
  }
}

function asResponse(stream: HeardStream, result: ScriptedResult): Record<string, unknown> {
  const { api } = stream
  const offset = (ms: number): object => ({
    seconds: Math.floor(ms / 1000),
    nanos: Math.round((ms % 1000) * 1e6),
  })
  if (result.speech !== undefined) {
    return {
      speechEventType: result.speech === 'begin' ? 'SPEECH_ACTIVITY_BEGIN' : 'SPEECH_ACTIVITY_END',
      [api === 'v2' ? 'speechEventOffset' : 'speechEventTime']: offset(result.atMs),
    }
  }
  const asWord = ({ word, startMs, endMs }: HeardWord): object =>
    api === 'v2'
      ? { word, startOffset: offset(startMs), endOffset: offset(endMs) }
      : { word, startTime: offset(startMs), endTime: offset(endMs) }
  return {
    results: [
      {
        alternatives: [
          {
            transcript: result.final ?? result.partial ?? '',
            confidence: result.confidence ?? 0,
            words: asksWordTimes(stream) ? (result.words ?? []).map(asWord) : [],
          },
        ],
        isFinal: result.final !== undefined,
        stability: result.final === undefined ? 0.9 : 0,
        languageCode: result.languageCode ?? '',
        [api === 'v2' ? 'resultEndOffset' : 'resultEndTime']: offset(result.endMs ?? result.atMs),
      },
    ],
  }
}

/** In the first message, as each version of the API spells it. */
function asksWordTimes({ opening }: HeardStream): boolean {
  return JSON.stringify(opening).includes('"enableWordTimeOffsets":true')
}
