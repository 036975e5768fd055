import { describe, expect, it } from 'vitest'
import { decodeAlaw, decodeMulaw, type AudioFormat } from '../../src/index.ts'
import { dtmfTones } from '../../src/tools/dtmf-tones.ts'

const MULAW: AudioFormat = { encoding: 'mulaw', sampleRateHz: 8000 }
const HIGH = [1209, 1336, 1477, 1633]
const LOW = [697, 770, 852, 941]
const ROWS = ['123A', '456B', '789C', '*0#D']
const ALL = [...ROWS.join('')]

function samplesOf(frames: readonly Uint8Array[], { encoding }: AudioFormat): number[] {
  const bytes = Buffer.concat(frames)
  if (encoding === 'mulaw') return [...decodeMulaw(bytes)]
  if (encoding === 'alaw') return [...decodeAlaw(bytes)]
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readInt16LE(index * 2))
}

/** Power of one frequency (Goertzel), as the peak of a sine of that frequency. */
function peakAt(samples: readonly number[], hz: number, rateHz: number): number {
  let re = 0
  let im = 0
  samples.forEach((sample, index) => {
    const angle = (2 * Math.PI * hz * index) / rateHz
    re += sample * Math.cos(angle)
    im -= sample * Math.sin(angle)
  })
  return (2 * Math.hypot(re, im)) / samples.length
}

/** dBm0 of a sine with this peak in G.711. */
const dbm0 = (peak: number) => 20 * Math.log10(peak / 32124) + 3.17

describe.each<AudioFormat>([
  MULAW,
  { encoding: 'alaw', sampleRateHz: 8000 },
  { encoding: 'linear16', sampleRateHz: 16_000 },
])('touch tones in $encoding/$sampleRateHz', (format) => {
  const perMs = format.sampleRateHz / 1000

  it('are the right pair of tones for every key, at the level of a telephone, and nothing else', () => {
    ALL.forEach((key) => {
      const samples = samplesOf(dtmfTones(key, format), format).slice(0, 100 * perMs)
      const row = ROWS.findIndex((keys) => keys.includes(key))
      const column = ROWS[row]!.indexOf(key)
      for (const [index, hz] of [...LOW, ...HIGH].entries()) {
        const level = dbm0(peakAt(samples, hz, format.sampleRateHz))
        const wanted = index < 4 ? index === row : index - 4 === column
        // Q.24: at least 20 dB between the tones of a key and all others.
        if (!wanted) expect(level, `${key} at ${hz} Hz`).toBeLessThan(-28)
        else expect(level, `${key} at ${hz} Hz`).toBeGreaterThan(index < 4 ? -8.6 : -6.6)
      }
    })
  })

  it('last 100 ms with 60 ms of silence after each, in whole frames', () => {
    const frames = dtmfTones('12', format)
    expect(frames).toHaveLength(16)
    expect(new Set(frames.map((frame) => frame.byteLength)).size).toBe(1)
    const samples = samplesOf(frames, format)
    const loudest = (from: number, to: number) =>
      Math.max(...samples.slice(from * perMs, to * perMs).map((sample) => Math.abs(sample)))
    expect(loudest(10, 90)).toBeGreaterThan(8000)
    expect(loudest(100, 160)).toBeLessThan(10)
    expect(loudest(170, 250)).toBeGreaterThan(8000)
    expect(loudest(260, 320)).toBeLessThan(10)
  })
})

describe('dtmfTones', () => {
  it('never clips', () => {
    const samples = samplesOf(dtmfTones(ALL.join(''), MULAW), MULAW)
    expect(Math.max(...samples.map((sample) => Math.abs(sample)))).toBeLessThan(24_000)
  })

  it('waits half a second for w', () => {
    expect(dtmfTones('1w2', MULAW)).toHaveLength(8 + 25 + 8)
  })

  it('leaves out what is no key, and makes nothing of nothing', () => {
    expect(dtmfTones('x', MULAW)).toEqual([])
    expect(dtmfTones('', MULAW)).toEqual([])
  })
})
