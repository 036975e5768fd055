// Runs before every test file: properties and `Math.random` are the same in every run with the same seed.
import fc from 'fast-check'
import { testSeed } from './test-seed.mjs'

const seed = testSeed()
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed })
Math.random = seededRandom(seed)

/** Mulberry32, public domain. */
function seededRandom(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
