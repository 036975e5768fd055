import { type AudioFormat, bytesPerSecond } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { toUs, US_PER_MS } from '../../kit/whole-us.ts'
import type { CallSettings } from '../call-settings.ts'
import type { Alarm, Sleeper } from '../frame-clock.ts'
import type { CallerAudioReader } from './caller-audio.ts'

/**
 * caller audio -> stt. THE ONLY STT WRITER: nobody else may read the caller's audio on, and nobody else writes it to
 * a session. It finishes the last one; one that was replaced in mid-call is finished by the STT link.
 *
 * While no session is ready it waits, and the ring holds. Then audio goes out in `BATCH_MS` pieces, oldest first: a
 * piece that is whole leaves on the next tick, a backlog (late STT, a burst, a replay) at `CATCHUP_RATE` times real
 * time at most. `RESYNC_MS` is all the credit a gap can earn.
 */
export interface RxWorker {
  /** Audio was appended. */
  arrived(nowUs: number): void
  /** From now on audio goes here, from wherever the reader stands. */
  attach(sink: SttSink): void
  /** Nobody takes audio. */
  detach(): void
  /** No more audio will come: what is left goes out without waiting for a whole piece, and `finish` follows. */
  end(): void
  /** How long so much audio takes to go out, from a backlog. */
  catchUpMs(bytes: number): number
  readonly counters: RxCounters
}

export interface RxCounters {
  writes: number
  bytesWritten: number
  /** Time spent inside the session's `write`, in all. */
  writeMs: number
}

/** Where STT audio goes: a session, or the utterance recogniser. */
export interface SttSink {
  write(audio: Uint8Array): void
  finish(): void
}

export interface RxWorkerParts {
  readonly reader: CallerAudioReader
  readonly format: AudioFormat
  readonly settings: Pick<CallSettings, 'rxQueue' | 'stt'>
  readonly alarm: Alarm
  readonly clock: Clock
}

export function createRxWorker(parts: RxWorkerParts): RxWorker {
  return new Worker(parts)
}

/** A class: this runs for every frame of every call. */
class Worker implements RxWorker, Sleeper {
  readonly counters: RxCounters = { writes: 0, bytesWritten: 0, writeMs: 0 }
  readonly #reader: CallerAudioReader
  readonly #alarm: Alarm
  readonly #clock: Clock
  readonly #batchBytes: number
  #batch: Buffer
  readonly #batchUs: number
  readonly #resyncUs: number
  /** Real time that a byte may take at the catch-up rate. */
  readonly #usPerByte: number
  #sink: SttSink | undefined
  /** The token bucket: earliest moment at which the next piece may go. */
  #nextWriteUs = -Infinity
  #lastArrivalUs = 0
  #finished: SttSink | undefined
  /** The alarm is set for a piece that is whole. */
  #pieceDue = false

  constructor({ reader, format, settings, alarm, clock }: RxWorkerParts) {
    const { batchMs } = settings.stt
    const bytesPerMs = bytesPerSecond(format) / 1000
    this.#reader = reader
    this.#alarm = alarm
    alarm.wakes(this)
    this.#clock = clock
    this.#batchBytes = Math.round(batchMs * bytesPerMs)
    this.#batch = Buffer.alloc(this.#batchBytes)
    this.#batchUs = toUs(batchMs)
    this.#resyncUs = toUs(settings.rxQueue.resyncMs)
    this.#usPerByte = US_PER_MS / bytesPerMs / settings.rxQueue.catchupRate
  }

  arrived(nowUs: number): void {
    this.#lastArrivalUs = nowUs
    if (!this.#pieceDue) this.#setAlarm(nowUs)
  }

  attach(sink: SttSink): void {
    this.#sink = sink
    this.#setAlarm(toUs(this.#clock.nowMs()))
  }

  detach(): void {
    this.#sink = undefined
    this.#setAlarm(0)
  }

  end(): void {
    this.#setAlarm(toUs(this.#clock.nowMs()))
  }

  catchUpMs(bytes: number): number {
    return (bytes * this.#usPerByte) / US_PER_MS
  }

  onDue(nowUs: number): void {
    while (this.#sink && nowUs >= this.#nextWriteUs && this.#pieceReady(nowUs)) this.#write(this.#sink, nowUs)
    if (this.#reader.closed) this.#finish()
    this.#setAlarm(nowUs)
  }

  #finish(): void {
    if (!this.#sink || this.#finished === this.#sink || this.#reader.unreadBytes > 0) return
    this.#finished = this.#sink
    this.#sink.finish()
  }

  /** A piece stays incomplete only while more audio may come for it. */
  #pieceReady(nowUs: number): boolean {
    const { unreadBytes, closed } = this.#reader
    if (unreadBytes >= this.#batchBytes) return true
    return unreadBytes > 0 && (closed || nowUs - this.#lastArrivalUs >= this.#batchUs)
  }

  #write(sink: SttSink, nowUs: number): void {
    // It was lent, and a plugin gave it away to a thread of its own.
    if (this.#batch.length === 0) this.#batch = Buffer.alloc(this.#batchBytes)
    const length = this.#reader.read(this.#batch)
    const startedMs = this.#clock.nowMs()
    sink.write(length === this.#batchBytes ? this.#batch : this.#batch.subarray(0, length))
    this.counters.writeMs += this.#clock.nowMs() - startedMs
    this.counters.writes++
    this.counters.bytesWritten += length
    const fromUs = Math.max(this.#nextWriteUs, nowUs - this.#resyncUs)
    this.#nextWriteUs = Math.round(fromUs + length * this.#usPerByte)
  }

  #setAlarm(nowUs: number): void {
    const { unreadBytes, closed } = this.#reader
    this.#pieceDue = false
    if (!this.#sink || this.#finished === this.#sink) return this.#alarm.never()
    if (closed || unreadBytes >= this.#batchBytes) {
      this.#pieceDue = true
      return this.#alarm.at(Math.max(nowUs, this.#nextWriteUs))
    }
    if (unreadBytes > 0) return this.#alarm.at(this.#lastArrivalUs + this.#batchUs)
    this.#alarm.never()
  }
}
