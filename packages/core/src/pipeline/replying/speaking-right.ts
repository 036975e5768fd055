import type { Floor } from '../speaking/floor.ts'
import type { FloorGrant, Loss } from '../speaking/floor-grant.ts'

/**
 * One voice's way to the floor. Its audio may be made before it has the floor (a prepared reply) and while it is held
 * back; it is written only with the grant that `granted` gives.
 */
export interface SpeakingRight {
  /** Aborts when the voice has to stop making audio: the floor was lost, or the voice given up. New after `resume`. */
  signal(): AbortSignal
  /** The grant, as soon as the voice may be heard; `undefined` when `signal`, one of this right, aborts first. */
  granted(signal: AbortSignal): Promise<FloorGrant | undefined>
  /** The grant, if it has one now. */
  grant(): FloorGrant | undefined
  /** The voice may be heard: takes the floor, if it has never had it. */
  release(): void
  /** Keeps back what waits in `granted`; what was given the grant goes on. */
  hold(): void
  /** After a loss: takes the floor again. */
  resume(): void
  /**
   * Gives the floor up, for good. Returns the position up to which it wrote, or `undefined` if it did not have it.
   */
  drop(): number | undefined
}

export function createSpeakingRight(floor: Floor, onLost: (loss: Loss) => void): SpeakingRight {
  let abort = new AbortController()
  let grant: FloorGrant | undefined
  let open = false
  let dropped = false
  /** Told of every change, never asked to try again without one. */
  let waiting: (() => void)[] = []

  function changed(): void {
    const told = waiting
    waiting = []
    for (const tell of told) tell()
  }

  function stop(): void {
    grant = undefined
    abort.abort()
    changed()
  }

  function lost(loss: Loss): void {
    stop()
    onLost(loss)
  }

  function take(): void {
    const taken = floor.take({ onLost: lost })
    if (taken.lost) return lost(taken.lost)
    grant = taken
    changed()
  }

  return {
    signal: () => abort.signal,
    async granted(signal) {
      while (!signal.aborted && !(open && grant)) await new Promise<void>((resolve) => waiting.push(resolve))
      return signal.aborted ? undefined : grant
    },
    grant: () => grant,
    release() {
      open = true
      if (grant) changed()
      else if (!dropped && !abort.signal.aborted) take()
    },
    hold() {
      open = false
    },
    resume() {
      if (dropped || grant) return
      open = true
      abort = new AbortController()
      take()
    },
    drop() {
      dropped = true
      const wroteToMs = grant?.nextPositionMs()
      grant?.giveUp()
      stop()
      return wroteToMs
    },
  }
}
