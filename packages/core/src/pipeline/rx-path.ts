import { bytesPerSecond, type AudioFormat, frameBytes } from '../contracts/audio.ts'
import type { Clock } from '../contracts/clock.ts'
import type { CallTelemetry } from '../telemetry/call-telemetry.ts'
import { type AudioHistory, createAudioHistory } from './audio-history.ts'
import type { CallSettings } from './call-settings.ts'
import { createFrameQueue, type FrameQueueStats, type FrameWriter } from './frame-queue.ts'
import { createRxWorker, type RxWorker } from './rx-worker.ts'
import { createSttLink, type SttLink, type SttLinkEvent } from './stt-link.ts'
import type { NamedStt } from './stt-routes.ts'

/** rx-queue -> stt: the queue, the one worker that empties it into STT, and the link that keeps STT open. */
export interface RxPath {
  readonly writer: FrameWriter<never>
  readonly worker: RxWorker
  readonly link: SttLink
  readonly queue: FrameQueueStats
  readonly history: AudioHistory
}

/** Audio kept for a replay when no final comes. */
const REPLAY_KEPT_MS = 30_000

export function createRxPath(parts: {
  callId: string
  format: AudioFormat
  settings: CallSettings
  stt: readonly NamedStt[]
  hints: readonly string[]
  clock: Clock
  telemetry: CallTelemetry
  onEvent: (event: SttLinkEvent, nowMs: number) => void
}): RxPath {
  const { callId, format, settings, hints, clock, telemetry, onEvent } = parts
  const byteRate = bytesPerSecond(format)
  const { writer, reader, stats } = createFrameQueue<never>({
    maxFrames: settings.rxQueue.maxFrames,
    frameBytes: frameBytes(format),
    overflow: 'drop-oldest',
    clock,
  })
  const history = createAudioHistory({
    pieceBytes: byteRate / 5,
    maxBytes: (byteRate * REPLAY_KEPT_MS) / 1000,
  })
  const { language } = settings.conversation
  const link = createSttLink({
    callId,
    providers: parts.stt,
    format,
    hints,
    language,
    history,
    clock,
    telemetry,
    onEvent,
  })
  return {
    writer,
    worker: createRxWorker({ reader, history, sink: () => link.sink, format, settings, clock }),
    link,
    queue: stats,
    history,
  }
}
