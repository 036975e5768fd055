import type { CallTelemetry } from '../telemetry/call-telemetry.ts'
import type { AudioHistory } from './audio-history.ts'
import type { FrameQueueStats } from './frame-queue.ts'
import type { RxWorker } from './rx-worker.ts'
import type { TxWorker } from './tx-worker.ts'

/** What is counted on the receive path, before any queue. */
export interface IntakeCounters {
  bytes: number
  /** Frames as the phone sends them (by payload length, not by message). */
  frames: number
}

export interface CallMeters {
  readonly intake: IntakeCounters
  readonly rxQueue: FrameQueueStats
  readonly txQueue: FrameQueueStats
  readonly rx: RxWorker
  readonly tx: TxWorker
  readonly history: AudioHistory
}

/** The once-a-second lines of one call, from differences of its counters. */
export function createSecondReport(
  meters: CallMeters,
  telemetry: CallTelemetry,
): { onFrame(nowMs: number): void } {
  let nextMs = -1
  let framesIn = 0
  let framesOut = 0
  let writes = 0
  let writeMs = 0
  return {
    onFrame(nowMs) {
      if (nextMs < 0) nextMs = nowMs + 1000
      if (nowMs < nextMs) return
      nextMs += 1000
      if (nowMs > nextMs) nextMs = nowMs + 1000
      const { intake, rxQueue, txQueue, rx, tx } = meters
      const newWrites = rx.counters.writes - writes
      telemetry.rxSecond({
        fpsIn: Math.round(intake.frames - framesIn),
        q: rxQueue.depth,
        drops: rxQueue.dropped,
        writeMs: newWrites === 0 ? 0 : (rx.counters.writeMs - writeMs) / newWrites,
      })
      telemetry.txSecond({
        fps: tx.counters.framesSent - framesOut,
        q: txQueue.depth,
        drops: txQueue.dropped,
        underruns: tx.counters.underruns,
      })
      framesIn = intake.frames
      framesOut = tx.counters.framesSent
      writes = rx.counters.writes
      writeMs = rx.counters.writeMs
    },
  }
}

/** All counters of the call by the names the record and the metrics use. */
export function callTotals(meters: CallMeters): Record<string, number> {
  const { intake, rxQueue, txQueue, rx, tx, history } = meters
  return {
    rx_frames: Math.round(intake.frames),
    rx_queue_dropped_frames: rxQueue.dropped,
    rx_queue_max_depth: rxQueue.maxDepth,
    stt_writes: rx.counters.writes,
    stt_bytes: rx.counters.bytesWritten,
    stt_write_ms: Math.round(rx.counters.writeMs * 10) / 10,
    stt_replay_overflow_bytes: history.overflowed,
    tx_frames: tx.counters.framesSent,
    tx_queue_dropped_frames: txQueue.dropped,
    tx_queue_discarded_frames: txQueue.discarded,
    tx_queue_max_depth: txQueue.maxDepth,
    tx_controls_above_bound: txQueue.controlsAboveBound,
    tx_underruns: tx.counters.underruns,
    tx_underrun_ms: Math.round(tx.counters.underrunMs),
    tx_held_by_socket: tx.counters.heldBySocket,
    tx_clears: tx.counters.clears,
    tx_marks: tx.counters.marksSent,
    tx_stale_marks: tx.counters.staleMarks,
  }
}
