import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AudioFormat, readWav } from '@kav/core'
import { wavHeader } from '@kav/core/host'
import { afterAll, describe, expect, it } from 'vitest'
import { repairWav } from '../../src/recording/repair-wav.ts'
import { createWavFile } from '../../src/recording/wav-file.ts'
import { smallDisk, watchedDisk } from './small-disk.ts'

const FORMATS: readonly AudioFormat[] = [
  { encoding: 'linear16', sampleRateHz: 16_000 },
  { encoding: 'mulaw', sampleRateHz: 8000 },
]
const SECOND = 32 * 1024

describe('a recording that its process did not finish', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kav-repair-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  const file = join(dir, 'call.wav')

  it.each(FORMATS)('cut at any byte, plays what is there: $encoding', async (format) => {
    const momentBytes = format.encoding === 'mulaw' ? 2 : 4
    // The header says more than there is, as it does where a disk lost what came last.
    const whole = Buffer.concat([wavHeader(format, 2, 4000), Buffer.alloc(41, 7)])
    const headerBytes = whole.length - 41
    for (let cut = 0; cut <= whole.length; cut++) {
      writeFileSync(file, whole.subarray(0, cut))
      const there = Math.max(0, cut - headerBytes)
      const { dataBytes } = (await repairWav(file, format))!
      expect(dataBytes).toBe(there - (there % momentBytes))
      const { audio, channels, format: read } = readWav(readFileSync(file))
      expect({ channels, read, bytes: audio.length }).toEqual({ channels: 2, read: format, bytes: dataBytes })
      expect(audio.every((byte) => byte === 7)).toBe(true)
      const repaired = readFileSync(file)
      await repairWav(file, format)
      expect(readFileSync(file).equals(repaired)).toBe(true)
    }
  })

  it.each(FORMATS)(
    'killed between any two writes, is a file that plays, or none: $encoding',
    async (format) => {
      const left: (Buffer | undefined)[] = []
      const target = join(dir, `killed-${format.encoding}.wav`)
      const silence = Buffer.alloc(
        format.encoding === 'mulaw' ? 2 : 4,
        format.encoding === 'mulaw' ? 0xff : 0,
      )
      const wav = createWavFile({
        file: target,
        format,
        silence,
        onError: (error) => expect(error).toBeUndefined(),
        openFile: watchedDisk(() => left.push(existsSync(target) ? readFileSync(target) : undefined)),
      })
      for (let i = 1; i <= 12; i++) wav.append(Buffer.alloc(SECOND, i))
      wav.appendSilence(5 * SECOND)
      wav.append(Buffer.alloc(SECOND, 13))
      await wav.close()
      const whole = Buffer.from(readWav(readFileSync(target)).audio)
      expect(whole.length).toBe(18 * SECOND)
      expect(left.length).toBeGreaterThan(15)
      for (const bytes of left) {
        if (bytes === undefined) continue
        // Before any repair, it is a file that plays a part of the call.
        const before = Buffer.from(readWav(bytes).audio)
        writeFileSync(file, bytes)
        await repairWav(file, format)
        const after = Buffer.from(readWav(readFileSync(file)).audio)
        expect(after.length).toBeGreaterThanOrEqual(before.length)
        expect(after.equals(whole.subarray(0, after.length))).toBe(true)
      }
    },
  )
})

describe('a recording on a disk that is full', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kav-full-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  const format = FORMATS[0]!

  async function recordOnDisk(roomBytes: number, seconds: number) {
    const file = join(dir, `${roomBytes}.wav`)
    const errors: unknown[] = []
    const wav = createWavFile({
      file,
      format,
      silence: new Uint8Array(4),
      onError: (error) => errors.push(error),
      openFile: smallDisk(roomBytes),
    })
    for (let i = 0; i < seconds; i++) wav.append(Buffer.alloc(SECOND, 7))
    await wav.close()
    return { file, wav, errors }
  }

  it('plays what fitted, gives back room for the record, and counts the rest', async () => {
    const { file, wav, errors } = await recordOnDisk(10 * SECOND + 77, 20)
    expect(errors).toHaveLength(1)
    expect(wav.failed()).toBe(true)
    const { audio } = readWav(readFileSync(file))
    expect(audio.length).toBe(wav.dataBytes())
    expect(audio.length % 4).toBe(0)
    expect(audio.length).toBeGreaterThan(7 * SECOND)
    expect(audio.length).toBeLessThanOrEqual(8 * SECOND + 77)
    expect(wav.dropped.failed).toBe(20 * SECOND - audio.length)
  })

  it('counts what was written into a file that somebody took away', async () => {
    const file = join(dir, 'taken.wav')
    const errors: unknown[] = []
    const wav = createWavFile({
      file,
      format,
      silence: new Uint8Array(4),
      onError: (error) => errors.push(error),
    })
    for (let i = 0; i < 6; i++) wav.append(Buffer.alloc(SECOND, 7))
    await expect.poll(() => existsSync(file)).toBe(true)
    rmSync(file)
    await wav.close()
    expect(String(errors[0])).toContain('removed')
    expect(wav.failed()).toBe(true)
    expect({ kept: wav.dataBytes(), dropped: wav.dropped.failed }).toEqual({ kept: 0, dropped: 6 * SECOND })
  })

  it('leaves no file where not even its header fitted', async () => {
    const { file, wav } = await recordOnDisk(20, 2)
    expect(existsSync(file)).toBe(false)
    expect(readdirSync(dir).filter((name) => name.includes('.part'))).toEqual([])
    expect(wav.dropped.failed).toBe(2 * SECOND)
  })
})
