import {
  durationMs,
  type Clock,
  type SttEvent,
  type SttSession,
  type SttSessionOptions,
} from '../../contracts/index.ts'
import { createPushQueue, type PushQueue } from '../../kit/push-queue.ts'
import { pause } from './pause.ts'

/** Something the recogniser says once this much audio was written to the session. */
export interface FakeSttSaying {
  /** Milliseconds of audio; `Infinity` is said at `finish`. */
  readonly atMs: number
  readonly event: SttEvent
  /** Time of the clock between that audio and the event. */
  readonly afterMs?: number
}

export interface FakeSttSessionScript {
  /** In order of `atMs`. What audio has not reached by `finish` is said only when `atMs` is `Infinity`. */
  readonly says?: readonly FakeSttSaying[]
  /** What is heard in all audio of the session: a last `final` at `finish` unless empty. */
  readonly hears?: (audio: Uint8Array) => string
  /** Time of the clock between `finish` and the last events. */
  readonly finishMs?: number
  /** The session dies with `error` once this much audio was written. */
  readonly diesAtMs?: number
  readonly error?: Error
  /** Misbehaviour: every `write` throws this. */
  readonly writeThrows?: Error
  /** Misbehaviour: `close` never resolves. */
  readonly closeHangs?: boolean
  /** `false` records sizes and times but no audio bytes, for long runs. */
  readonly keepAudio?: boolean
}

/** One session as the test sees it: what came in, and a hand on what goes out. */
export interface FakeSttSession {
  readonly session: SttSession
  readonly options: SttSessionOptions
  readonly writes: readonly { readonly atMs: number; readonly bytes: Uint8Array }[]
  /** All audio written, in order. */
  audio(): Uint8Array
  /** Milliseconds of audio written. */
  readonly writtenMs: number
  readonly openedAtMs: number
  readonly finished: boolean
  readonly closed: boolean
  /** Writes that came after `finish` or `close`. */
  readonly ignored: number
  emit(event: SttEvent): void
  /** The session dies: `events` throws this. */
  fail(error: Error): void
  /** `events` ends by itself. */
  end(): void
}

const NO_AUDIO = new Uint8Array(0)

/** What the script lets a session say, by how much it has heard. */
function createSayings(
  script: FakeSttSessionScript & { readonly clock: Clock },
  stream: Pick<PushQueue<SttEvent>, 'push' | 'fail' | 'end'>,
) {
  const says = script.says ?? []
  const waiting = new Set<() => void>()
  let unsaid = 0

  function after(ms: number, action: () => void): void {
    const cancel = script.clock.after(ms, () => {
      waiting.delete(cancel)
      action()
    })
    waiting.add(cancel)
  }

  return {
    after,
    upTo(ms: number): void {
      for (let next = says[unsaid]; next !== undefined && next.atMs <= ms; next = says[unsaid]) {
        const { event, afterMs } = next
        unsaid++
        if (afterMs === undefined) stream.push(event)
        else after(afterMs, () => stream.push(event))
      }
      if (script.diesAtMs !== undefined && ms >= script.diesAtMs) {
        stream.fail(script.error ?? new Error('fake stt: the session died'))
      }
    },
    /** All that was to be said at the end, and the end. */
    rest(audio: Uint8Array, writtenMs: number): void {
      for (const saying of says.slice(unsaid)) {
        if (saying.atMs === Number.POSITIVE_INFINITY) stream.push(saying.event)
      }
      const heard = script.hears?.(audio) ?? ''
      if (heard !== '') stream.push({ type: 'final', text: heard, endMs: writtenMs })
      stream.end()
    },
    /** What was still to come is never said. */
    stop(): void {
      for (const cancel of waiting) cancel()
      waiting.clear()
    },
  }
}

export function createFakeSttSession(
  script: FakeSttSessionScript & { readonly clock: Clock },
  options: SttSessionOptions,
): FakeSttSession {
  const { clock } = script
  const stream = createPushQueue<SttEvent>()
  const writes: { atMs: number; bytes: Uint8Array }[] = []
  const openedAtMs = clock.nowMs()
  let writtenBytes = 0
  let ignored = 0
  let finished = false
  let closed = false

  const audio = () => Buffer.concat(writes.map((write) => write.bytes))
  const writtenMs = () => durationMs(options.format, writtenBytes)
  const sayings = createSayings(script, stream)

  const session: SttSession = {
    events: stream.items,
    write(bytes) {
      if (script.writeThrows !== undefined) throw script.writeThrows
      if (finished || closed) {
        ignored++
        return
      }
      writes.push({
        atMs: clock.nowMs(),
        bytes: script.keepAudio === false ? NO_AUDIO : new Uint8Array(bytes),
      })
      writtenBytes += bytes.byteLength
      sayings.upTo(writtenMs())
    },
    finish() {
      if (finished || closed) return
      finished = true
      const sayTheRest = () => sayings.rest(audio(), writtenMs())
      if (script.finishMs === undefined) return sayTheRest()
      sayings.after(script.finishMs, sayTheRest)
    },
    async close() {
      closed = true
      sayings.stop()
      stream.discard()
      if (script.closeHangs === true) await pause(clock, Number.POSITIVE_INFINITY)
    },
  }

  return {
    session,
    options,
    writes,
    audio,
    openedAtMs,
    get writtenMs() {
      return writtenMs()
    },
    get finished() {
      return finished
    },
    get closed() {
      return closed
    },
    get ignored() {
      return ignored
    },
    emit: (event) => stream.push(event),
    fail: (error) => stream.fail(error),
    end: () => stream.end(),
  }
}
