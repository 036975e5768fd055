import { MULAW_8K, bytesPerSecond, type Logger, type Metrics } from '@kav/core'

/** Audio crosses to the worker in pieces of 100 ms: ten messages a second and call. */
const CROSSING_BYTES = bytesPerSecond(MULAW_8K) / 10

/** Audio on its way to the worker: gathered into pieces, and dropped while the worker is too far behind. */
export interface AudioCrossing {
  write(audio: Uint8Array): void
  /** What was gathered goes out as it is. */
  flush(): void
  /** The worker has taken so much. */
  taken(bytes: number): void
}

export interface AudioCrossingOptions {
  readonly callId: string
  /** Audio the worker may be behind before more is dropped. */
  readonly maxBacklogMs: number
  readonly log: Logger
  readonly metrics: Metrics
  /** Hands a piece over; `skippedBytes` were dropped before it. Its buffer is the worker's from then on. */
  post(bytes: Uint8Array<ArrayBuffer>, skippedBytes: number): void
}

export function createAudioCrossing(options: AudioCrossingOptions): AudioCrossing {
  const { callId, log, metrics } = options
  const maxBacklogBytes = (bytesPerSecond(MULAW_8K) * options.maxBacklogMs) / 1000
  let crossing = new Uint8Array(CROSSING_BYTES)
  let filled = 0
  let backlogBytes = 0
  let skippedBytes = 0
  let isDropping = false

  function cross(): void {
    if (filled === 0) return
    if (backlogBytes + filled > maxBacklogBytes) {
      drop()
      return
    }
    isDropping = false
    const bytes = crossing.subarray(0, filled)
    backlogBytes += filled
    options.post(bytes, skippedBytes)
    crossing = new Uint8Array(CROSSING_BYTES)
    filled = 0
    skippedBytes = 0
  }

  function drop(): void {
    metrics.count('stt_worker_lag_dropped_bytes_total', filled)
    if (!isDropping) log.warn({ call: callId, backlogBytes }, 'STT worker lags; audio is dropped')
    isDropping = true
    skippedBytes += filled
    filled = 0
  }

  return {
    write(audio) {
      for (let at = 0; at < audio.length;) {
        const taken = Math.min(CROSSING_BYTES - filled, audio.length - at)
        crossing.set(audio.subarray(at, at + taken), filled)
        filled += taken
        at += taken
        if (filled === CROSSING_BYTES) cross()
      }
    },
    flush: cross,
    taken(bytes) {
      backlogBytes = Math.max(0, backlogBytes - bytes)
    },
  }
}
