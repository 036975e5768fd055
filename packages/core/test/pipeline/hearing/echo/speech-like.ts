import { decodeMulaw, encodeMulaw } from '../../../../src/audio/g711.ts'

/** Sound that goes up and down as speech does, in level and in colour; the same for the same seed. 8 kHz. */
export function speechLike(ms: number, seed: number, levelDb = -20): Int16Array {
  const random = randomOf(seed)
  const samples = new Int16Array(ms * 8)
  let low = 0
  for (let at = 0; at < samples.length;) {
    const end = at + Math.round((60 + 120 * random()) * 8)
    const gain = 32768 * 10 ** ((levelDb + 10 - 30 * random()) / 20)
    const colour = 0.15 + 0.85 * random()
    for (; at < Math.min(end, samples.length); at++) {
      low += colour * (2 * random() - 1 - low)
      samples[at] = Math.max(-32768, Math.min(32767, gain * low))
    }
  }
  return samples
}

export interface EchoLine {
  readonly delayMs: number
  readonly levelDb: number
}

/** What comes back of `played`, and what is said over it; through mu-law as a line is. */
export function heardOver(
  played: Int16Array,
  { delayMs, levelDb }: EchoLine,
  over: Int16Array = new Int16Array(0),
): Int16Array {
  const random = randomOf(99)
  const gain = 10 ** (levelDb / 20)
  const coded = decodeMulaw(encodeMulaw(played))
  const mixed = Int16Array.from(
    coded,
    (_, at) => gain * (coded[at - delayMs * 8] ?? 0) + (over[at] ?? 0) + 40 * (random() - 0.5),
  )
  return decodeMulaw(encodeMulaw(mixed))
}

/** `samples` from `atMs` on, in silence of `ms`. */
export function at(atMs: number, samples: Int16Array, ms: number): Int16Array {
  const whole = new Int16Array(ms * 8)
  whole.set(samples.subarray(0, whole.length - atMs * 8), atMs * 8)
  return whole
}

function randomOf(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}
