import { type AudioFormat, type Clock, messageOf, type Metrics, type TransportCall } from '@kav/core'
import type { Storage } from './process/storage.ts'
import type { CallRecording, RecordingOutcome } from './recording/call-recording.ts'
import { hideSounds } from './recording/hide-sounds.ts'
import { createRecordingTap, type RecordingFacts, type RecordingFormat } from './recording-tap.ts'

/** How long a call's record waits for the recording of a call that is over. */
const CLOSE_LIMIT_MS = 10_000

/** Records a call into `<base>.wav`; what goes wrong or missing is counted, and told by `close`. */
export function openCallRecording(parts: {
  base: string
  call: TransportCall
  kept: RecordingFormat
  storage: Storage
  clock: Clock
  metrics: Metrics
}): CallRecording {
  const { call, kept, storage, clock, metrics } = parts
  const file = `${parts.base}.wav`
  const patience = new AbortController()
  let error: string | undefined
  let gaveUp = false

  const tap = createRecordingTap(file, onError, {
    callFormat: call.format,
    kept,
    startedAtMs: clock.nowMs(),
    nowMs: () => clock.nowMs(),
    // What is left to do of a file that has failed, or that nobody waits for, is to close it.
    inTurn: (action) =>
      error !== undefined || patience.signal.aborted
        ? storage.letGo(action)
        : storage.runUntil(patience.signal, action),
  })

  function onError(thrown: unknown): void {
    if (error !== undefined) return
    error = messageOf(thrown)
    metrics.count('recordings_failed_total')
  }

  async function close(): Promise<RecordingOutcome> {
    tap.close()
    const cancel = clock.after(CLOSE_LIMIT_MS, () => patience.abort())
    const given = new Promise<'given up'>((resolve) => {
      if (patience.signal.aborted) resolve('given up')
      else patience.signal.addEventListener('abort', () => resolve('given up'), { once: true })
    })
    const end = await Promise.race([tap.written, given])
    cancel()
    if (end !== 'given up') return outcomeOf(end)
    gaveUp = true
    onError(new Error('the disk did not take its end in time'))
    return outcomeOf({ ...tap.facts(), failed: true })
  }

  function outcomeOf(facts: RecordingFacts): RecordingOutcome {
    let dropped = 0
    for (const [reason, ms] of Object.entries(facts.droppedMs)) {
      if (ms > 0) metrics.count('recording_dropped_ms_total', ms, { reason })
      dropped += ms
    }
    return {
      counters: { recording_ms: facts.ms, recording_dropped_ms: dropped },
      complete: dropped === 0 && !facts.failed,
      told: { file, ...facts.droppedMs, ...(error === undefined ? {} : { error }) },
    }
  }

  const format: AudioFormat = {
    encoding: kept === 'pcm16' ? 'linear16' : kept,
    sampleRateHz: call.format.sampleRateHz,
  }
  return {
    tap,
    format,
    advance: () => tap.advance(clock.nowMs()),
    close,
    hide(stretches) {
      // What the disk has not taken may come later, behind the tone.
      const known = gaveUp && stretches.length > 0 ? undefined : stretches
      return hideSounds({ file, stretches: known, beginsMs: tap.facts().beginsMs, storage, metrics })
    },
    giveUp: () => patience.abort(),
  }
}
