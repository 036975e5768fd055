import { type AudioFormat, durationMs, frameBytes } from '../../contracts/audio.ts'
import type { HeardAudio } from '../../contracts/realtime.ts'
import { createConverter } from '../../audio/convert.ts'
import { createReframer } from '../../audio/reframe.ts'
import type { MarkOutcome, TxLine } from '../speaking/tx-line.ts'
import { createUtterance } from '../replying/utterance.ts'

/**
 * What the model says, on its way into the tx-queue. It comes faster than it plays, so it waits here, and a loop of its
 * own writes it to the line: whoever pushes is never held up. Marks keep their place among the audio.
 */
export interface RealtimeSpeech {
  /** Audio of an item, in the session's format; copied. */
  push(itemId: string, audio: Uint8Array): void
  /** What the item says, as far as it is known: the whole text. */
  text(itemId: string, text: string): void
  /** The reply's audio is complete: what is left of a frame goes out. */
  endReply(): void
  /** A mark behind everything pushed so far; resolves as the line's marks do. */
  mark(label: string): Promise<MarkOutcome>
  /** Resolves with `played` when the first frame of what is pushed next goes out. */
  nextFrame(): Promise<MarkOutcome>
  /** Everything up to here has been heard and will not be asked about again. */
  forgetHeard(): void
  /** Forgets what waits, empties the line, and says what the caller had heard. */
  interrupt(): HeardSpeech
  /** How much of the newest audio was heard, without stopping anything. */
  heard(): HeardAudio | undefined
  /** Nothing waits here. */
  readonly empty: boolean
  /** For tones: their place is behind what the model has said. */
  readonly toneLine: Pick<TxLine, 'write' | 'room' | 'cue' | 'epoch'>
  close(): void
}

export interface HeardSpeech {
  /** Absent: nothing of what was waiting or playing had been heard. */
  readonly heard: HeardAudio | undefined
  /** What was waiting or playing, oldest first; `heard` are its words cut at what the caller heard. */
  readonly said: readonly { readonly itemId: string; readonly text: string; readonly heard: string }[]
}

interface Item {
  readonly id: string
  text: string
  /** Received, in the session's format. */
  receivedMs: number
  /** Position of its first frame on the line. */
  startMs: number | undefined
  /** No more of its audio will come. */
  complete: boolean
}

type Entry =
  | { readonly kind: 'audio'; readonly item: Item; readonly frames: Uint8Array; at: number }
  | { readonly kind: 'mark'; readonly label: string; readonly settle: (outcome: MarkOutcome) => void }
  | { readonly kind: 'cue'; readonly settle: (outcome: MarkOutcome) => void }

