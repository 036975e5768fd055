import { FRAME_MS } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { nowUs } from '../../kit/whole-us.ts'
import type { FrameQueueStats, FrameWriter } from './frame-queue.ts'
import type { PlayoutClock } from './playout-clock.ts'
import type { MarkOutcome, OpenMark, TxControl } from './tx-control.ts'

/**
 * The producers' end of the way to the caller. Greeting, reply, filler and tone all write here and nowhere else;
 * what they may do is queue frames, queue a mark, and (the turn loop only) interrupt.
 */
export interface TxLine {
  /** Queues one 20 ms frame (copied). `false`: no room, wait for `room()`. */
  write(frame: Uint8Array): boolean
  room(): Promise<void>
  /** Queues a mark behind what was written; resolves when the caller has heard all before it, or never will. */
  mark(label: string): Promise<MarkOutcome>
  /** Queues a cue: resolves when everything written before it has gone out (`played`), or never will. */
  cue(): Promise<MarkOutcome>
  /**
   * The only step back in the chain: discards everything queued, makes the far end discard what it holds, and
   * settles every open mark as `cleared`. `clear` goes out even when nothing is queued here, since the far end
   * may still be playing. Returns the position heard so far.
   */
  interrupt(): number
  /** Position (ms of audio since the call began) that the next frame written will have. */
  readonly nextPositionMs: number
  /** Position up to which audio went out on the wire. */
  readonly sentMs: number
  /** Position the caller has heard up to, by marks and the playout clock. */
  readonly heardMs: number
  /** True while the far end is playing or something waits to be sent. */
  readonly active: boolean
  /** Goes up with every interruption; part of every mark's name on the wire. */
  readonly epoch: number
}

export type { MarkOutcome, OpenMark, TxControl } from './tx-control.ts'

/** `greeting_end#0`: the epoch tells a mark that was played from one that `clear` returned. */
export function markName(label: string, epoch: number): string {
  return `${label}#${epoch}`
}

export function createTxLine(parts: {
  writer: FrameWriter<TxControl>
  stats: FrameQueueStats
  playout: PlayoutClock
  openMarks: OpenMark[]
  clock: Clock
}): TxLine {
  const { writer, stats, playout, openMarks, clock } = parts
  let epoch = 0
  return {
    write: (frame) => writer.writeMedia(frame),
    room: () => writer.room(),
    mark(label) {
      return new Promise((settle) => {
        void writer.writeControl({ type: 'mark', name: markName(label, epoch), settle })
      })
    },
    cue() {
      return new Promise((settle) => {
        void writer.writeControl({ type: 'cue', settle })
      })
    },
    interrupt() {
      const heardMs = playout.heardMs(clock.nowMs())
      epoch++
      writer.discard((control) => {
        if (control.type !== 'clear') control.settle('cleared')
      })
      for (const mark of openMarks.splice(0)) mark.settle('cleared')
      void writer.writeControl({ type: 'clear' })
      return heardMs
    },
    get nextPositionMs() {
      return playout.sentMs + stats.mediaDepth * FRAME_MS
    },
    get sentMs() {
      return playout.sentMs
    },
    get heardMs() {
      return playout.heardMs(clock.nowMs())
    },
    get active() {
      return stats.depth > 0 || playout.aheadUs(nowUs(clock)) > 0
    },
    get epoch() {
      return epoch
    },
  }
}
