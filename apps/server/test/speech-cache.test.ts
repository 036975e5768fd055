import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFakeClock, createTestLogger, createTestMetrics } from '@kav/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createStorage, type Storage } from '../src/process/storage.ts'
import { openSpeechCache } from '../src/speech-cache.ts'

const key = (digit: string): string => digit.repeat(64)

describe('the speech cache', () => {
  let dir: string
  let storage: Storage
  let log = createTestLogger()
  let metrics = createTestMetrics()
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kav-speech-'))
    storage = createStorage()
    log = createTestLogger()
    metrics = createTestMetrics()
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  async function open(maxBytes: number, at = dir) {
    const cache = openSpeechCache({ dir: at, maxBytes, log, metrics, storage })
    await cache.loaded
    return cache
  }
  const written = () => storage.settled(30_000)
  const warnings = () => log.entries.filter((entry) => entry.level === 'warn')

  it('gives speech back after a restart', async () => {
    ;(await open(1000)).put(key('a'), Uint8Array.of(1, 2, 3))
    await written()
    expect([...(await open(1000)).get(key('a'))!]).toEqual([1, 2, 3])
  })

  it('stays within its bound and forgets what was not used for longest', async () => {
    const cache = await open(250)
    cache.put(key('a'), new Uint8Array(100))
    cache.put(key('b'), new Uint8Array(100))
    await written()
    cache.get(key('a'))
    cache.put(key('c'), new Uint8Array(100))
    await written()
    expect(readdirSync(dir).sort()).toEqual([key('a'), key('c')])
    expect(cache.get(key('b'))).toBeUndefined()
  })

  it('serves a call from memory while the disk hangs', async () => {
    // Its time never comes: nobody is there to hear that it was given up.
    storage = createStorage({ atATime: 1, clock: createFakeClock().clock })
    void storage.run(() => new Promise<void>(() => undefined))
    const cache = openSpeechCache({ dir, maxBytes: 1000, log, metrics, storage })
    expect(cache.get(key('a'))).toBeUndefined()
    cache.put(key('a'), Uint8Array.of(7))
    expect([...cache.get(key('a'))!]).toEqual([7])
  })

  it('goes on in memory when the folder cannot be used, and says so once', async () => {
    const file = join(dir, 'file')
    writeFileSync(file, '')
    const cache = await open(1000, join(file, 'sub'))
    for (const digit of ['a', 'b', 'c']) cache.put(key(digit), Uint8Array.of(7))
    await written()
    expect([...cache.get(key('a'))!]).toEqual([7])
    await expect.poll(() => metrics.value('speech_cache_files_failed_total')).toBe(4)
    expect(warnings()).toHaveLength(1)
  })

  it('takes a folder that vanished and came back', async () => {
    const cache = await open(1000)
    rmSync(dir, { recursive: true })
    cache.put(key('a'), Uint8Array.of(7))
    await written()
    expect(readdirSync(dir)).toEqual([key('a')])
    expect(warnings()).toEqual([])
  })

  it('does without a file that was taken away or cut short behind its back', async () => {
    writeFileSync(join(dir, key('a')), '')
    mkdirSync(join(dir, key('b')))
    const cache = await open(1000)
    expect(cache.get(key('a'))).toBeUndefined()
    expect(cache.get(key('b'))).toBeUndefined()
  })
})
