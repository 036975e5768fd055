import { type AudioFormat, bytesPerSecond, frameBytes } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import type { AudioHistory } from './audio-history.ts'
import type { CallSettings } from '../call-settings.ts'
import type { FrameReader } from '../speaking/frame-queue.ts'

/**
 * rx-queue -> stt. THE ONLY STT WRITER: nobody else holds the rx reader, and nobody else writes the caller's audio to
 * a session. It finishes the last one; one that was replaced in mid-call is finished by the STT link.
 *
 * While no session is ready it waits, and the rx-queue holds. Then audio goes out in `BATCH_MS` pieces, oldest
 * first: a frame that arrived on time leaves on the next tick, a backlog (late STT, a burst, a replay) at
 * `CATCHUP_RATE` times real time at most. `RESYNC_MS` is all the credit a gap can earn.
 */
export interface RxWorker {
  onTick(nowMs: number): void
  readonly counters: RxCounters
}

export interface RxCounters {
  writes: number
  bytesWritten: number
  /** Time spent inside the session's `write`, in all. */
  writeMs: number
}

/** Where STT audio goes; the STT link offers it while a session (or the utterance collector) is ready. */
export interface SttSink {
  write(audio: Uint8Array): void
  finish(): void
}

export function createRxWorker(parts: {
  reader: FrameReader<never>
  history: AudioHistory
  /** The sink of this moment, `undefined` while none is ready. */
  sink: () => SttSink | undefined
  format: AudioFormat
  settings: Pick<CallSettings, 'rxQueue' | 'stt'>
  clock: Clock
}): RxWorker {
  const { reader, history, sink, format, clock } = parts
  const { catchupRate, resyncMs } = parts.settings.rxQueue
  const bytesPerMs = bytesPerSecond(format) / 1000
  const batchMs = parts.settings.stt.batchMs
  const batch = Buffer.alloc(Math.round(batchMs * bytesPerMs))
  const frame = Buffer.alloc(frameBytes(format))
  /** The token bucket: earliest moment at which the next piece may go. */
  let nextWriteMs = -Infinity
  let lastArrivalMs = 0
  let finished: SttSink | undefined
  const counters: RxCounters = { writes: 0, bytesWritten: 0, writeMs: 0 }

  function takeFromQueue(nowMs: number): void {
    while (reader.peek() === 'media' && history.end - history.readPosition < batch.length) {
      history.append(frame, reader.readMedia(frame, 0))
      lastArrivalMs = nowMs
    }
  }

  /** Most ticks find no frame and at most a piece that is not yet whole. */
  function nothingDue(nowMs: number): boolean {
    if (reader.peek() !== 'empty') return false
    const held = history.end - history.readPosition
    return held === 0 || (held < batch.length && nowMs - lastArrivalMs < batchMs)
  }

  function write(target: SttSink, nowMs: number): void {
    const length = history.read(batch)
    const startedMs = clock.nowMs()
    target.write(length === batch.length ? batch : batch.subarray(0, length))
    counters.writeMs += clock.nowMs() - startedMs
    counters.writes++
    counters.bytesWritten += length
    nextWriteMs = Math.max(nextWriteMs, nowMs - resyncMs) + length / bytesPerMs / catchupRate
  }

  return {
    onTick(nowMs) {
      if (nothingDue(nowMs)) return
      const target = sink()
      if (!target || target === finished) return
      while (nowMs >= nextWriteMs) {
        takeFromQueue(nowMs)
        const held = history.end - history.readPosition
        const ended = reader.peek() === 'ended'
        // A piece stays incomplete only while more audio may come for it.
        const due = held >= batch.length || (held > 0 && (ended || nowMs - lastArrivalMs >= batchMs))
        if (due) {
          write(target, nowMs)
          continue
        }
        if (ended) {
          finished = target
          target.finish()
        }
        return
      }
    },
    counters,
  }
}
