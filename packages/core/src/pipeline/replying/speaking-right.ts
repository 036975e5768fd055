import { Cut, type CutBy } from '../../kit/cut.ts'
import type { Floor } from '../speaking/floor.ts'
import type { FloorGrant, FloorHolder, Loss } from '../speaking/floor-grant.ts'

/**
 * One voice's way to the floor. Its audio may be made before it has the floor (a prepared reply) and while it is held
 * back; it is written only with the grant that `granted` gives.
 */
export interface SpeakingRight {
  /** Aborts with a `Cut` when the voice has to stop making audio: the floor was lost, or given up. New after `resume`. */
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
  /** Resolves when the floor is not lost, or will never be taken again. */
  regained(): Promise<void>
  /**
   * Gives the floor up, for good. Returns the position up to which it wrote, or `undefined` if it did not have it.
   */
  drop(by: CutBy): number | undefined
}

export function createSpeakingRight(floor: Floor, onLost: (loss: Loss) => void): SpeakingRight {
  return new Right(floor, onLost)
}

class Right implements SpeakingRight, FloorHolder {
  readonly #floor: Floor
  readonly #onLost: (loss: Loss) => void
  #abort = new AbortController()
  #grant: FloorGrant | undefined
  #open = false
  #dropped = false
  /** Told of every change, never asked to try again without one. */
  #waiting: (() => void)[] = []

  constructor(floor: Floor, onLost: (loss: Loss) => void) {
    this.#floor = floor
    this.#onLost = onLost
  }

  signal(): AbortSignal {
    return this.#abort.signal
  }

  async granted(signal: AbortSignal): Promise<FloorGrant | undefined> {
    while (!signal.aborted && !(this.#open && this.#grant)) await this.#change()
    return signal.aborted ? undefined : this.#grant
  }

  grant(): FloorGrant | undefined {
    return this.#grant
  }

  release(): void {
    this.#open = true
    if (this.#grant) this.#changed()
    else if (!this.#dropped && !this.#abort.signal.aborted) this.#take()
  }

  hold(): void {
    this.#open = false
  }

  resume(): void {
    if (this.#dropped || this.#grant) return
    this.#open = true
    this.#abort = new AbortController()
    this.#take()
  }

  async regained(): Promise<void> {
    while (this.#abort.signal.aborted && !this.#dropped) await this.#change()
  }

  drop(by: CutBy): number | undefined {
    this.#dropped = true
    const wroteToMs = this.#grant?.nextPositionMs()
    this.#grant?.giveUp()
    this.#stop(by)
    return wroteToMs
  }

  onLost(loss: Loss): void {
    this.#stop(loss.by)
    this.#onLost(loss)
  }

  #take(): void {
    const taken = this.#floor.take(this)
    if (taken.lost) return this.onLost(taken.lost)
    this.#grant = taken
    this.#changed()
  }

  #stop(by: CutBy): void {
    this.#grant = undefined
    this.#abort.abort(new Cut(by))
    this.#changed()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #changed(): void {
    const told = this.#waiting
    this.#waiting = []
    for (const tell of told) tell()
  }
}
