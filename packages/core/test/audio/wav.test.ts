import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createWavStripper,
  MAX_WAV_DATA_BYTES,
  parseWavHeader,
  readWav,
  wavHeader,
  writeWav,
} from '../../src/audio/wav.ts'
import { type AudioFormat, MULAW_8K } from '../../src/contracts/index.ts'

const FORMATS: readonly AudioFormat[] = [
  MULAW_8K,
  { encoding: 'alaw', sampleRateHz: 8000 },
  { encoding: 'linear16', sampleRateHz: 24000 },
]
const AUDIO = Buffer.from(Array.from({ length: 400 }, (_, i) => (i * 31) & 0xff))

function chunk(id: string, body: Uint8Array, size = body.length): Buffer {
  const head = Buffer.alloc(8)
  head.write(id, 0, 'latin1')
  head.writeUInt32LE(size, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length & 1)])
}

function riff(...chunks: Uint8Array[]): Buffer {
  const body = Buffer.concat([Buffer.from('WAVE'), ...chunks])
  return chunk('RIFF', body)
}

function fmt(
  tag: number,
  bits: number,
  hz = 8000,
  channels = 1,
  tail: Uint8Array = new Uint8Array(0),
): Buffer {
  const body = Buffer.alloc(16)
  body.writeUInt16LE(tag, 0)
  body.writeUInt16LE(channels, 2)
  body.writeUInt32LE(hz, 4)
  body.writeUInt32LE((hz * channels * bits) / 8, 8)
  body.writeUInt16LE((channels * bits) / 8, 12)
  body.writeUInt16LE(bits, 14)
  return chunk('fmt ', Buffer.concat([body, tail]))
}

/** The tail of WAVEFORMATEXTENSIBLE: its size, valid bits, channel mask, and a GUID that begins with the tag. */
function extensible(tag: number, bits: number): Buffer {
  const tail = Buffer.alloc(24)
  tail.writeUInt16LE(22, 0)
  tail.writeUInt16LE(bits, 2)
  tail.writeUInt16LE(tag, 8)
  return fmt(0xfffe, bits, 16000, 1, tail)
}

/** The stream in pieces, as lent buffers that are overwritten once the next piece is asked for. */
function strip(pieces: readonly Uint8Array[]): { audio: Buffer; declared: AudioFormat | undefined } {
  const stripper = createWavStripper()
  const out: Buffer[] = []
  for (const piece of pieces) {
    const lent = Buffer.from(piece)
    out.push(Buffer.from(stripper.strip(lent)))
    lent.fill(0x2a)
  }
  out.push(Buffer.from(stripper.flush()))
  return { audio: Buffer.concat(out), declared: stripper.declared }
}

