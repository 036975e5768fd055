import { type Clock, type Logger, messageOf, type Metrics, type TransportCall } from '@kav/core'
import type { CallTap } from '@kav/core/host'
import type { Storage } from './process/storage.ts'
import { createRecordingTap, type RecordingFacts, type RecordingFormat } from './recording-tap.ts'

/** The recording of a running call. */
export interface CallRecording {
  readonly tap: CallTap
  /** When the file is complete: its figures, as the call's record tells them. Never rejects. */
  readonly counters: Promise<Readonly<Record<string, number>>>
}

/** Records a call into `<base>.wav`; what goes wrong or missing is logged and counted. */
export function openCallRecording(parts: {
  base: string
  call: TransportCall
  kept: RecordingFormat
  storage: Storage
  clock: Clock
  log: Logger
  metrics: Metrics
}): CallRecording {
  const { call, kept, clock, log, metrics } = parts
  const file = `${parts.base}.wav`

  function onError(error: unknown): void {
    metrics.count('recordings_failed_total')
    log.error({ file, error: messageOf(error) }, 'RECORD: the recording could not be written')
  }

  function tell(facts: RecordingFacts): Readonly<Record<string, number>> {
    let dropped = 0
    for (const [reason, ms] of Object.entries(facts.droppedMs)) {
      if (ms > 0) metrics.count('recording_dropped_ms_total', ms, { reason })
      dropped += ms
    }
    if (dropped > 0)
      log.warn({ file, ...facts.droppedMs }, 'RECORD: parts of the call are not in the recording')
    return { recording_ms: facts.ms, recording_dropped_ms: dropped }
  }

  const tap = createRecordingTap(file, onError, {
    callFormat: call.format,
    kept,
    startedAtMs: clock.nowMs(),
    nowMs: () => clock.nowMs(),
    inTurn: (action) => parts.storage.run(action),
  })
  return { tap, counters: tap.written.then(tell) }
}
