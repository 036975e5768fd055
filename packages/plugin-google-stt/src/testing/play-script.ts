import * as grpc from '@grpc/grpc-js'
import type { DuplexCall, GrpcStatus } from '@kav/google-cloud/testing'
import { createFrameListener, type HeardStream } from './heard-stream.ts'
import type { ScriptedResult, StreamScript } from './stream-script.ts'
import { createUtteranceListener } from './utterance-listener.ts'
import { createWordListener } from './word-listener.ts'

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
  let heardMs = 0
  let frozen = false
  const results = [...(script.results ?? [])].sort((a, b) => a.atMs - b.atMs)
  const timers = new Set<NodeJS.Timeout>()
  let noAudio: NodeJS.Timeout | undefined

  function later(delayMs: number, run: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      timers.delete(timer)
      if (stream.state === 'open' && !frozen) run()
    }, delayMs)
    timers.add(timer)
    return timer
  }

  function over(state: HeardStream['state']): boolean {
    if (stream.state !== 'open') return false
    stream.state = state
    for (const timer of timers) clearTimeout(timer)
    changed()
    return true
  }

  function fail(status: GrpcStatus): void {
    if (over('failed')) call.emit('error', status)
  }

  function respond(response: Record<string, unknown>): void {
    if (stream.state !== 'open') return
    const send = (): void => {
      call.write(response)
    }
    if (script.responseDelayMs === undefined) send()
    else later(script.responseDelayMs, send)
  }

  const say = (heard: { atMs: number; final: boolean; text: string }): void => {
    const { atMs, text } = heard
    respond(asResponse(stream.api, heard.final ? { atMs, final: text } : { atMs, partial: text }))
  }
  const words = script.understand && createWordListener(script.understand, say)
  const utterances = script.utterances && createUtteranceListener(script.utterances, say)

  const listen = createFrameListener(stream, limits.keepAudio, (frame, bytes) => {
    heardMs += 20
    words?.hear(frame)
    utterances?.hear(bytes)
    while (results[0] !== undefined && results[0].atMs <= heardMs) {
      respond(asResponse(stream.api, results.shift() as ScriptedResult))
    }
    if (script.failAtMs !== undefined && heardMs >= script.failAtMs.ms) fail(script.failAtMs.status)
    if (script.freezeAtMs !== undefined && heardMs >= script.freezeAtMs) {
      frozen = true
      call.pause()
    }
    if (script.endAtMs !== undefined && heardMs >= script.endAtMs && over('finished')) call.end()
  })

  const headers = script.headers ?? 'at-once'
  if (script.refuse !== undefined) fail(script.refuse)
  else if (headers === 'at-once') call.sendMetadata(new grpc.Metadata())
  else if (headers !== 'with-first-response') {
    later(headers.afterMs, () => {
      call.sendMetadata(new grpc.Metadata())
    })
  }
  later(limits.streamLimitMs, () => {
    fail({ code: 11, details: 'Exceeded maximum allowed stream duration of 305 seconds.' })
  })
  awaitAudio()

  function awaitAudio(): void {
    if (noAudio !== undefined) {
      clearTimeout(noAudio)
      timers.delete(noAudio)
    }
    noAudio = later(limits.noAudioLimitMs, () => {
      fail({
        code: 11,
        details:
          'Audio Timeout Error: Long duration elapsed without audio. Audio should be sent close to real time.',
      })
    })
  }

  return {
    audio(bytes) {
      if (stream.state !== 'open' || frozen) return
      if (bytes.length > limits.maxMessageBytes) {
        fail({ code: 3, details: `Audio chunk of ${bytes.length} bytes is too long` })
        return
      }
      awaitAudio()
      listen(bytes)
      changed()
    },
    finished() {
      if (stream.state !== 'open' || frozen || script.neverEnd === true) return
      words?.flush()
      utterances?.flush()
      for (const result of results) respond(asResponse(stream.api, result))
      if (script.responseDelayMs === undefined) {
        if (over('finished')) call.end()
      } else {
        later(script.responseDelayMs, () => {
          if (over('finished')) call.end()
        })
      }
    },
    stop() {
      over('cancelled')
    },
  }
}

function asResponse(api: 'v1' | 'v2', result: ScriptedResult): Record<string, unknown> {
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
  return {
    results: [
      {
        alternatives: [
          { transcript: result.final ?? result.partial ?? '', confidence: result.confidence ?? 0 },
        ],
        isFinal: result.final !== undefined,
        stability: result.final === undefined ? 0.9 : 0,
        languageCode: result.languageCode ?? '',
        [api === 'v2' ? 'resultEndOffset' : 'resultEndTime']: offset(result.endMs ?? result.atMs),
      },
    ],
  }
}
