import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestLogger } from '@kav/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSpeechCache } from '../src/speech-cache.ts'

const key = (digit: string): string => digit.repeat(64)

describe('the speech cache', () => {
  let dir: string
  const log = createTestLogger()
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kav-speech-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('gives speech back after a restart', () => {
    openSpeechCache({ dir, maxBytes: 1000, log }).put(key('a'), Uint8Array.of(1, 2, 3))
    expect([...openSpeechCache({ dir, maxBytes: 1000, log }).get(key('a'))!]).toEqual([1, 2, 3])
  })

  it('stays within its bound and forgets what was not used for longest', () => {
    const cache = openSpeechCache({ dir, maxBytes: 250, log })
    cache.put(key('a'), new Uint8Array(100))
    cache.put(key('b'), new Uint8Array(100))
    cache.get(key('a'))
    cache.put(key('c'), new Uint8Array(100))
    expect(readdirSync(dir).sort()).toEqual([key('a'), key('c')])
    expect(cache.get(key('b'))).toBeUndefined()
  })

  it('goes on in memory when the folder cannot be used', () => {
    const file = join(dir, 'file')
    writeFileSync(file, '')
    const cache = openSpeechCache({ dir: join(file, 'sub'), maxBytes: 1000, log })
    cache.put(key('a'), Uint8Array.of(7))
    expect([...cache.get(key('a'))!]).toEqual([7])
    expect(log.entries.filter((entry) => entry.level === 'warn')).toHaveLength(1)
  })
})
