import type { AudioFormat } from '../../contracts/audio.ts'
import { comfortNoise } from '../../audio/comfort-noise.ts'
import { atLevel, loopOf } from '../../audio/loop.ts'
import { createMixer, type Mixer } from '../../audio/mix.ts'
import { createResampler } from '../../audio/resample.ts'

/** What is heard behind the agent on every call of a pipeline: one loop, which all calls of one rate share. */
export interface Background {
  /** Signed 16-bit samples, to be played round and round. Made when it is first asked for; read, never written. */
  loop(sampleRateHz: number): Int16Array
}

/** The background of one call. */
export interface BackgroundMix {
  /** Adds what is due to a frame of the voice that goes out now, in place. */
  under(frame: Uint8Array): void
  /** A frame of nothing else, into `frame`. */
  alone(frame: Uint8Array): void
  /** So much of what went out last was discarded, and comes again. */
  rewind(discardedMs: number): void
}

/** Long enough that nobody hears it begin anew. */
const COMFORT_SECONDS = 4
/** Over which the end of the loop becomes its beginning. */
const FADE_MS = 250

/** Its mean power on the line is `levelDb` (dBFS), however loud the recording. It lasts longer than a second. */
export function createBackground(
  recording: { readonly samples: Int16Array; readonly sampleRateHz: number },
  levelDb: number,
): Background {
  return once((sampleRateHz) => makeLoop(recording, sampleRateHz, levelDb))
}

/** A line that is not dead: soft noise in place of a recording, at `levelDb` (dBFS). */
export function createComfortNoise(levelDb: number): Background {
  return once((sampleRateHz) => comfortNoise({ sampleRateHz }, COMFORT_SECONDS, levelDb))
}

/** The loop of each rate is made once. */
function once(make: (sampleRateHz: number) => Int16Array): Background {
  const loops = new Map<number, Int16Array>()
  return {
    loop(sampleRateHz) {
      let loop = loops.get(sampleRateHz)
      if (loop === undefined) loops.set(sampleRateHz, (loop = make(sampleRateHz)))
      return loop
    },
  }
}

function makeLoop(
  { samples, sampleRateHz: fromHz }: { readonly samples: Int16Array; readonly sampleRateHz: number },
  toHz: number,
  levelDb: number,
): Int16Array {
  const resampled = fromHz === toHz ? samples : createResampler({ fromHz, toHz }).process(samples)
  return loopOf(atLevel(resampled, levelDb), Math.round((FADE_MS * toHz) / 1000))
}

export function createBackgroundMix(background: Background, format: AudioFormat): BackgroundMix {
  return new Mix(background.loop(format.sampleRateHz), format)
}

/** A class: this runs for every frame of every call. */
class Mix implements BackgroundMix {
  readonly #loop: Int16Array
  readonly #mix: Mixer
  readonly #samplesPerMs: number
  readonly #silence: number
  /** In the loop. */
  #at = 0

  constructor(loop: Int16Array, format: AudioFormat) {
    this.#loop = loop
    this.#mix = createMixer(format)
    this.#samplesPerMs = format.sampleRateHz / 1000
    this.#silence = silentByte(format)
  }

  under(frame: Uint8Array): void {
    this.#at = this.#mix(frame, this.#loop, this.#at)
  }

  alone(frame: Uint8Array): void {
    this.under(frame.fill(this.#silence))
  }

  rewind(discardedMs: number): void {
    const { length } = this.#loop
    const at = this.#at - Math.round(discardedMs * this.#samplesPerMs)
    this.#at = ((at % length) + length) % length
  }
}

function silentByte({ encoding }: AudioFormat): number {
  return { mulaw: 0xff, alaw: 0xd5, linear16: 0 }[encoding]
}
