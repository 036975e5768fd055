import { createResampler } from '@kav/core/audio'

/** Samples of the phone network as the loudspeaker wants them. Nothing is early or late by it: filtering shifts no sound. */
export interface Speaker {
  /** −1 to 1. */
  fill(toPlay: Float32Array): void
}

/** Two milliseconds: no more is read ahead than the filter needs. */
const STEP_SAMPLES = 16

/** @param read fills with the next samples of 8 kHz; lent. */
export function createSpeaker(sampleRateHz: number, read: (samples: Int16Array) => void): Speaker {
  const resampler = createResampler({ fromHz: 8000, toHz: sampleRateHz })
  const step = new Int16Array(STEP_SAMPLES)
  let ready = new Int16Array(1024)
  let from = 0
  let to = 0

  function readMore(): void {
    read(step)
    const wide = sampleRateHz === 8000 ? step : resampler.process(step)
    ready.copyWithin(0, from, to)
    to -= from
    from = 0
    if (to + wide.length > ready.length) {
      const larger = new Int16Array((to + wide.length) * 2)
      larger.set(ready.subarray(0, to))
      ready = larger
    }
    ready.set(wide, to)
    to += wide.length
  }

  return {
    fill(toPlay) {
      while (to - from < toPlay.length) readMore()
      for (let at = 0; at < toPlay.length; at++) toPlay[at] = ready[from + at]! / 32_768
      from += toPlay.length
    },
  }
}
