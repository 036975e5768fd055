import { describe, expect, it } from 'vitest'
import { didYouMean } from '../../src/kit/did-you-mean.ts'

describe('didYouMean', () => {
  it.each([
    ['langauge', ['language', 'region'], 'language'],
    ['maxCallMs', ['max_call_ms', 'maxsize'], 'max_call_ms'],
    ['rx_queue', ['rx-queue', 'tx-queue'], 'rx-queue'],
    ['TIMEOUTMS', ['TIMEOUT_MS'], 'TIMEOUT_MS'],
    ['of', ['off', 'speech'], 'off'],
    ['xyz', ['language', 'region'], undefined],
    ['', ['a'], undefined],
    ['---', ['a'], undefined],
    ['%', ['#', '*', 'none'], undefined],
    ['N', ['n'], 'n'],
    ['a', ['ab'], 'ab'],
    ['k'.repeat(10_000), ['k'], undefined],
  ])('for %s among %j says %s', (written, candidates, meant) => {
    expect(didYouMean(written, candidates)).toBe(meant)
  })
})
