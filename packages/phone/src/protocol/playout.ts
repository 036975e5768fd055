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

const byteAt = (ms: number): number => Math.max(0, Math.ceil(ms * BYTES_PER_MS - 1e-6))

export function labelOf(markName: string): string {
  const hash = markName.lastIndexOf('#')
  return hash < 0 ? markName : markName.slice(0, hash)
}

/** The server's marks: each waits until the audio before it was played. */
function createMarkLog(onReturned: (mark: MarkRecord) => void) {
  const marks: MarkRecord[] = []
  let pending: { mark: MarkRecord; atByte: number }[] = []

  function giveBack(mark: MarkRecord, atMs: number, cleared: boolean): void {
    mark.returnedAtMs = atMs
    mark.cleared = cleared
    onReturned(mark)
  }

  return {
    marks,
    /** When the next one is due; `undefined` when none waits. */
    get nextAtByte(): number | undefined {
      return pending[0]?.atByte
    },
    /** `atByte` is the end of what is still to be played before it; `undefined` when that was played. */
    add(name: string, nowMs: number, atByte: number | undefined): void {
      const mark: MarkRecord = { name, label: labelOf(name), receivedAtMs: nowMs }
      marks.push(mark)
      if (atByte === undefined) giveBack(mark, nowMs, false)
      else pending.push({ mark, atByte })
    },
    returnDue(nowMs: number, nowByte: number): void {
      while (pending[0] && pending[0].atByte <= nowByte) giveBack(pending.shift()!.mark, nowMs, false)
    },
    /** All that wait return, in order: their audio is not played. */
    returnAll(nowMs: number): void {
      const returned = pending
      pending = []
      for (const { mark } of returned) giveBack(mark, nowMs, true)
    },
  }
}

/** When the far end was heard to speak. */
function createSpeechLog(handlers: Pick<PlayoutHandlers, 'onSpeechStarted' | 'onSpeechStopped'>) {
  const segments: SpeechSegment[] = []
  let speaking = false
  return {
    segments,
    get speaking() {
      return speaking
    },
    start(atMs: number): void {
      if (speaking) return
      speaking = true
      segments.push({ startMs: atMs, endMs: atMs })
      handlers.onSpeechStarted(atMs)
    },
    stop(atMs: number): void {
      speaking = false
      const segment = segments.at(-1)
      // What waited to be played and was taken back was not played at all.
      if (segment) segment.endMs = Math.max(segment.startMs, atMs)
      handlers.onSpeechStopped(atMs)
    },
  }
}

/** The times the buffer ran dry. `marked`: whether the server marks its utterances, so that their ends are known. */
function createGapLog(onUnderrun: PlayoutHandlers['onUnderrun']) {
  const gaps: Gap[] = []
  const heard = (gap: Gap, marked: boolean): boolean =>
    !gap.atUtteranceEnd && (marked || gap.gapMs < UNMARKED_PAUSE_MS)
  return {
    gaps,
    add(gap: Gap, marked: boolean): void {
      if (gap.gapMs < MIN_GAP_MS) return
      gaps.push(gap)
      if (heard(gap, marked)) onUnderrun(gap.atMs, gap.gapMs)
    },
    underruns: (marked: boolean): readonly Gap[] => gaps.filter((gap) => heard(gap, marked)),
  }
}

/** What is to be played and when, in bytes of the stream's time line. */
function createSchedule(holdBytes: number) {
  let endByte = 0
  /** Where what is being played without a gap began. */
  let runByte = 0
  return {
    get endByte() {
      return endByte
    },
    /** @param isEnded the utterance before is over: what comes now need not follow it closely. */
    add(now: number, bytes: number, isEnded: boolean): number {
      const goesOn = endByte > now || (endByte === now && !isEnded)
      const startByte = goesOn ? endByte : now + holdBytes
      if (startByte > endByte) runByte = startByte
      endByte = startByte + bytes
      return startByte
    },
    /** Returns the bytes that will not be played. */
    takeBack(now: number): number {
      const dropped = Math.max(0, endByte - Math.max(now, runByte))
      endByte = Math.min(endByte, now)
      return dropped
    },
  }
}

