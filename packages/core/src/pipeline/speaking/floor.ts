import { FRAME_MS } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import type { CutBy } from '../../kit/cut.ts'
import { nowUs } from '../../kit/whole-us.ts'
import type { Ducking } from './ducking.ts'
import type { FloorGrant, FloorHolder, Loss } from './floor-grant.ts'
import { createFloorGrant, type RevocableGrant } from './floor-grant.ts'
import type { FrameQueueStats, FrameWriter } from './frame-queue.ts'
import type { Muting } from './muting.ts'
import type { PlayoutClock } from './playout-clock.ts'
import { markName, type MarkOutcome, type OpenMark, type TxControl } from './tx-control.ts'

/**
 * The right to speak to the caller. Whoever wants to be heard takes the floor; there is one grant at a time, and only
 * it can write. Greeting, reply (with its fillers and tones), prompt and what is said after a pause all take it.
 *
 * | what happens       | to the holder       | to what it wrote, and its marks                                     |
 * |--------------------|---------------------|---------------------------------------------------------------------|
 * | `take` by another  | loses it (`taken`)  | plays out before anything of the new holder; marks settle as played |
 * | `giveUp` by itself | has it no more      | plays out; marks settle as played                                   |
 * | `interrupt`        | loses it            | is discarded here and at the far end; marks settle as cleared       |
 * | `end`              | loses it (`ended`)  | is discarded; marks settle as cleared; nobody gets it any more      |
 *
 * So two voices never alternate: a frame of the former holder cannot follow one of the new. Whoever wants the former
 * one silent, not only finished with what it had queued, interrupts first.
 */
export interface Floor {
  /**
   * Gives the one grant to write, and takes it from whoever had it. The grant is lost from the beginning once the call
   * has ended, or for a holder that reaches for the floor while another is being told of its loss.
   */
  take(holder: FloorHolder): FloorGrant
  /**
   * The only step back in the chain: the holder loses the floor, everything queued is discarded, the far end discards
   * what it holds, and every open mark settles as `cleared`. `clear` goes out even when nothing is queued here, since
   * the far end may still be playing. Returns the position heard so far.
   *
   * @param by who interrupts; the holder is told
   */
  interrupt(by: CutBy): number
  /** Whoever speaks is softer from the next frame on, or as loud as before. */
  duck(ducked: boolean): void
  /** The call is over, nothing of it can be heard any more. */
  end(): void
  /** Position (ms of voice since the call began) up to which voice went out on the wire. */
  sentMs(): number
  /** Position the caller has heard up to, by marks and the playout clock. */
  heardMs(): number
  /** The first position from `startMs` to `endMs` that was muted: nothing there was heard. */
  readonly mutedIn: (startMs: number, endMs: number) => number | undefined
  /** True while the far end is playing a voice or something waits to be sent. */
  active(): boolean
  readonly counters: FloorCounters
}

export interface FloorCounters {
  /** Grants that another holder took before they were given up: voices cut short by a voice, not by the caller. */
  takenOver: number
}

export interface FloorParts {
  readonly writer: FrameWriter<TxControl>
  readonly stats: FrameQueueStats
  readonly playout: PlayoutClock
  readonly ducking: Ducking
  readonly muting: Muting
  readonly openMarks: OpenMark[]
  readonly clock: Clock
}

export function createFloor(parts: FloorParts): Floor {
  const { writer, stats, playout, ducking, muting, openMarks, clock } = parts
  const counters: FloorCounters = { takenOver: 0 }
  let holding: RevocableGrant | undefined
  /** A holder is being told that it lost the floor: it cannot take it back in the same breath. */
  let telling = false
  let ended = false
  /** Goes up with every interruption; part of every mark's name on the wire. */
  let epoch = 0

  const queuedMs = (): number => playout.sentMs + stats.mediaDepth * FRAME_MS
  const heardMs = (): number => playout.heardMs(clock.nowMs())

  function revoke(loss: Loss): void {
    const former = holding
    holding = undefined
    if (!former) return
    telling = true
    try {
      former.revoke(loss)
    } finally {
      telling = false
    }
  }

  function discard(): void {
    writer.discard((control) => {
      if (control.type !== 'clear') control.settle('cleared')
    })
    for (const mark of openMarks.splice(0)) mark.settle('cleared')
  }

  const queue = {
    media: (bytes: Uint8Array, from: number, end: number) => writer.writeMedia(bytes, from, end),
    room: () => writer.room(),
    stopWaiting: () => writer.stopWaiting(),
    mark: (label: string, settle: (outcome: MarkOutcome) => void) =>
      void writer.writeControl({ type: 'mark', name: markName(label, epoch), settle }),
    cue: (settle: (outcome: MarkOutcome) => void) => void writer.writeControl({ type: 'cue', settle }),
    queuedMs,
    playedBetween: playout.playedBetween,
    returned(): void {
      holding = undefined
    },
  }

  return {
    take(holder) {
      const granted = createFloorGrant(holder, queue)
      if (ended) granted.deny({ why: 'ended', by: 'end', heardMs: heardMs(), sentMs: playout.sentMs })
      else if (telling) granted.deny({ why: 'taken', by: 'other', heardMs: queuedMs(), sentMs: queuedMs() })
      else {
        if (holding) counters.takenOver++
        // What was queued will be heard, whoever speaks next.
        revoke({ why: 'taken', by: 'other', heardMs: queuedMs(), sentMs: queuedMs() })
        holding = granted
      }
      return granted.grant
    },
    interrupt(by) {
      const loss: Loss = { why: 'interrupted', by, heardMs: heardMs(), sentMs: playout.sentMs }
      if (ended) return loss.heardMs
      epoch++
      discard()
      void writer.writeControl({ type: 'clear' })
      revoke(loss)
      return loss.heardMs
    },
    duck(ducked) {
      ducking.ducked = ducked
    },
    end() {
      if (ended) return
      ended = true
      const loss: Loss = { why: 'ended', by: 'end', heardMs: heardMs(), sentMs: playout.sentMs }
      discard()
      writer.end()
      revoke(loss)
    },
    sentMs: () => playout.sentMs,
    heardMs,
    mutedIn: (startMs, endMs) => muting.firstIn(startMs, endMs),
    active: () => stats.depth > 0 || playout.voiceAheadUs(nowUs(clock)) > 0,
    counters,
  }
}