describe('reading and writing WAV', () => {
  it.each(FORMATS)('reads back what it writes ($encoding)', (format) => {
    const file = readWav(writeWav(format, 2, AUDIO))
    expect(file.format).toEqual(format)
    expect(file.channels).toBe(2)
    expect(Buffer.from(file.audio).equals(AUDIO)).toBe(true)
  })

  it.each(FORMATS)('writes sizes that add up to the file, odd lengths too ($encoding)', (format) => {
    for (const length of [0, 1, 2, 399, 400]) {
      const file = Buffer.from(writeWav(format, 1, AUDIO.subarray(0, length)))
      expect(file.readUInt32LE(4)).toBe(file.length - 8)
      expect(file.length % 2).toBe(0)
      expect(parseWavHeader(file)).toMatchObject({ format, channels: 1, dataBytes: length })
      const fact = file.indexOf('fact')
      // Whatever is not PCM says how many samples it has.
      expect(fact === -1 ? undefined : file.readUInt32LE(fact + 8)).toBe(
        format.encoding === 'linear16' ? undefined : length,
      )
    }
  })

  it('writes no header for more than a file can hold', () => {
    const format = { encoding: 'linear16', sampleRateHz: 48_000 } as const
    expect(Buffer.from(wavHeader(format, 2, MAX_WAV_DATA_BYTES)).readUInt32LE(4)).toBeGreaterThan(0xffff0000)
    expect(() => wavHeader(format, 2, MAX_WAV_DATA_BYTES + 4)).toThrow(RangeError)
  })

  it('walks over other chunks, odd ones too, wherever they stand', () => {
    const file = riff(
      chunk('LIST', Buffer.from('INFOodd')),
      fmt(7, 8),
      chunk('fact', Buffer.alloc(4)),
      chunk('data', AUDIO),
      chunk('LIST', Buffer.from('after')),
    )
    expect(Buffer.from(readWav(file).audio).equals(AUDIO)).toBe(true)
  })

  it('reads the true format of an extensible header', () => {
    const { format } = readWav(riff(extensible(1, 16), chunk('data', AUDIO)))
    expect(format).toEqual({ encoding: 'linear16', sampleRateHz: 16000 })
  })

  it.each([0, 0xffffffff])('takes an open length (%i) for what it is', (size) => {
    const file = riff(fmt(7, 8), chunk('data', AUDIO, size))
    expect(readWav(file).audio.length).toBe(AUDIO.length)
  })

  it.each([
    ['not a WAV', Buffer.from('ID3 something else'), 'does not begin with RIFF'],
    ['cut in its header', writeWav(MULAW_8K, 1, AUDIO).subarray(0, 30), 'ends before its data chunk'],
    ['data before fmt', riff(chunk('data', AUDIO), fmt(7, 8)), 'data chunk comes before the fmt chunk'],
    ['float samples', riff(fmt(3, 32), chunk('data', AUDIO)), 'format tag 3 with 32 bits'],
    ['24-bit samples', riff(fmt(1, 24), chunk('data', AUDIO)), 'format tag 1 with 24 bits'],
    ['a short fmt', riff(chunk('fmt ', Buffer.alloc(8)), chunk('data', AUDIO)), 'fmt chunk of 8 bytes'],
    ['no channels', riff(fmt(7, 8, 8000, 0), chunk('data', AUDIO)), '0 channels at 8000 Hz'],
    ['no rate', riff(fmt(7, 8, 0), chunk('data', AUDIO)), '1 channels at 0 Hz'],
    ['an endless chunk', riff(chunk('LIST', AUDIO, 0xfffffff0)), 'no data chunk near the start'],
    ['empty', Buffer.alloc(0), 'ends before its data chunk'],
  ])('says what is wrong with a file that is %s', (_what, file, message) => {
    expect(() => readWav(file)).toThrow(message)
  })

  it('neither hangs nor throws anything but an Error on random bytes behind a true start', () => {
    const start = fc.constantFrom(
      Buffer.from('RIFF\0\0\0\0WAVE'),
      Buffer.from('RIFF\0\0\0\0WAVEfmt '),
      Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE'), fmt(7, 8)]),
      Buffer.from('RIFF'),
    )
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 300 }), (head, tail) => {
        const bytes = Buffer.concat([head, tail])
        try {
          const header = parseWavHeader(bytes)
          if (header === undefined || header === 'more') return
          expect(header.dataOffset).toBeLessThanOrEqual(bytes.length)
          expect(bytes.subarray(header.dataOffset - 8, header.dataOffset - 4).toString('latin1')).toBe('data')
        } catch (error) {
          expect((error as Error).message).toMatch(/^WAV: |^expected/)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('taking a header out of a stream', () => {
  const plain = writeWav(MULAW_8K, 1, AUDIO)
  const long = riff(
    chunk('LIST', Buffer.from('INFOodd')),
    fmt(7, 8),
    chunk('fact', Buffer.alloc(4)),
    chunk('data', AUDIO),
  )

  it.each([
    ['a plain header', plain],
    ['a header with more chunks', long],
    ['an extensible header', riff(extensible(7, 8), chunk('data', AUDIO))],
  ])('finds the audio behind %s when it is split at every byte', (_what, stream) => {
    for (let at = 0; at <= 120; at++) {
      expect(strip([stream.subarray(0, at), stream.subarray(at)]).audio.equals(AUDIO)).toBe(true)
    }
    const bytes = Array.from(stream, (byte) => Uint8Array.of(byte))
    expect(strip(bytes).audio.equals(AUDIO)).toBe(true)
  })

  it('tells the format that the header declares', () => {
    expect(strip([writeWav({ encoding: 'linear16', sampleRateHz: 24000 }, 1, AUDIO)]).declared).toEqual({
      encoding: 'linear16',
      sampleRateHz: 24000,
    })
  })

  it('lets audio without a header through untouched, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 }), (pieces) => {
        const input = Buffer.concat(pieces)
        fc.pre(input.subarray(0, 4).toString('latin1') !== 'RIFF')
        expect(strip(pieces).audio.equals(input)).toBe(true)
      }),
    )
  })

  it.each(['R', 'RI', 'RIF', 'RIFF', 'RIFX then audio', 'RIFF1234WAVX then audio'])(
    'loses nothing of audio that only looks like a header: %s',
    (text) => {
      const audio = Buffer.from(text, 'latin1')
      expect(strip(Array.from(audio, (byte) => Uint8Array.of(byte))).audio.equals(audio)).toBe(true)
    },
  )

  it('refuses two channels, since one of them would be heard as noise', () => {
    expect(() => strip([writeWav(MULAW_8K, 2, AUDIO)])).toThrow('2 channels where one is expected')
  })
})
