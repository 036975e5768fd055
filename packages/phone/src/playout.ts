/** A mark of the server and what became of it. */
export interface MarkRecord {
  readonly name: string
  /** The part before the last `#`: Kav names its marks `<label>#<epoch>`. */
  readonly label: string
  readonly receivedAtMs: number
  /** When it was sent back; absent while its audio is still to be played. */
  returnedAtMs?: number
  /** True when `clear` or the end of the call sent it back or took it: its audio was not played to the end. */
  cleared?: boolean
}

/** Silence heard because the buffer ran dry. */
export interface Gap {
  readonly atMs: number
  readonly gapMs: number
  /** A mark or `clear` came between the audio on both sides: the utterance had ended. */
  readonly atUtteranceEnd: boolean
}

export interface SpeechSegment {
  readonly startMs: number
  endMs: number
}

/** Told as it happens, times on the stream's own line. Handlers never throw. */
export interface PlayoutHandlers {
  onSpeechStarted(atMs: number): void
  onSpeechStopped(atMs: number): void
  onMarkReturned(mark: MarkRecord): void
  onUnderrun(atMs: number, gapMs: number): void
}

/**
 * What Twilio does with the audio it is sent: plays it in order, in real time, from a first-in-first-out buffer.
 * One byte of mu-law is one sample; all positions are whole samples from the start of the stream.
 */
export interface Playout {
  /** Audio arrived. Returns the sample at which it will be played. Time never goes back between calls. */
  receive(nowMs: number, bytes: number): number
  mark(nowMs: number, name: string): void
  /** Empties the buffer; pending marks come back. Returns the bytes that will not be played. */
  clear(nowMs: number): number
  /** Returns what is due by now: marks, the end of speech. */
  advance(nowMs: number): void
  /** The call is over: what is still buffered is never heard. Returns its bytes. */
  end(nowMs: number): number
  /** When `advance` has next something to do; `Infinity` when nothing is pending. */
  readonly nextDueMs: number
  readonly speaking: boolean
  /** End of the last audio played so far; only meaningful while not `speaking`. */
  readonly silentSinceMs: number
  bufferedBytes(nowMs: number): number
  readonly receivedBytes: number
  readonly discardedBytes: number
  readonly maxBufferedMs: number
  readonly marks: readonly MarkRecord[]
  readonly segments: readonly SpeechSegment[]
  /** Every time the buffer ran dry between two pieces of audio, shorter than a millisecond excepted. */
  readonly gaps: readonly Gap[]
  /** The gaps that were heard inside an utterance. */
  underruns(): readonly Gap[]
}

const BYTES_PER_MS = 8
/** Shorter gaps are timer noise: eight samples. */
const MIN_GAP_MS = 1
/** Without a mark to tell, speech is said to have stopped after this much silence. */
const SETTLE_MS = 300
/** From a server that never marks its utterances, a longer silence is taken for the end of one. */
const UNMARKED_PAUSE_MS = 1000

export function labelOf(markName: string): string {
  const hash = markName.lastIndexOf('#')
  return hash < 0 ? markName : markName.slice(0, hash)
}

export function createPlayout(handlers: PlayoutHandlers): Playout {
  const marks: MarkRecord[] = []
  const segments: SpeechSegment[] = []
  const gaps: Gap[] = []
  let pending: { mark: MarkRecord; atByte: number }[] = []
  let endByte = 0
  let receivedBytes = 0
  let discardedBytes = 0
  let maxBufferedMs = 0
  let speaking = false
  /** The utterance has ended: what comes next is another one. */
  let boundary = true

  const byteAt = (ms: number): number => Math.max(0, Math.ceil(ms * BYTES_PER_MS - 1e-6))

  function giveBack(mark: MarkRecord, atMs: number, cleared: boolean): void {
    mark.returnedAtMs = atMs
    mark.cleared = cleared
    handlers.onMarkReturned(mark)
  }

  function stopSpeaking(atMs: number): void {
    speaking = false
    const segment = segments.at(-1)
    if (segment) segment.endMs = atMs
    handlers.onSpeechStopped(atMs)
  }

  function advance(nowMs: number): void {
    const now = byteAt(nowMs)
    while (pending[0] && pending[0].atByte <= now) giveBack(pending.shift()!.mark, nowMs, false)
    const endMs = endByte / BYTES_PER_MS
    if (speaking && endByte <= now && (boundary || nowMs >= endMs + SETTLE_MS)) stopSpeaking(endMs)
  }

  function countGap(startByte: number): void {
    const atMs = endByte / BYTES_PER_MS
    const gapMs = startByte / BYTES_PER_MS - atMs
    if (gapMs < MIN_GAP_MS || receivedBytes === 0) return
    gaps.push({ atMs, gapMs, atUtteranceEnd: boundary })
    if (!boundary && (marks.length > 0 || gapMs < UNMARKED_PAUSE_MS)) handlers.onUnderrun(atMs, gapMs)
  }

  /** Takes back what is not yet played; pending marks return, in order. */
  function drop(nowMs: number): number {
    advance(nowMs)
    const now = byteAt(nowMs)
    const dropped = Math.max(0, endByte - now)
    discardedBytes += dropped
    endByte -= dropped
    const returned = pending
    pending = []
    for (const { mark } of returned) giveBack(mark, nowMs, true)
    boundary = true
    if (speaking) stopSpeaking(endByte / BYTES_PER_MS)
    return dropped
  }

  return {
    receive(nowMs, bytes) {
      advance(nowMs)
      const now = byteAt(nowMs)
      const startByte = Math.max(now, endByte)
      if (startByte > endByte) countGap(startByte)
      if (!speaking) {
        speaking = true
        const startMs = startByte / BYTES_PER_MS
        segments.push({ startMs, endMs: startMs })
        handlers.onSpeechStarted(startMs)
      }
      boundary = false
      endByte = startByte + bytes
      receivedBytes += bytes
      maxBufferedMs = Math.max(maxBufferedMs, (endByte - now) / BYTES_PER_MS)
      return startByte
    },
    mark(nowMs, name) {
      advance(nowMs)
      const mark: MarkRecord = { name, label: labelOf(name), receivedAtMs: nowMs }
      marks.push(mark)
      boundary = true
      if (endByte > byteAt(nowMs)) pending.push({ mark, atByte: endByte })
      else giveBack(mark, nowMs, false)
      advance(nowMs)
    },
    clear: drop,
    advance,
    end: drop,
    get nextDueMs() {
      if (pending[0]) return pending[0].atByte / BYTES_PER_MS
      if (!speaking) return Infinity
      return endByte / BYTES_PER_MS + (boundary ? 0 : SETTLE_MS)
    },
    get speaking() {
      return speaking
    },
    get silentSinceMs() {
      return endByte / BYTES_PER_MS
    },
    bufferedBytes: (nowMs) => Math.max(0, endByte - byteAt(nowMs)),
    get receivedBytes() {
      return receivedBytes
    },
    get discardedBytes() {
      return discardedBytes
    },
    get maxBufferedMs() {
      return maxBufferedMs
    },
    marks,
    segments,
    gaps,
    underruns: () =>
      gaps.filter((gap) => !gap.atUtteranceEnd && (marks.length > 0 || gap.gapMs < UNMARKED_PAUSE_MS)),
  }
}
