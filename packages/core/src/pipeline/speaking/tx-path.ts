import { frameBytes } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import type { TransportCall } from '../../contracts/transport.ts'
import type { CallSettings } from '../call-settings.ts'
import type { CallTap } from '../call-tap.ts'
import { createFrameQueue, type FrameQueueStats } from './frame-queue.ts'
import { createPlayoutClock } from './playout-clock.ts'
import { createTxLine, type OpenMark, type TxControl, type TxLine } from './tx-line.ts'
import { createTxWorker, type TxWorker } from './tx-worker.ts'

/** tx-queue -> caller: what producers write to, and the one worker that empties it onto the wire. */
export interface TxPath {
  readonly line: TxLine
  readonly worker: TxWorker
  readonly queue: FrameQueueStats
  /** The call is over, nothing of it can be heard any more: what waits is discarded, and no mark comes back. */
  end(): void
}

export function createTxPath(parts: {
  call: TransportCall
  settings: CallSettings['txQueue']
  clock: Clock
  taps: readonly CallTap[]
}): TxPath {
  const { call, settings, clock, taps } = parts
  const { writer, reader, stats } = createFrameQueue<TxControl>({
    maxFrames: settings.maxFrames,
    frameBytes: frameBytes(call.format),
    overflow: 'back-pressure',
    clock,
  })
  const playout = createPlayoutClock()
  const openMarks: OpenMark[] = []
  return {
    line: createTxLine({ writer, stats, playout, openMarks, clock }),
    worker: createTxWorker({ reader, call, settings, playout, openMarks, taps }),
    queue: stats,
    end() {
      writer.discard((control) => {
        if (control.type !== 'clear') control.settle('cleared')
      })
      for (const mark of openMarks.splice(0)) mark.settle('cleared')
      writer.end()
    },
  }
}
