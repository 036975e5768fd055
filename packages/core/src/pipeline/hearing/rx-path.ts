import type { AudioFormat } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import type { CallSettings } from '../call-settings.ts'
import type { Alarm } from '../frame-clock.ts'
import {
  type CallerAudioMemory,
  type CallerAudioStats,
  type CallerAudioWriter,
  createCallerAudio,
} from './caller-audio.ts'
import type { HearingLink } from './hearing-link.ts'
import { createRxWorker, type RxWorker } from './rx-worker.ts'

/** caller audio -> stt: the ring, the one worker that reads it into STT, and the link that keeps STT open. */
export interface RxPath<Link extends HearingLink = HearingLink> {
  readonly writer: CallerAudioWriter
  readonly worker: RxWorker
  readonly link: Link
  readonly audio: CallerAudioStats
  /** The call is over: what is left goes out, and the session is finished. */
  end(): void
}

export function createRxPath<Link extends HearingLink>(parts: {
  format: AudioFormat
  settings: CallSettings
  clock: Clock
  /** Visits the RX worker. */
  alarm: Alarm
  /** Makes what the RX worker writes to; `memory` is where it may have audio repeated from. */
  createLink: (memory: CallerAudioMemory, worker: RxWorker) => Link
}): RxPath<Link> {
  const { format, settings, clock, alarm } = parts
  const audio = createCallerAudio({ format, maxWaitingFrames: settings.rxQueue.maxFrames })
  const worker = createRxWorker({ reader: audio.reader, format, settings, alarm, clock })
  return {
    writer: audio.writer,
    worker,
    link: parts.createLink(audio.memory, worker),
    audio: audio.stats,
    end() {
      audio.writer.close()
      worker.end()
    },
  }
}
