import { readFileSync } from 'node:fs'
import { readWav } from '@kav/core'

const WINDOW = 128_000

/** A recorded caller of `packages/phone/audio` at 16 kHz, each sample twice: what no resampler can do otherwise. */
export function doubledSpeech(name: string): Int16Array {
  const { audio } = readWav(readFileSync(new URL(`../../phone/audio/${name}.wav`, import.meta.url)))
  const samples = new Int16Array(new Uint8Array(audio).buffer)
  return Int16Array.from({ length: 2 * samples.length }, (_, at) => samples[at >> 1]!)
}

/** Again and again, until it is that long. */
function repeated(samples: Int16Array, length: number): Int16Array {
  return Int16Array.from({ length }, (_, at) => samples[at % samples.length]!)
}

function noise(length: number): Int16Array {
  let state = 1
  return Int16Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 16) - 32768
  })
}

/** Those of `reference/make-vectors.py`, by the names that `reference/vectors.json` has for them. */
export const REFERENCE_SOUNDS: Readonly<Record<string, Int16Array>> = {
  'speech shorter than 8 s': doubledSpeech('tt-weasels'),
  'speech cut in the middle': doubledSpeech('something-terribly-wrong').subarray(0, 14_000),
  'speech of exactly 8 s': repeated(doubledSpeech('number-not-answering'), WINDOW),
  'speech longer than 8 s': repeated(doubledSpeech('tt-weasels'), 150_000),
  'silence of 8 s': new Int16Array(WINDOW),
  nothing: new Int16Array(0),
  'one sample': Int16Array.of(1),
  'full-scale noise': noise(WINDOW),
}