export interface PlayoutOptions {
  /**
   * How long audio that finds the buffer dry waits before it is played, so that what comes up to so much later than it
   * should is no gap: a phone behind a network has such a buffer, the carrier's player has none. Default 0.
   */
  readonly holdMs?: number
}

export function createPlayout(handlers: PlayoutHandlers, { holdMs = 0 }: PlayoutOptions = {}): Playout {
  const markLog = createMarkLog((mark) => handlers.onMarkReturned(mark))
  const speech = createSpeechLog(handlers)
  const gapLog = createGapLog((atMs, gapMs) => handlers.onUnderrun(atMs, gapMs))
  const schedule = createSchedule(holdMs * BYTES_PER_MS)
  let receivedBytes = 0
  let discardedBytes = 0
  let maxBufferedMs = 0
  /** The utterance has ended: what comes next is another one. */
  let boundary = true

  function advance(nowMs: number): void {
    const now = byteAt(nowMs)
    markLog.returnDue(nowMs, now)
    const endMs = schedule.endByte / BYTES_PER_MS
    if (speech.speaking && schedule.endByte <= now && (boundary || nowMs >= endMs + SETTLE_MS))
      speech.stop(endMs)
  }

  function countGap(endByte: number, startByte: number): void {
    const atMs = endByte / BYTES_PER_MS
    const gapMs = startByte / BYTES_PER_MS - atMs
    if (receivedBytes > 0) gapLog.add({ atMs, gapMs, atUtteranceEnd: boundary }, markLog.marks.length > 0)
  }

  /** Takes back what is not yet played; pending marks return, in order. */
  function drop(nowMs: number): number {
    advance(nowMs)
    const now = byteAt(nowMs)
    const dropped = schedule.takeBack(now)
    discardedBytes += dropped
    markLog.returnAll(nowMs)
    boundary = true
    if (speech.speaking) speech.stop(schedule.endByte / BYTES_PER_MS)
    return dropped
  }

  return {
    receive(nowMs, bytes) {
      advance(nowMs)
      const now = byteAt(nowMs)
      const { endByte } = schedule
      const startByte = schedule.add(now, bytes, boundary)
      if (startByte > endByte) countGap(endByte, startByte)
      speech.start(startByte / BYTES_PER_MS)
      boundary = false
      receivedBytes += bytes
      maxBufferedMs = Math.max(maxBufferedMs, (schedule.endByte - now) / BYTES_PER_MS)
      return startByte
    },
    mark(nowMs, name) {
      advance(nowMs)
      boundary = true
      markLog.add(name, nowMs, schedule.endByte > byteAt(nowMs) ? schedule.endByte : undefined)
      advance(nowMs)
    },
    clear: drop,
    advance,
    end: drop,
    get nextDueMs() {
      if (markLog.nextAtByte !== undefined) return markLog.nextAtByte / BYTES_PER_MS
      if (!speech.speaking) return Infinity
      return schedule.endByte / BYTES_PER_MS + (boundary ? 0 : SETTLE_MS)
    },
    get speaking() {
      return speech.speaking
    },
    get silentSinceMs() {
      return schedule.endByte / BYTES_PER_MS
    },
    bufferedBytes: (nowMs) => Math.max(0, schedule.endByte - byteAt(nowMs)),
    get receivedBytes() {
      return receivedBytes
    },
    get discardedBytes() {
      return discardedBytes
    },
    get maxBufferedMs() {
      return maxBufferedMs
    },
    marks: markLog.marks,
    segments: speech.segments,
    gaps: gapLog.gaps,
    underruns: () => gapLog.underruns(markLog.marks.length > 0),
  }
}
