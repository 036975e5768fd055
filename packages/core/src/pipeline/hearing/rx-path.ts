import { type AudioFormat, bytesPerSecond } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import type { CallSettings } from '../call-settings.ts'
import type { Alarm } from '../frame-clock.ts'
import { type ArrivalTimes, createArrivalTimes } from '../arrival-times.ts'
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
  readonly arrivals: ArrivalTimes
  readonly worker: RxWorker
  readonly link: Link
  readonly audio: CallerAudioStats
  /** The newest sound of the caller, as it came. */
  recentAudio(ms: number): { readonly audio: Uint8Array; readonly format: AudioFormat }
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
  createLink: (memory: CallerAudioMemory, worker: RxWorker, arrivals: ArrivalTimes) => Link
  /** How much sound `recentAudio` can give, whatever was answered. */
  lookBackMs?: number | undefined
}): RxPath<Link> {
  const { format, settings, clock, alarm, lookBackMs } = parts
  const audio = createCallerAudio({ format, maxWaitingFrames: settings.rxQueue.maxFrames, lookBackMs })
  const arrivals = createArrivalTimes(bytesPerSecond(format) / 1000)
  const worker = createRxWorker({ reader: audio.reader, format, settings, alarm, clock })
  return {
    writer: audio.writer,
    arrivals,
    worker,
    link: parts.createLink(audio.memory, worker, arrivals),
    audio: audio.stats,
    recentAudio: (ms) => ({ audio: audio.memory.recent(ms), format }),
    end() {
      audio.writer.close()
      worker.end()
    },
  }
}
