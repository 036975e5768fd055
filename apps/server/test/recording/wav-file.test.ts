import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AudioFormat, readWav } from '@kav/core'
import { createDeferred } from '@kav/core/kit'
import { afterAll, describe, expect, it } from 'vitest'
import { createWavFile, type WavFile } from '../../src/recording/wav-file.ts'
import { openIn, tellsOpenFiles } from '../open-in.ts'

const FORMAT: AudioFormat = { encoding: 'linear16', sampleRateHz: 8000 }
const MOMENT_BYTES = 4
/** What appends of one length of one value look like. */
const sound = (value: number, bytes: number): Buffer => Buffer.alloc(bytes, value)

/** Python's own reader, which refuses everything but PCM. */
const hasPython = spawnSync('python3', ['-c', 'import wave']).status === 0
if (!hasPython) console.log('python3 is missing: recordings are not read with it')

function readWithPython(file: string): {
  channels: number
  bytes: number
  rate: number
  frames: number
  all: string
} {
  const script = `import wave, json, hashlib, sys
with wave.open(sys.argv[1]) as w:
    print(json.dumps({'channels': w.getnchannels(), 'bytes': w.getsampwidth(), 'rate': w.getframerate(),
      'frames': w.getnframes(), 'all': w.readframes(w.getnframes()).hex()}))`
  return JSON.parse(execFileSync('python3', ['-c', script, file], { encoding: 'utf8', maxBuffer: 1 << 28 }))
}

describe('a WAV file that grows', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kav-wav-file-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  let files = 0

  async function written(
    feed: (wav: WavFile) => void | Promise<void>,
    options: { maxDataBytes?: number; maxWaitingBytes?: number; format?: AudioFormat } = {},
  ) {
    const file = join(dir, `deep/down/${++files}.wav`)
    const errors: unknown[] = []
    const silence = new Uint8Array(MOMENT_BYTES)
    const wav = createWavFile({
      file,
      format: FORMAT,
      silence,
      onError: (error) => errors.push(error),
      ...options,
    })
    await feed(wav)
    await wav.close()
    expect(errors).toEqual([])
    return { file, wav, audio: Buffer.from(readWav(readFileSync(file)).audio) }
  }

  it('holds what was appended, in order, silence where it was said to be', async () => {
    const { audio, wav } = await written((wav) => {
      wav.append(sound(1, 100))
      wav.appendSilence(200_000)
      wav.append(sound(2, 70_000))
      wav.appendSilence(4)
      wav.appendSilence(4)
      wav.append(sound(3, 4))
    })
    const expected = [sound(1, 100), sound(0, 200_000), sound(2, 70_000), sound(0, 8), sound(3, 4)]
    expect(audio.equals(Buffer.concat(expected))).toBe(true)
    expect(wav.dataBytes()).toBe(270_112)
    expect(wav.dropped).toEqual({ slowDisk: 0, failed: 0, tooLarge: 0 })
  })

  it('is a WAV without a sample when nothing was appended', async () => {
    const { file, audio } = await written(() => undefined)
    expect(audio).toHaveLength(0)
    expect(statSync(file).size).toBe(44)
  })

  it('bounds what waits for a slow disk: silence of the same length stands for the rest, and is counted', async () => {
    // Nothing can be written while this feeds: the disk is as slow as can be.
    const { audio, wav } = await written(
      (wav) => {
        for (let i = 0; i < 100; i++) wav.append(sound(1, 4000))
      },
      { maxWaitingBytes: 64 * 1024 },
    )
    expect(audio.length).toBe(400_000)
    expect(audio.indexOf(0)).toBe(64 * 1024)
    expect(audio.lastIndexOf(1)).toBe(64 * 1024 - 1)
    expect(wav.dropped.slowDisk).toBe(400_000 - 64 * 1024)
  })

  it('goes on with sound once the disk has caught up', async () => {
    const { audio } = await written(
      async (wav) => {
        for (let i = 0; i < 3; i++) wav.append(sound(1, 32 * 1024))
        while (
          statSync(join(dir, `deep/down/${files}.wav`), { throwIfNoEntry: false })?.size !==
          44 + 3 * 32 * 1024
        )
          await new Promise(setImmediate)
        await new Promise(setImmediate)
        wav.append(sound(2, 8))
      },
      { maxWaitingBytes: 64 * 1024 },
    )
    expect(audio.length).toBe(3 * 32 * 1024 + 8)
    expect(audio.subarray(-8).equals(sound(2, 8))).toBe(true)
    expect(audio.subarray(64 * 1024, 96 * 1024).equals(sound(0, 32 * 1024))).toBe(true)
  })

  it('ends where a file can hold no more, and counts what came after', async () => {
    const { audio, wav } = await written(
      (wav) => {
        for (let i = 0; i < 3; i++) wav.append(sound(1, 400))
        // Would fit, and would lie at the wrong time.
        wav.append(sound(2, 100))
      },
      { maxDataBytes: 1000 },
    )
    expect(audio.equals(sound(1, 800))).toBe(true)
    expect(wav.dropped.tooLarge).toBe(500)
  })

  it('says how long it is while it grows: whatever ends the process leaves a file that plays', async () => {
    await written(async (wav) => {
      for (let i = 0; i < 10; i++) wav.append(sound(1, 32 * 1024))
      const said = (): number => {
        try {
          return readFileSync(join(dir, `deep/down/${files}.wav`)).readUInt32LE(40)
        } catch {
          return 0
        }
      }
      while (said() < 6 * 32 * 1024) await new Promise(setImmediate)
      expect(said() % MOMENT_BYTES).toBe(0)
    })
  })

  it.skipIf(!hasPython)('is read by a reader that knows nothing of Kav', async () => {
    for (const format of [FORMAT, { encoding: 'linear16', sampleRateHz: 24_000 } as const]) {
      const { file, audio } = await written(
        (wav) => {
          wav.append(sound(0x12, 4000))
          wav.appendSilence(400)
        },
        { format },
      )
      expect(readWithPython(file)).toEqual({
        channels: 2,
        bytes: 2,
        rate: format.sampleRateHz,
        frames: 1100,
        all: audio.toString('hex'),
      })
    }
    expect(readWithPython((await written(() => undefined)).file)).toMatchObject({
      channels: 2,
      frames: 0,
      all: '',
    })
  })
})

