import { toUs, US_PER_MS } from '../../kit/whole-us.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { SharedAlarm } from '../shared-alarm.ts'
import type { IntakeCounters } from '../hearing/rx-intake.ts'
import type { RxPath } from '../hearing/rx-path.ts'
import type { TxPath } from '../speaking/tx-path.ts'

export interface CallMeters {
  readonly intake: IntakeCounters
  readonly rx: RxPath
  readonly tx: TxPath
}

const SECOND_US = toUs(1000)

/** The once-a-second lines of one call, from differences of its counters. */
export function createSecondReport(
  meters: CallMeters,
  telemetry: CallTelemetry,
  deadlines: SharedAlarm,
): { start(nowUs: number): void } {
  const alarm = deadlines.part((nowUs) => {
    report()
    next(nowUs)
  })
  let dueUs = 0
  let framesIn = 0
  let framesOut = 0
  let writes = 0
  let writeMs = 0

  function report(): void {
    const { intake, rx, tx } = meters
    const newWrites = rx.worker.counters.writes - writes
    telemetry.rxSecond({
      fpsIn: Math.round(intake.frames - framesIn),
      q: rx.audio.waitingFrames,
      drops: rx.audio.droppedFrames,
      writeMs: newWrites === 0 ? 0 : (rx.worker.counters.writeMs - writeMs) / newWrites,
    })
    telemetry.txSecond({
      fps: tx.worker.counters.framesSent - framesOut,
      q: tx.queue.depth,
      // Nothing is ever dropped on the way out: a producer waits for room.
      drops: 0,
      underruns: tx.worker.counters.underruns,
    })
    framesIn = intake.frames
    framesOut = tx.worker.counters.framesSent
    writes = rx.worker.counters.writes
    writeMs = rx.worker.counters.writeMs
  }

  function next(nowUs: number): void {
    // After a stall the seconds that were missed are one.
    dueUs = nowUs - dueUs > SECOND_US ? nowUs + SECOND_US : dueUs + SECOND_US
    alarm.at(dueUs)
  }

  return {
    start(nowUs) {
      dueUs = nowUs
      next(nowUs)
    },
  }
}

/** All counters of the call by the names the record and the metrics use. */
export function callTotals(meters: CallMeters): Record<string, number> {
  const { intake, rx, tx } = meters
  return {
    rx_frames: Math.round(intake.frames),
    rx_queue_dropped_frames: rx.audio.droppedFrames,
    rx_unheard_frames: rx.audio.unheardFrames,
    rx_queue_max_depth: rx.audio.maxWaitingFrames,
    stt_writes: rx.worker.counters.writes,
    stt_bytes: rx.worker.counters.bytesWritten,
    stt_given_bytes: rx.audio.givenBytes,
    stt_write_ms: Math.round(rx.worker.counters.writeMs * 10) / 10,
    stt_replay_overflow_bytes: rx.audio.unansweredBytes,
    tx_frames: tx.worker.counters.framesSent,
    tx_background_frames: tx.worker.counters.backgroundFrames,
    tx_muted_frames: tx.worker.counters.mutedFrames,
    // Stands for what cannot happen: a producer waits for room.
    tx_queue_dropped_frames: 0,
    tx_queue_discarded_frames: tx.queue.discarded,
    tx_queue_max_depth: tx.queue.maxDepth,
    tx_controls_above_bound: tx.queue.controlsAboveBound,
    tx_underruns: tx.worker.counters.underruns,
    tx_underrun_ms: Math.round(tx.worker.counters.underrunUs / US_PER_MS),
    tx_held_by_socket: tx.worker.counters.heldBySocket,
    floor_taken_over: tx.floor.counters.takenOver,
    tx_clears: tx.worker.counters.clears,
    tx_marks: tx.worker.counters.marksSent,
    tx_stale_marks: tx.worker.counters.staleMarks,
    tx_marks_missing: tx.worker.counters.marksMissing,
    tx_marks_late: tx.worker.counters.marksLate,
  }
}
