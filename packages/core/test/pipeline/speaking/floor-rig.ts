import { nowUs, toUs } from '../../../src/kit/index.ts'
import { MULAW_8K } from '../../../src/index.ts'
import { createDucking } from '../../../src/pipeline/speaking/ducking.ts'
import { createFloor } from '../../../src/pipeline/speaking/floor.ts'
import type { FloorGrant, Loss } from '../../../src/pipeline/speaking/floor-grant.ts'
import { createFrameQueue } from '../../../src/pipeline/speaking/frame-queue.ts'
import { createMuting } from '../../../src/pipeline/speaking/muting.ts'
import { createPlayoutClock } from '../../../src/pipeline/speaking/playout-clock.ts'
import type { MarkOutcome, OpenMark, TxControl } from '../../../src/pipeline/speaking/tx-control.ts'
import { createFakeClock } from '../../../src/testing/index.ts'

/** A frame of a voice: one byte that says whose it is. */
export const frameOf = (voice: number): Uint8Array => Uint8Array.of(voice)

/** A floor over a queue of a few frames of one byte, whose other end the test reads. */
export function createFloorRig(maxFrames = 4) {
  const time = createFakeClock()
  const { clock } = time
  const queue = createFrameQueue<TxControl>({
    maxFrames,
    frameBytes: 1,
    clock,
  })
  const { writer, reader, stats } = queue
  const playout = createPlayoutClock()
  const ducking = createDucking(MULAW_8K, -18)
  const openMarks: OpenMark[] = []
  const muting = createMuting(MULAW_8K)
  const floor = createFloor({ writer, stats, playout, ducking, muting, openMarks, clock })
  /** What went out: the voice of a frame, or the kind of a control entry. */
  const sent: (number | string)[] = []
  const frame = Buffer.alloc(1)

  return {
    time,
    floor,
    stats,
    sent,
    /** Sends so many entries, as the TX worker does; marks stay open until `playedOut`. */
    send(entries = Number.POSITIVE_INFINITY) {
      for (let count = 0; count < entries; count++) {
        const next = reader.peek()
        if (next === 'empty' || next === 'ended') return
        if (next === 'media') {
          reader.readMedia(frame)
          playout.sent(nowUs(clock), toUs(20))
          sent.push(frame[0]!)
          continue
        }
        const control = reader.readControl()
        sent.push(control.type)
        if (control.type === 'cue') control.settle('played')
        else if (control.type === 'clear') playout.cleared(nowUs(clock))
        else {
          const { name, settle } = control
          openMarks.push({ name, place: playout.place(), foretoldUs: Number.POSITIVE_INFINITY, settle })
        }
      }
    },
    /** Every mark that was sent comes back. */
    playedOut() {
      for (const mark of openMarks.splice(0)) mark.settle('played')
    },
    /** A voice that takes the floor and remembers what it is told. */
    voice() {
      const losses: Loss[] = []
      const grant: FloorGrant = floor.take({ onLost: (loss) => losses.push(loss) })
      return { grant, losses }
    },
  }
}

/** What a promise has come to so far. */
export function watch<T>(promise: Promise<T>): { answer: T | 'waiting' } {
  const watched: { answer: T | 'waiting' } = { answer: 'waiting' }
  void promise.then((answer) => (watched.answer = answer))
  return watched
}

export type Watched = { answer: MarkOutcome | 'room' | 'revoked' | 'queued' | 'waiting' }
