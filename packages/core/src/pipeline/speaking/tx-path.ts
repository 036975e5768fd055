import { frameBytes } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import type { TransportCall } from '../../contracts/transport.ts'
import { nowUs, US_PER_MS } from '../../kit/whole-us.ts'
import type { CallSettings } from '../call-settings.ts'
import type { CallTap } from '../call-tap.ts'
import type { Alarm } from '../frame-clock.ts'
import { createAgentVoice } from './agent-voice.ts'
import { type Background, createBackgroundMix } from './background.ts'
import { createDucking } from './ducking.ts'
import { createFloor, type Floor } from './floor.ts'
import { createMuting } from './muting.ts'
import { createFrameQueue, type FrameQueueStats } from './frame-queue.ts'
import type { MarkNews } from './mark-watch.ts'
import { createPlayoutClock } from './playout-clock.ts'
import type { OpenMark, TxControl } from './tx-control.ts'
import { createTxWorker, type TxWorker } from './tx-worker.ts'

/** tx-queue -> caller: the floor that producers take, and the one worker that empties the queue onto the wire. */
export interface TxPath {
  readonly floor: Floor
  readonly worker: TxWorker
  readonly queue: FrameQueueStats
  /** Whether the agent's frames are silence on the wire. */
  mute(on: boolean): void
  muted(): boolean
  /** Nobody speaks any more: whoever did learns what was heard of it. */
  end(): void
}

export function createTxPath(parts: {
  call: TransportCall
  settings: CallSettings['txQueue']
  /** How much softer the agent is while it is ducked; 0: not at all. */
  duckDb: number
  background: Background | undefined
  clock: Clock
  /** Visits the TX worker. */
  alarm: Alarm
  taps: readonly CallTap[]
  /** The agent's voice was in the caller's ear from then to then. */
  onHeard: (startMs: number, endMs: number) => void
  markNews: MarkNews
  onFailure: (thrown: unknown) => void
}): TxPath {
  const { call, settings, clock, alarm, taps, markNews, onFailure } = parts
  const { writer, reader, stats } = createFrameQueue<TxControl>({
    maxFrames: settings.maxFrames,
    frameBytes: frameBytes(call.format),
    clock,
    onWork: () => worker.wake(nowUs(clock)),
  })
  const playout = createPlayoutClock()
  const ducking = createDucking(call.format, parts.duckDb)
  const muting = createMuting(call.format)
  const agentVoice = createAgentVoice((startUs, endUs) =>
    parts.onHeard(startUs / US_PER_MS, endUs / US_PER_MS),
  )
  const openMarks: OpenMark[] = []
  const worker = createTxWorker({
    reader,
    call,
    settings,
    playout,
    agentVoice,
    ducking,
    muting,
    background: parts.background && createBackgroundMix(parts.background, call.format),
    openMarks,
    alarm,
    taps,
    markNews,
    onFailure,
  })
  // A background is heard from the first moment on, whoever speaks when.
  if (parts.background) worker.wake(nowUs(clock))
  const floor = createFloor({ writer, stats, playout, ducking, muting, openMarks, clock })
  return {
    floor,
    worker,
    queue: stats,
    mute(on) {
      muting.on = on
    },
    muted() {
      return muting.on
    },
    end() {
      floor.end()
      agentVoice.end(nowUs(clock))
    },
  }
}
