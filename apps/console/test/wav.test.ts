import { expect, it } from 'vitest'
import { createJitterRing } from '../src/listening/jitter-ring.ts'
import { waveOf } from '../src/recording/wav.ts'
import { PLAIN_RECORD } from './fake-api/records.ts'
import { twoVoices } from './fake-api/two-voices.ts'

it('draws each side where it spoke', () => {
  const bytes = twoVoices(PLAIN_RECORD)
  const wave = waveOf(bytes.buffer as ArrayBuffer, 360)!
  expect(wave.durationMs).toBeCloseTo(35_984, 0)
  const [caller, agent] = wave.peaks as [Float32Array, Float32Array]
  const at = (ms: number) => Math.floor((ms / wave.durationMs) * caller.length)
  expect([caller[at(8000)]! > 0.05, agent[at(8000)]! > 0.05]).toEqual([true, false])
  expect([caller[at(20_000)]! > 0.05, agent[at(20_000)]! > 0.05]).toEqual([false, true])
})

it('takes a file that was cut off at what there is', () => {
  const bytes = twoVoices(PLAIN_RECORD).slice(0, 44 + 8000 * 4)
  expect(waveOf(bytes.buffer, 100)!.durationMs).toBe(1000)
})

it('reads mu-law, and draws nothing of what is no WAV', () => {
  const bytes = new Uint8Array(46)
  bytes.set(twoVoices({ ...PLAIN_RECORD, durationMs: 0 }))
  const view = new DataView(bytes.buffer)
  view.setUint16(20, 7, true)
  view.setUint16(22, 1, true)
  view.setUint16(34, 8, true)
  view.setUint32(40, 2, true)
  bytes.set([0xff, 0x80], 44)
  expect(waveOf(bytes.buffer, 2)!.peaks[0]![1]).toBeCloseTo(0.98, 2)
  expect(
    waveOf(new TextEncoder().encode('not a wav file, whatever its name says, at all').buffer, 10),
  ).toBeUndefined()
})

it('gives sound when enough is there, and leaves out the oldest when too much waits', () => {
  const ring = createJitterRing(4, 10)
  const target = new Float32Array(3)
  ring.put(Float32Array.of(1, 2, 3))
  ring.take(target)
  expect([...target]).toEqual([0, 0, 0])
  ring.put(Float32Array.of(4))
  ring.take(target)
  expect([...target]).toEqual([1, 2, 3])
  ring.put(Float32Array.from({ length: 20 }, (_, index) => index))
  expect(ring.waiting).toBe(4)
  ring.take(target)
  expect([...target]).toEqual([16, 17, 18])
  ring.take(target)
  expect([...target]).toEqual([19, 0, 0])
})
