/** How long a frame is whose level is told. */
export const FRAME_MS = 10

/** Quieter is no sound at all: what a codec makes of silence, and a line that is muted. Of full scale. */
export const DIGITAL_SILENCE_DB = -75

/** Takes the sound of one channel, in pieces of any length, and keeps its level alone. */
export interface LevelMeter {
  /** 16-bit samples, mono; not kept. */
  push(samples: Int16Array): void
  /**
   * Mean power of each whole frame of 10 ms so far, dB of full scale, without the channel's constant offset. The frames
   * lie on the clock whatever the rate is: 11,025 Hz makes frames of 110 and of 111 samples.
   */
  levelsDb(): Float64Array
}

/** Needs 16 bytes for each frame of 10 ms: 6 MB an hour. */
export function createLevelMeter(sampleRateHz: number): LevelMeter {
  const perSecond = 1000 / FRAME_MS
  // A rate below one sample a frame: no sound has it, and no frame is empty.
  const endOf = (frame: number): number =>
    Math.max(frame + 1, Math.round(((frame + 1) * sampleRateHz) / perSecond))
  let sums = new Float64Array(1024)
  let squares = new Float64Array(1024)
  let frames = 0
  let count = 0
  let sum = 0
  let square = 0
  let total = 0

  function endFrame(): void {
    if (frames === sums.length) {
      sums = grown(sums)
      squares = grown(squares)
    }
    sums[frames] = sum
    squares[frames] = square
    frames++
    sum = square = 0
  }

  return {
    push(samples) {
      let end = endOf(frames)
      for (const sample of samples) {
        sum += sample
        square += sample * sample
        total += sample
        if (++count < end) continue
        endFrame()
        end = endOf(frames)
      }
    },
    levelsDb() {
      const offset = total / Math.max(1, count)
      return Float64Array.from({ length: frames }, (_, at) => {
        const length = endOf(at) - (at === 0 ? 0 : endOf(at - 1))
        const power = squares[at]! / length - (2 * offset * sums[at]!) / length + offset * offset
        return 10 * Math.log10(Math.max(0, power) / 32_768 ** 2 + 1e-12)
      })
    },
  }
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const more = new Float64Array(values.length * 2)
  more.set(values)
  return more
}
