/**
 * Tells the caller's own voice from others' on the same line by how loud it is: a television, or somebody else in the
 * room, is further from the telephone. Compared are the loudest windows, since the level of speech goes up and down by
 * itself; and only once the caller's own level is known.
 */
export interface SpeechLevel {
  /** Voice begins with this window. `power`: mean square of its samples, 16 bits. */
  started(power: number): void
  /** The voice goes on. */
  goesOn(power: number): void
  /** It is over. `isCaller`: it was the caller's own, for all that is known. */
  stopped(isCaller: boolean): void
  /** Whether a window of the voice is so much softer than its loudest that it is over, whatever it sounds like. */
  isOver(power: number): boolean
  /** The voice that is heard is so loud as the caller's. */
  readonly near: boolean
}

/** What is shorter is no speech that a level could be taken from. */
const MIN_WINDOWS = 8
/** 30 dB below: a detector goes on hearing a voice in what rings behind it. */
const OVER_SHARE = 1e-3
/** About 1.4 dB a second, in windows of 32 ms. */
const FADES = 0.99
/** How much of the former level is kept behind each of the caller's utterances. */
const KEPT = 0.6

/** @param quieterDb So much quieter than the caller is somebody else. 0: whatever sounds is the caller. */
export function createSpeechLevel(quieterDb: number): SpeechLevel {
  return new Level(quieterDb)
}

class Level implements SpeechLevel {
  near = true
  readonly #share: number
  #peak = 0
  #windows = 0
  /** The peak of late, of two windows in a row: a bang does not make inaudible what follows it. */
  #loud = 0
  #before = 0
  /** The loudest windows of the caller's own utterances, smoothed; 0: not known yet. */
  #caller = 0

  constructor(quieterDb: number) {
    this.#share = quieterDb === 0 ? 0 : 10 ** (-quieterDb / 10)
  }

  started(power: number): void {
    this.#peak = 0
    this.#loud = 0
    this.#before = 0
    this.#windows = 0
    this.near = false
    this.goesOn(power)
  }

  goesOn(power: number): void {
    this.#windows++
    if (power > this.#peak) this.#peak = power
    this.#loud = Math.max(Math.min(power, this.#before), this.#loud * FADES)
    this.#before = power
    if (!this.near) this.near = this.#peak >= this.#caller * this.#share
  }

  isOver(power: number): boolean {
    const loud = this.#caller === 0 ? this.#loud : Math.min(this.#loud, this.#caller)
    return power < loud * OVER_SHARE
  }

  stopped(isCaller: boolean): void {
    if (!isCaller || this.#windows < MIN_WINDOWS) return
    this.#caller = this.#caller === 0 ? this.#peak : KEPT * this.#caller + (1 - KEPT) * this.#peak
  }
}
