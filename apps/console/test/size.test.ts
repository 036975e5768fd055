import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { consoleFolder } from '../index.js'
import { chunksOf } from './built-chunks.ts'

const MAX_BYTES = 150_000

it('all that the console can load is at most 150 kB gzipped', () => {
  const sizes = chunksOf(consoleFolder).map((file) => gzipSync(readFileSync(file), { level: 9 }).length)
  expect(sizes.length).toBeGreaterThan(3)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MAX_BYTES)
})