export function createRealtimeSpeech(parts: {
  line: TxLine
  /** The session's format, and the call's. */
  from: AudioFormat
  to: AudioFormat
}): RealtimeSpeech {
  const { line, from, to } = parts
  const size = frameBytes(to)
  const converter = createConverter(from, to)
  const reframer = createReframer(to)
  let entries: Entry[] = []
  let items: Item[] = []
  let writing = false
  let closed = false
  const emptied: (() => void)[] = []

  function itemOf(id: string): Item {
    const last = items.at(-1)
    const known = last?.id === id ? last : items.find((item) => item.id === id)
    if (known) return known
    const item: Item = { id, text: '', receivedMs: 0, startMs: undefined, complete: false }
    items.push(item)
    return item
  }

  function keep(item: Item, audio: Uint8Array, flush = false): void {
    const frames = Buffer.allocUnsafe(audio.length + 2 * size)
    let length = 0
    const add = (frame: Uint8Array): void => {
      frames.set(frame, length)
      length += frame.length
    }
    reframer.push(audio, add)
    if (flush) reframer.flush(add)
    if (length > 0) entries.push({ kind: 'audio', item, frames: frames.subarray(0, length), at: 0 })
  }

  function completeItems(): void {
    const open = items.findLast((item) => item.receivedMs > 0)
    if (open && !open.complete) keep(open, converter.flush(), true)
    for (const item of items) item.complete ||= item.receivedMs > 0
  }

  function start(): void {
    if (!writing && !closed) void write()
  }

  /** One at a time; ends when nothing waits. */
  async function write(): Promise<void> {
    writing = true
    for (let next = entries[0]; next && !closed; next = entries[0]) {
      if (next.kind !== 'audio') {
        entries.shift()
        void (next.kind === 'mark' ? line.mark(next.label) : line.cue()).then(next.settle)
        continue
      }
      next.item.startMs ??= line.nextPositionMs
      while (next.at < next.frames.length && line.write(next.frames.subarray(next.at, next.at + size))) {
        next.at += size
      }
      if (next.at >= next.frames.length) entries.shift()
      else await line.room()
    }
    writing = false
    for (const wake of emptied.splice(0)) wake()
  }

  /** Settles all that waits as never to be heard. */
  function drop(): void {
    const dropped = entries
    entries = []
    for (const entry of dropped) if (entry.kind !== 'audio') entry.settle('cleared')
    reframer.reset()
    converter.reset()
  }

  function heardAt(positionMs: number): HeardAudio | undefined {
    const item = items.findLast((known) => known.startMs !== undefined && known.startMs < positionMs)
    if (!item) return undefined
    return { itemId: item.id, heardMs: Math.min(positionMs - item.startMs!, item.receivedMs) }
  }

  /** The item's words, and those of them that lie before `heardMs`. */
  function saidOf(item: Item, heardMs: number, sentMs: number): HeardSpeech['said'][number] {
    const utterance = createUtterance()
    const text = item.text.trim()
    const clause = utterance.add(text)
    if (item.startMs !== undefined) utterance.begin(clause, item.startMs)
    // The words run ahead of the audio: only the whole of it tells their pace.
    if (item.startMs !== undefined && item.complete) utterance.end(clause, item.startMs + item.receivedMs)
    utterance.cut(heardMs, sentMs)
    return { itemId: item.id, text, heard: utterance.heard }
  }

  function put(entry: Entry): void {
    if (closed) {
      if (entry.kind !== 'audio') entry.settle('cleared')
      return
    }
    entries.push(entry)
    start()
  }

  return {
    push(itemId, audio) {
      if (closed) return
      const item = itemOf(itemId)
      if (item.receivedMs === 0) completeItems()
      item.receivedMs += durationMs(from, audio.length)
      keep(item, converter.convert(audio))
      start()
    },
    text(itemId, text) {
      itemOf(itemId).text = text
    },
    endReply() {
      if (closed) return
      completeItems()
      start()
    },
    mark: (label) => new Promise((settle) => put({ kind: 'mark', label, settle })),
    nextFrame: () => new Promise((settle) => put({ kind: 'cue', settle })),
    forgetHeard() {
      const { heardMs } = line
      items = items.filter((item) => {
        const { startMs, receivedMs, complete } = item
        return startMs === undefined || !complete || startMs + receivedMs > heardMs
      })
    },
    interrupt() {
      const { sentMs } = line
      const heardMs = line.interrupt()
      const heard = heardAt(heardMs)
      const said = items.map((item) => saidOf(item, heardMs, sentMs))
      items = []
      drop()
      return { heard, said }
    },
    heard: () => heardAt(line.heardMs),
    get empty() {
      return entries.length === 0
    },
    toneLine: {
      write: (frame) => entries.length === 0 && line.write(frame),
      room: () =>
        entries.length === 0 || closed
          ? line.room()
          : new Promise((resolve) => {
              emptied.push(resolve)
            }),
      cue: () => line.cue(),
      get epoch() {
        return line.epoch
      },
    },
    close() {
      closed = true
      drop()
      for (const wake of emptied.splice(0)) wake()
    },
  }
}
