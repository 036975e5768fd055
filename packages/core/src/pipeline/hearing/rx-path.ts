import { bytesPerSecond, type AudioFormat, frameBytes } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { type AudioHistory, createAudioHistory } from './audio-history.ts'
import type { CallSettings } from '../call-settings.ts'
import { createFrameQueue, type FrameQueueStats, type FrameWriter } from '../speaking/frame-queue.ts'
import { createRxWorker, type RxWorker } from './rx-worker.ts'
import type { HearingLink } from './stt-link.ts'

/** rx-queue -> stt: the queue, the one worker that empties it into STT, and the link that keeps STT open. */
export interface RxPath<Link extends HearingLink = HearingLink> {
  readonly writer: FrameWriter<never>
  readonly worker: RxWorker
  readonly link: Link
  readonly queue: FrameQueueStats
  readonly history: AudioHistory
}

/** Audio kept for a replay when no final comes. */
const REPLAY_KEPT_MS = 30_000

export function createRxPath<Link extends HearingLink>(parts: {
  format: AudioFormat
  settings: CallSettings
  clock: Clock
  /** Makes what the RX worker writes to; `history` is where it may have audio repeated from. */
  createLink: (history: AudioHistory) => Link
}): RxPath<Link> {
  const { format, settings, clock } = parts
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
  const link = parts.createLink(history)
  return {
    writer,
    worker: createRxWorker({ reader, history, sink: () => link.sink, format, settings, clock }),
    link,
    queue: stats,
    history,
  }
}
