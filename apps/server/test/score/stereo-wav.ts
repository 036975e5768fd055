import { encodeMulaw, writeWav } from '@kav/core'
import type { Interval } from '@kav/core/panel'

const HZ = 8000

export interface Sides {
  readonly caller: readonly Interval[]
  readonly agent: readonly Interval[]
  readonly durationMs: number
}

/** A recording whose truth is known: a buzz with syllables where somebody speaks, noise of this level everywhere. */
export function stereoWav(
  sides: Sides,
  { noiseDb = -60, mulaw = false, echoDb }: { noiseDb?: number; mulaw?: boolean; echoDb?: number } = {},
): Uint8Array {
  const stereo = interleaved(sides, noiseDb, echoDb)
  if (mulaw) return writeWav({ encoding: 'mulaw', sampleRateHz: HZ }, 2, encodeMulaw(stereo))
  return writeWav({ encoding: 'linear16', sampleRateHz: HZ }, 2, new Uint8Array(stereo.buffer))
}

/** Both voices in both channels. */
export function mixedWav(sides: Sides): Uint8Array {
  const stereo = interleaved(sides, -60)
  const both = stereo.map((_, at) => stereo[at & ~1]! + stereo[at | 1]!)
  return writeWav({ encoding: 'linear16', sampleRateHz: HZ }, 2, new Uint8Array(both.buffer))
}

/** The same as `stereoWav`, of samples that Kav itself never writes, behind a long chunk. */
export function oddWav(
  sides: Sides,
  { tag, bits, hz = HZ, extensible = false }: { tag: 1 | 3; bits: number; hz?: number; extensible?: boolean },
): Uint8Array {
  const stereo = interleaved(sides, -60)
  const frames = Math.round((stereo.length / 2) * (hz / HZ))
  const bytes = bits / 8
  const data = Buffer.alloc(frames * 2 * bytes)
  for (let at = 0; at < frames * 2; at++) {
    const value = stereo[2 * Math.floor(((at >> 1) * HZ) / hz) + (at & 1)]! / 32_768
    const place = at * bytes
    if (tag === 3 && bits === 32) data.writeFloatLE(value, place)
    else if (tag === 3) data.writeDoubleLE(value, place)
    else if (bits === 8) data.writeUInt8(Math.round(value * 127) + 128, place)
    else data.writeIntLE(Math.round(value * (2 ** (bits - 1) - 1)), place, bytes)
  }
  const fmt = Buffer.alloc(extensible ? 40 : 16)
  fmt.writeUInt16LE(extensible ? 0xfffe : tag, 0)
  fmt.writeUInt16LE(2, 2)
  fmt.writeUInt32LE(hz, 4)
  fmt.writeUInt32LE(hz * 2 * bytes, 8)
  fmt.writeUInt16LE(2 * bytes, 12)
  fmt.writeUInt16LE(bits, 14)
  if (extensible) fmt.writeUInt16LE(tag, 24)
  const body = [
    Buffer.from('WAVE'),
    chunk('fmt ', fmt),
    chunk('JUNK', Buffer.alloc(9000)),
    chunk('data', data),
  ]
  return chunk('RIFF', Buffer.concat(body))
}

function chunk(name: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(name)
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body])
}

/** @param echoDb So loud is the agent's voice in the channel of the caller, a third of a second late. */
function interleaved(sides: Sides, noiseDb: number, echoDb = -Infinity): Int16Array {
  const left = sideOf(sides.caller, sides.durationMs, noiseDb, 140)
  const right = sideOf(sides.agent, sides.durationMs, noiseDb, 210)
  const gain = 10 ** (echoDb / 20)
  const delay = Math.round(HZ / 3)
  const stereo = new Int16Array(left.length * 2)
  left.forEach((sample, at) => {
    stereo[2 * at] = Math.round(sample + gain * (right[at - delay] ?? 0))
    stereo[2 * at + 1] = right[at]!
  })
  return stereo
}

function sideOf(
  voice: readonly Interval[],
  durationMs: number,
  noiseDb: number,
  pitchHz: number,
): Int16Array {
  let state = pitchHz
  const noise = 32_767 * Math.sqrt(3) * 10 ** (noiseDb / 20)
  return Int16Array.from({ length: (durationMs * HZ) / 1000 }, (_, at) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const background = noise * (state / 2 ** 31 - 1)
    const atMs = (at / HZ) * 1000
    const spoken = voice.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)
    if (!spoken) return Math.round(background)
    const seconds = (atMs - spoken.startMs) / 1000
    const syllable = 0.4 + 0.6 * Math.abs(Math.sin(2 * Math.PI * 2.5 * seconds + 0.8))
    const buzz = [1, 2, 5].reduce((sum, n) => sum + Math.sin(2 * Math.PI * pitchHz * n * seconds) / n, 0)
    return Math.round(background + 6000 * syllable * buzz)
  })
}