describe.skipIf(!tellsOpenFiles)('a WAV file whose disk hangs until nobody waits any more', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kav-wav-hung-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  const OPERATIONS = ['stat', 'write', 'truncate'] as const

  it.each(['works', 'fails'])(
    'is not kept open, at whatever operation that was, when it %s again',
    async (how) => {
      let hung = 0
      // Node closes those that nobody has any more, sooner or later.
      const handles: FileHandle[] = []
      for (let at = 0; at < 20; at++) {
        const [waiting, back] = [createDeferred<never>(), createDeferred<void>()]
        waiting.promise.catch(() => undefined)
        let begun = 0
        const wav = createWavFile({
          file: join(dir, `${how}-${at}.wav`),
          format: FORMAT,
          silence: new Uint8Array(MOMENT_BYTES),
          onError: () => undefined,
          inTurn: (action) => Promise.race([action(), waiting.promise]),
          async openFile(file) {
            const handle = await open(file, 'wx')
            handles.push(handle)
            for (const name of OPERATIONS) {
              const operation = handle[name].bind(handle) as (...given: unknown[]) => Promise<unknown>
              const hanging = async (...given: unknown[]): Promise<unknown> => {
                if (begun++ === at) {
                  hung++
                  waiting.reject(new Error('the disk is slow'))
                  await back.promise
                  if (how === 'fails') throw new Error('the disk fails')
                }
                return operation(...given)
              }
              Object.assign(handle, { [name]: hanging })
            }
            return handle
          },
        })
        wav.append(sound(1, 40_000))
        wav.appendSilence(4000)
        await wav.close()
        back.resolve()
      }
      expect(hung).toBeGreaterThan(5)
      await expect.poll(() => openIn(dir), { timeout: 2000 }).toEqual([])
      expect(handles).toHaveLength(20)
    },
  )
})
