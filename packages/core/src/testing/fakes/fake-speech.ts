import { bytesPerSecond, type AudioFormat } from '../../contracts/index.ts'

const TONE_HZ = 400
/** Every other bit of A-law is sent inverted (G.711). */
const ALAW_INVERSION = 0x55

/** A level that belongs to this text (FNV-1a), so that a test can tell whose audio it hears. */
function levelOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0
  }
  return hash % 32
}

/** Speech of a fake voice: a square wave as long as the text, at a level made from the text. Never a byte of silence. */
export function fakeSpeech(text: string, format: AudioFormat, msPerCharacter = 60): Uint8Array {
  const bytesPerSample = format.encoding === 'linear16' ? 2 : 1
  const samples = Math.round(
    (bytesPerSecond(format) / bytesPerSample) * ((text.length * msPerCharacter) / 1000),
  )
  const isAlaw = format.encoding === 'alaw'
  const halfPeriod = format.sampleRateHz / TONE_HZ / 2
  const level = levelOf(text)
  const speech = new Uint8Array(samples * bytesPerSample)
  const view = new DataView(speech.buffer)
  for (let sample = 0; sample < samples; sample++) {
    const positive = Math.floor(sample / halfPeriod) % 2 === 0
    if (bytesPerSample === 2) view.setInt16(sample * 2, (positive ? 1 : -1) * (4000 + level * 200), true)
    else speech[sample] = (positive ? 0x80 : 0x00) + (isAlaw ? (0x60 + level) ^ ALAW_INVERSION : 0x10 + level)
  }
  return speech
}

/** A 44-byte WAV header with the length left open, as streaming voices send it. */
export function fakeWavHeader(format: AudioFormat): Uint8Array {
  const bytesPerSample = format.encoding === 'linear16' ? 2 : 1
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(0xffffffff, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE({ linear16: 1, alaw: 6, mulaw: 7 }[format.encoding], 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(format.sampleRateHz, 24)
  header.writeUInt32LE(bytesPerSecond(format), 28)
  header.writeUInt16LE(bytesPerSample, 32)
  header.writeUInt16LE(bytesPerSample * 8, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(0xffffffff, 40)
  return header
}
