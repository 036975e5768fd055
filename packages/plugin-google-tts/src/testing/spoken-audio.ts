/** How long the double speaks for one character. */
export const MS_PER_CHARACTER = 60

export type Encoding = 'MULAW' | 'ALAW' | 'LINEAR16' | 'PCM'

const FRAME_MS = 20
/** Every other bit of A-law is sent inverted (G.711). */
const ALAW_INVERSION = 0x55

/**
 * The audio the double makes of a text: loud, and telling which text and which 20 ms of it every frame is. Equal
 * texts give equal audio, so a test can compare byte for byte.
 */
export function spokenAudio(text: string, encoding: Encoding, sampleRateHz: number): Uint8Array {
  const sampleBytes = encoding === 'LINEAR16' || encoding === 'PCM' ? 2 : 1
  const frameBytes = (sampleRateHz * sampleBytes * FRAME_MS) / 1000
  const frames = Math.ceil((text.length * MS_PER_CHARACTER) / FRAME_MS)
  const audio = new Uint8Array(frames * frameBytes)
  let seed = 0
  for (const character of text) seed = (seed * 31 + (character.codePointAt(0) ?? 0)) & 0xffff
  for (let frame = 0; frame < frames; frame += 1) {
    // 0x20 to 0x4f is loud in mu-law and A-law, and as the high byte of a sample.
    const level = 0x20 + ((seed + frame) % 0x30)
    audio.fill(
      encoding === 'ALAW' ? level ^ ALAW_INVERSION : level,
      frame * frameBytes,
      (frame + 1) * frameBytes,
    )
  }
  return audio
}

const FORMAT_TAG = { LINEAR16: 1, PCM: 1, ALAW: 6, MULAW: 7 } as const

/** The audio as a WAV file whose header is longer than 44 bytes, as headers may be. */
export function asWavFile(audio: Uint8Array, encoding: Encoding, sampleRateHz: number): Uint8Array {
  const sampleBytes = encoding === 'LINEAR16' || encoding === 'PCM' ? 2 : 1
  const format = Buffer.alloc(18)
  format.writeUInt16LE(FORMAT_TAG[encoding], 0)
  format.writeUInt16LE(1, 2)
  format.writeUInt32LE(sampleRateHz, 4)
  format.writeUInt32LE(sampleRateHz * sampleBytes, 8)
  format.writeUInt16LE(sampleBytes, 12)
  format.writeUInt16LE(sampleBytes * 8, 14)
  const chunks = Buffer.concat([
    chunk('fmt ', format),
    chunk('LIST', Buffer.from('INFO odd ')),
    chunk('data', audio),
    chunk('LIST', Buffer.from('behind')),
  ])
  return Buffer.concat([Buffer.from('RIFF'), uint32(chunks.length + 4), Buffer.from('WAVE'), chunks])
}

function chunk(name: string, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(name), uint32(content.length), content, Buffer.alloc(content.length % 2)])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
