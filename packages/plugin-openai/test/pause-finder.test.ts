import { type AudioFormat, createConverter, decodeMulaw, encodeMulaw, MULAW_8K, readWav } from '@kav/core'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createPauseFinder } from '../src/stt/pause-finder.ts'

const RECORDED = new URL('../../phone/audio/auth-thankyou.wav', import.meta.url)

function recorded(format: AudioFormat): Buffer {
  const wav = readWav(readFileSync(RECORDED))
  const converter = createConverter(wav.format, format)
  return Buffer.concat([Buffer.from(converter.convert(wav.audio)), Buffer.from(converter.flush())])
}

/** Mu-law noise at about this mean level. */
function noise(ms: number, level: number): Uint8Array {
  const converter = createConverter({ encoding: 'linear16', sampleRateHz: 8000 }, MULAW_8K)
  const samples = Int16Array.from({ length: ms * 8 }, (_, index) =>
    (index * 7919) % 101 < 50 ? level : -level,
  )
  return converter.convert(new Uint8Array(samples.buffer)).slice()
}

function pauses(format: AudioFormat, audio: Uint8Array, pauseMs = 300) {
  const finder = createPauseFinder(format, pauseMs)
  const bytes = format.encoding === 'linear16' ? (format.sampleRateHz / 1000) * 80 : 320
  const found: number[] = []
  for (let at = 0; at < audio.length; at += bytes) {
    if (finder.push(audio.subarray(at, at + bytes))) found.push((at / bytes + 1) * 40)
  }
  return { found, voicedUntilMs: finder.voicedUntilMs }
}

describe('pauses', () => {
  it.each([
    ['mu-law', MULAW_8K],
    ['A-law', { encoding: 'alaw', sampleRateHz: 8000 }],
    ['PCM at 24 kHz', { encoding: 'linear16', sampleRateHz: 24_000 }],
  ] as const)('are found once each, after recorded words, in %s', (_name, format) => {
    const quiet = new Uint8Array((format.encoding === 'linear16' ? 48 : 8) * 1_000)
    if (format.encoding !== 'linear16') quiet.fill(format.encoding === 'mulaw' ? 0xff : 0xd5)
    const words = recorded(format)
    const { found } = pauses(format, Buffer.concat([quiet, words, quiet, words, quiet]))
    const wordsMs = words.length / (format.encoding === 'linear16' ? 48 : 8)
    expect(found).toHaveLength(2)
    expect(found[0]).toBeGreaterThan(wordsMs)
    expect(found[0]).toBeLessThan(2_000 + wordsMs)
  })

  it('are found above the noise of a bad line', () => {
    const call = Buffer.concat([
      new Uint8Array(8 * 40_000).fill(0xff),
      recorded(MULAW_8K),
      new Uint8Array(8_000).fill(0xff),
    ])
    const samples = decodeMulaw(call).map(
      (sample, index) => sample + ((index * 7919) % 101 < 50 ? 250 : -250),
    )
    const { found } = pauses(MULAW_8K, encodeMulaw(samples))
    expect(found.filter((ms) => ms > 40_000)).toHaveLength(1)
  })

  it('are not seen in long words without a break', () => {
    const { found, voicedUntilMs } = pauses(MULAW_8K, noise(28_000, 3_000))
    expect(found).toEqual([])
    expect(voicedUntilMs).toBe(28_000)
  })

  it('are not seen in silence, nor after a click', () => {
    const silence = new Uint8Array(16_000).fill(0xff)
    expect(pauses(MULAW_8K, silence)).toEqual({ found: [], voicedUntilMs: 0 })
    expect(pauses(MULAW_8K, Buffer.concat([silence, noise(40, 8_000), silence])).found).toEqual([])
  })
})
