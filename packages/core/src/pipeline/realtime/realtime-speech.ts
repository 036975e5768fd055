import { type AudioFormat, bytesPerSecond, durationMs, frameBytes } from '../../contracts/audio.ts'
import type { HeardAudio } from '../../contracts/realtime.ts'
import { createConverter } from '../../audio/convert.ts'
import { createReframer } from '../../audio/reframe.ts'
import type { CutBy } from '../../kit/cut.ts'
import type { TonesPlayed } from '../../tools/runnable-tool.ts'
import type { Floor } from '../speaking/floor.ts'
import type { MarkOutcome } from '../speaking/tx-control.ts'
import { createSpokenItems, type SaidItem } from './realtime-items.ts'
import type { Tones } from '../replying/reply-script.ts'
import { createSpeechWriter } from './speech-writer.ts'

/**
 * What the model says, on its way into the tx-queue. It comes faster than it plays, so it waits here, and a loop of its
 * own writes it to the line: whoever pushes is never held up. Marks and tones keep their place among the audio.
 */
export interface RealtimeSpeech {
  /**
   * Audio of an item, in the session's format; copied. Where too much waits already, only what fits is taken:
   * returns how much of the item there is then, and `undefined` when all was taken.
   */
  push(itemId: string, audio: Uint8Array): HeardAudio | undefined
  /** What the item says, as far as it is known: the whole text. */
  text(itemId: string, text: string): void
  /** The reply's audio is complete: what is left of a frame goes out. */
  endReply(): void
  /** A mark behind everything pushed so far; resolves as the floor's marks do. */
  mark(label: string): Promise<MarkOutcome>
  /** Resolves with `played` when the first frame of what is pushed next goes out. */
  nextFrame(): Promise<MarkOutcome>
  /** Plays 20 ms frames behind everything pushed so far; resolves when they were played, or cut. */
  playTones(frames: readonly Uint8Array[], signal: AbortSignal): Promise<TonesPlayed>
  /** The same, but not in the middle of what is being said: nobody waits for them who must know before that is over. */
  playTonesLater(frames: readonly Uint8Array[]): void
  /** Everything up to here has been heard and will not be asked about again; returns what was, where some was muted. */
  forgetHeard(): string | undefined
  /** Forgets what waits, empties the line, and says what the caller had heard. */
  interrupt(by: CutBy): HeardSpeech
  /** How much of the newest audio was heard, without stopping anything. */
  heard(): HeardAudio | undefined
  /** Something waits here or on the line, or the far end is playing. */
  active(): boolean
  close(): void
}

export interface HeardSpeech {
  /** Absent: nothing of what was waiting or playing had been heard. */
  readonly heard: HeardAudio | undefined
  /** What was waiting or playing, oldest first; `heard` are its words cut at what the caller heard. */
  readonly said: readonly SaidItem[]
}

/** Audio that may wait to be played: no answer on a phone is that long. */
export const MAX_AHEAD_MS = 300_000

export function createRealtimeSpeech(parts: {
  floor: Floor
  /** The session's format, and the call's. */
  from: AudioFormat
  to: AudioFormat
}): RealtimeSpeech {
  const { floor, from, to } = parts
  const items = createSpokenItems((startMs, endMs) => floor.mutedIn(startMs, endMs))
  const framing = createFraming(from, to)
  const writer = createSpeechWriter(floor, frameBytes(to))
  let closed = false
  /** Behind the item that is being said. */
  let later: Tones[] = []

  function write(itemId: string, frames: Uint8Array): void {
    if (frames.length > 0) writer.put({ kind: 'audio', item: items.of(itemId), frames })
  }

  /** Of the session's audio, whole samples. */
  function roomBytes(): number {
    const roomMs = Math.max(0, MAX_AHEAD_MS - durationMs(to, writer.waitingBytes()))
    return 2 * Math.floor((roomMs * bytesPerSecond(from)) / 2000)
  }

  function completeItems(): void {
    const open = items.open()
    if (open && !open.complete) write(open.id, framing.rest())
    items.complete()
    for (const tones of later.splice(0)) writer.put({ kind: 'tones', tones })
  }

  return {
    push(itemId, audio) {
      if (closed) return undefined
      const fitting = audio.subarray(0, roomBytes())
      const item = items.of(itemId)
      if (item.receivedMs === 0) completeItems()
      item.receivedMs += durationMs(from, fitting.length)
      write(itemId, framing.frames(fitting))
      return fitting.length < audio.length ? { itemId, heardMs: item.receivedMs } : undefined
    },
    text(itemId, text) {
      items.of(itemId).text = text
    },
    endReply() {
      if (!closed) completeItems()
    },
    mark: (label) => new Promise((settle) => writer.put({ kind: 'mark', label, settle })),
    nextFrame: () => new Promise((settle) => writer.put({ kind: 'cue', settle })),
    playTones: (frames, signal) =>
      new Promise((settle) => writer.put({ kind: 'tones', tones: { frames, signal, settle } })),
    playTonesLater(frames) {
      const tones = { frames, signal: NEVER_ABORTED, settle: () => undefined }
      if (items.open()?.complete === false) later.push(tones)
      else writer.put({ kind: 'tones', tones })
    },
    forgetHeard: () => items.forgetHeard(floor.heardMs()),
    interrupt(by) {
      const sentMs = floor.sentMs()
      const heardMs = floor.interrupt(by)
      framing.reset()
      later = []
      const heard = items.heardAt(heardMs)
      return { heard, said: items.cut({ heardMs, sentMs }) }
    },
    heard: () => items.heardAt(floor.heardMs()),
    active: () => later.length > 0 || !writer.empty() || floor.active(),
    close() {
      closed = true
      writer.close()
    },
  }
}

const NEVER_ABORTED = new AbortController().signal

/** The session's audio as whole frames of the call. */
function createFraming(from: AudioFormat, to: AudioFormat) {
  const size = frameBytes(to)
  const converter = createConverter(from, to)
  const reframer = createReframer(to)

  function framed(audio: Uint8Array, last: boolean): Uint8Array {
    const frames = Buffer.allocUnsafe(audio.length + 2 * size)
    let length = 0
    const add = (frame: Uint8Array): void => {
      frames.set(frame, length)
      length += frame.length
    }
    reframer.push(audio, add)
    if (last) reframer.flush(add)
    return frames.subarray(0, length)
  }

  return {
    frames: (audio: Uint8Array) => framed(converter.convert(audio), false),
    /** What is left: the last frame is filled up with silence. */
    rest: () => framed(converter.flush(), true),
    reset() {
      reframer.reset()
      converter.reset()
    },
  }
}
