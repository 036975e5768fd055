import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { IntakeCounters } from '../hearing/rx-intake.ts'
import type { RxPath } from '../hearing/rx-path.ts'
import type { TxPath } from '../speaking/tx-path.ts'

export interface CallMeters {
  readonly intake: IntakeCounters
  readonly rx: RxPath
  readonly tx: TxPath
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
      const { intake, rx, tx } = meters
      const newWrites = rx.worker.counters.writes - writes
      telemetry.rxSecond({
        fpsIn: Math.round(intake.frames - framesIn),
        q: rx.queue.depth,
        drops: rx.queue.dropped,
        writeMs: newWrites === 0 ? 0 : (rx.worker.counters.writeMs - writeMs) / newWrites,
      })
      telemetry.txSecond({
        fps: tx.worker.counters.framesSent - framesOut,
        q: tx.queue.depth,
        drops: tx.queue.dropped,
        underruns: tx.worker.counters.underruns,
      })
      framesIn = intake.frames
      framesOut = tx.worker.counters.framesSent
      writes = rx.worker.counters.writes
      writeMs = rx.worker.counters.writeMs
    },
  }
}

/** All counters of the call by the names the record and the metrics use. */
export function callTotals(meters: CallMeters): Record<string, number> {
  const { intake, rx, tx } = meters
  return {
    rx_frames: Math.round(intake.frames),
    rx_queue_dropped_frames: rx.queue.dropped,
    rx_queue_max_depth: rx.queue.maxDepth,
    stt_writes: rx.worker.counters.writes,
    stt_bytes: rx.worker.counters.bytesWritten,
    stt_write_ms: Math.round(rx.worker.counters.writeMs * 10) / 10,
    stt_replay_overflow_bytes: rx.history.overflowed,
    tx_frames: tx.worker.counters.framesSent,
    tx_queue_dropped_frames: tx.queue.dropped,
    tx_queue_discarded_frames: tx.queue.discarded,
    tx_queue_max_depth: tx.queue.maxDepth,
    tx_controls_above_bound: tx.queue.controlsAboveBound,
    tx_underruns: tx.worker.counters.underruns,
    tx_underrun_ms: Math.round(tx.worker.counters.underrunMs),
    tx_held_by_socket: tx.worker.counters.heldBySocket,
    tx_clears: tx.worker.counters.clears,
    tx_marks: tx.worker.counters.marksSent,
    tx_stale_marks: tx.worker.counters.staleMarks,
    tx_marks_missing: tx.worker.counters.marksMissing,
  }
}
