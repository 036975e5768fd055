import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestOutbox } from './open-test-outbox.ts'

const fails = (): Promise<void> => Promise.reject(new Error('away'))

describe('the pace of an outbox', () => {
  let dir: string
  let made: ReturnType<typeof openTestOutbox> | undefined
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-outbox-'))))
  afterEach(async () => {
    const closing = made?.outbox.close()
    await made?.quiet()
    await made?.time.advance(10_000)
    await closing
    rmSync(dir, { recursive: true, force: true })
  })
  const opened = (...args: Parameters<typeof openTestOutbox>) => (made = openTestOutbox(...args))

  it('tries again after pauses that double up to a ceiling, and holds the others back meanwhile', async () => {
    const { outbox, target, time, quiet, delivered } = opened(dir, {
      limits: { firstPauseMs: 1000, maxPauseMs: 4000, atATime: 1 },
    })
    const tries: string[] = []
    const startMs = time.clock.nowMs()
    let away = true
    target.answer = async ({ n }) => {
      tries.push(`${n} at ${time.clock.nowMs() - startMs}`)
      if (away) await fails()
    }
    outbox.put({ n: 1 })
    await quiet()
    outbox.put({ n: 2 })
    for (let second = 0; second < 11; second++) {
      await quiet()
      await time.advance(1000)
    }
    await quiet()
    expect(tries).toEqual(['1 at 0', '1 at 1000', '1 at 3000', '1 at 7000', '1 at 11000'])
    away = false
    await time.advance(4000)
    await quiet()
    expect(delivered).toEqual([1, 2])
  })

  it('lets the others go on while a place refuses some, and holds them when it is away', async () => {
    const { outbox, target, time, quiet, delivered } = opened(dir, {
      limits: { firstPauseMs: 1000, atATime: 3 },
    })
    const tries: number[] = []
    let away = false
    // Every third try, whichever item it brings.
    let turn = 0
    target.answer = async ({ n }) => {
      tries.push(n)
      if (away || ++turn % 3 === 0) await fails()
    }
    for (let n = 1; n <= 30; n++) outbox.put({ n })
    await quiet()
    expect(delivered).toHaveLength(20)
    // Some fail once more, and wait for longer.
    for (let second = 0; second < 60; second++) {
      await time.advance(1000)
      await quiet()
    }
    expect(delivered).toHaveLength(30)

    away = true
    tries.length = 0
    for (let n = 31; n <= 40; n++) outbox.put({ n })
    await quiet()
    // Two may have been on their way by the third fault.
    expect(tries.length).toBeGreaterThanOrEqual(3)
    expect(tries.length).toBeLessThanOrEqual(5)
    away = false
    for (let second = 0; second < 60; second++) {
      await time.advance(1000)
      await quiet()
    }
    expect(delivered.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1))
  })

  it('waits as long behind an error that can be asked nothing', async () => {
    const { outbox, target, time, quiet, metrics } = opened(dir, { limits: { firstPauseMs: 1000 } })
    let tries = 0
    const trap = (): never => {
      throw new Error('a trap')
    }
    target.answer = async () => {
      // Whoever tries without a pause comes to an end here.
      if (++tries > 50) return
      throw new Proxy(new Error('odd'), { get: trap, getPrototypeOf: trap, has: trap })
    }
    outbox.put({ n: 1 })
    await quiet()
    expect(tries).toBe(1)
    await time.advance(1000)
    await quiet()
    expect(tries).toBe(2)
    expect(metrics.value('outbox_tries_failed_total', {})).toBe(2)
  })
})
