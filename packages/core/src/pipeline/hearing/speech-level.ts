/**
 * Tells the caller's own voice from others' on the same line by how loud it is: a television, or somebody else in the
 * room, is further from the telephone. Compared are the loudest windows, since the level of speech goes up and down by
 * itself; and only once the caller's own level is known.
 */
export interface SpeechLevel {
  /** A window in which no voice is found. `power`: mean square of its samples, 16 bits. */
  silent(power: number): void
  /** Voice begins with this window. */
  started(power: number): void
  /** The voice goes on. */
  goesOn(power: number): void
  /** It is over. `isCaller`: it was the caller's own, for all that is known. */
  stopped(isCaller: boolean): void
  /** Whether a window of the voice is so much softer than its loudest that it is over, whatever it sounds like. */
  isOver(power: number): boolean
  /** The voice that is heard is so loud as the caller's. */
  readonly near: boolean
  /** A sound goes on that no voice was found in, so loud as the caller's voice and louder than the line. */
  readonly loud: boolean
}

/** What is shorter is no speech that a level could be taken from. */
const MIN_WINDOWS = 8
/** 30 dB below: a detector goes on hearing a voice in what rings behind it. */
const OVER_SHARE = 1e-3
/** About 1.4 dB a second, in windows of 32 ms. */
const FADES = 0.99
/** What came before the detector found a voice, 0.7 dB softer with each window: it may have taken 0.2 s to. */
const LEADS = 0.85
/** With that: what begins within 0.2 s of the caller's voice is theirs, however soft. */
const GOES_ON_SHARE = 0.25
/** 10 dB below the caller's loudest. */
const LOUD_SHARE = 0.1
/** 12 dB. */
const ABOVE_NOISE = 16
/** Windows in a row: a click is shorter. */
const LOUD_WINDOWS = 2
/** About 1.3 dB a second. */
const NOISE_RISES = 1.01
const MIN_NOISE = 4
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
  /** What was heard just before the voice. */
  #lead = 0
  #loudWindows = 0
  #noise = Infinity
  /** The loudest windows of the caller's own utterances, smoothed; 0: not known yet. */
  #caller = 0

  constructor(quieterDb: number) {
    this.#share = quieterDb === 0 ? 0 : 10 ** (-quieterDb / 10)
  }

  get loud(): boolean {
    return this.#loudWindows >= LOUD_WINDOWS
  }

  silent(power: number): void {
    this.#lead = Math.max(power, this.#lead * LEADS)
    this.#noise = Math.max(MIN_NOISE, Math.min(power, this.#noise * NOISE_RISES))
    const isLoud =
      this.#caller > 0 && power >= this.#caller * LOUD_SHARE && power >= this.#noise * ABOVE_NOISE
    this.#loudWindows = isLoud ? this.#loudWindows + 1 : 0
  }

  started(power: number): void {
    this.#peak = 0
    this.#loudWindows = 0
    this.#loud = 0
    this.#before = 0
    this.#windows = 0
    this.near = this.#isNear(this.#lead)
    this.goesOn(power)
  }

  goesOn(power: number): void {
    this.#windows++
    if (power > this.#peak) this.#peak = power
    this.#loud = Math.max(Math.min(power, this.#before), this.#loud * FADES)
    this.#before = power
    if (!this.near) this.near = this.#isNear(this.#peak)
  }

  #isNear(power: number): boolean {
    return power >= this.#caller * this.#share
  }

  isOver(power: number): boolean {
    const loud = this.#caller === 0 ? this.#loud : Math.min(this.#loud, this.#caller)
    return power < loud * OVER_SHARE
  }

  stopped(isCaller: boolean): void {
    this.#lead = isCaller ? this.#peak * GOES_ON_SHARE : 0
    if (!isCaller || this.#windows < MIN_WINDOWS) return
    this.#caller = this.#caller === 0 ? this.#peak : KEPT * this.#caller + (1 - KEPT) * this.#peak
  }
}
