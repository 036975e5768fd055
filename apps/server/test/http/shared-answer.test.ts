import { describe, expect, it } from 'vitest'
import { sharedAnswer } from '../../src/http/shared-answer.ts'

function rig(fails: readonly number[] = []) {
  let nowMs = 0
  let made = 0
  const ask = sharedAnswer({ nowMs: () => nowMs }, 1000, async () => {
    made++
    if (fails.includes(made)) throw new Error(`answer ${made}`)
    return made
  })
  return { ask, at: (ms: number) => (nowMs = ms), made: () => made }
}

describe('an answer that is shared', () => {
  it('is made once for all who ask within its time', async () => {
    const { ask, at, made } = rig()
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1])
    at(999)
    expect(await ask()).toBe(1)
    at(1000)
    expect(await ask()).toBe(2)
    expect(made()).toBe(2)
  })

  it('is made anew where it failed', async () => {
    const { ask } = rig([1])
    await expect(ask()).rejects.toThrow('answer 1')
    expect(await ask()).toBe(2)
  })
})
