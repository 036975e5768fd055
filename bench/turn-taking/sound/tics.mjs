// Sounds of a throat that say nothing: made, since no recording of them under a fitting licence is at hand. Bursts of
// shaped noise and of a low voice; a real one is more varied.

import { createRandom } from '../../lib/random.mjs'
import { atLevel, concat, SAMPLES_PER_MS } from './level.mjs'

export const TICS = ['cough', 'throat', 'laugh', 'sniff', 'sigh']

export function makeTic(kind, seed, levelDb) {
  const random = createRandom(seed)
  return atLevel(concat(MAKERS[kind](random)), levelDb)
}

const MAKERS = {
  cough: (random) =>
    repeat(1 + Math.floor(random() * 2.5), () => [
      burst(random, { ms: 90 + 60 * random(), lowHz: 400, highHz: 2600, attackMs: 5, decayMs: 50 }),
      buzz(random, { ms: 90 + 80 * random(), hz: 150 + 60 * random(), noise: 0.7, formantHz: 700 }),
      silence(80 + 120 * random()),
    ]),
  throat: (random) =>
    repeat(1 + Math.floor(random() * 1.7), () => [
      buzz(random, { ms: 220 + 260 * random(), hz: 75 + 35 * random(), noise: 0.9, formantHz: 500 }),
      silence(60 + 100 * random()),
    ]),
  laugh: (random) =>
    repeat(3 + Math.floor(random() * 4), () => [
      burst(random, { ms: 50, lowHz: 600, highHz: 3000, attackMs: 10, decayMs: 60 }),
      buzz(random, { ms: 80 + 40 * random(), hz: 190 + 60 * random(), noise: 0.3, formantHz: 800 }),
      silence(50 + 40 * random()),
    ]),
  sniff: (random) => [
    burst(random, { ms: 180 + 200 * random(), lowHz: 1500, highHz: 3800, attackMs: 60, decayMs: 120 }),
  ],
  sigh: (random) => [
    burst(random, { ms: 500 + 500 * random(), lowHz: 300, highHz: 1800, attackMs: 150, decayMs: 400 }),
  ],
}

function repeat(times, make) {
  const pieces = Array.from({ length: times }, make).flat()
  // It ends with sound: where it ends is the truth of the scenario.
  return pieces.slice(0, -1)
}

const silence = (ms) => new Float32Array(Math.round(ms) * SAMPLES_PER_MS)

/** Noise between two frequencies (difference of two one-pole low passes), rising and falling. */
function burst(random, { ms, lowHz, highHz, attackMs, decayMs }) {
  const samples = new Float32Array(Math.round(ms) * SAMPLES_PER_MS)
  const [a, b] = [lowHz, highHz].map((hz) => 1 - Math.exp((-2 * Math.PI * hz) / 8000))
  let low = 0
  let high = 0
  for (let n = 0; n < samples.length; n++) {
    const white = random() * 2 - 1
    low += a * (white - low)
    high += b * (white - high)
    const atMs = n / SAMPLES_PER_MS
    samples[n] =
      (high - low) * Math.min(1, atMs / attackMs) * Math.exp(-Math.max(0, atMs - attackMs) / decayMs)
  }
  return samples
}

/** A rough voice: pulses with jitter through one resonance, and noise. */
function buzz(random, { ms, hz, noise, formantHz }) {
  const samples = new Float32Array(Math.round(ms) * SAMPLES_PER_MS)
  const radius = 0.93
  const turn = 2 * radius * Math.cos((2 * Math.PI * formantHz) / 8000)
  let phase = 0
  let y1 = 0
  let y2 = 0
  for (let n = 0; n < samples.length; n++) {
    phase += (hz * (1 + 0.25 * (random() - 0.5))) / 8000
    const pulse = phase >= 1 ? 1 : 0
    phase -= pulse
    const y = pulse + noise * 0.2 * (random() - 0.5) + turn * y1 - radius * radius * y2
    y2 = y1
    y1 = y
    const shape = Math.sin((Math.PI * (n + 1)) / (samples.length + 1))
    samples[n] = y * Math.sqrt(shape)
  }
  return samples
}
