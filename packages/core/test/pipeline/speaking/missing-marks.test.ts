import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nowUs } from '../../../src/kit/index.ts'
import { createTxRig } from './tx-rig.ts'

/** Marks come back only when a test says so. */
const NEVER_MS = 3_600_000

/** A line whose utterances are one mark each; says when each was settled, and how. */
function createLine() {
  const rig = createTxRig({ returnMs: NEVER_MS })
  const settled: { name: string; outcome: string; atMs: number }[] = []
  let utterances = 0

  /** The promises of the line are kept between steps. */
  const pass = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 5) {
      rig.clock.step(5)
      for (let turn = 0; turn < 4; turn++) await Promise.resolve()
    }
  }
  return {
    ...rig,
    settled,
    pass,
    /** Speaks for 200 ms. Resolves when the far end has played it: the name of its mark, and when that was. */
    async say() {
      const name = `u${++utterances}`
      rig.write(10)
      void rig
        .line()
        .mark(name)
        .then((outcome) => settled.push({ name, outcome, atMs: rig.clock.nowMs() }))
      await pass(5)
      await pass(rig.far.heldMs() + 100)
      while (rig.far.heldMs() > 0) await pass(5)
      return { name, heardAtMs: rig.clock.nowMs() }
    },
    /** The far end returns a mark, whatever epoch it was sent in. */
    comesBack(name: string, epoch = 0) {
      rig.worker.markReturned(`${name}#${epoch}`, nowUs(rig.clock))
    },
    when: (name: string) => settled.find((mark) => mark.name === name),
  }
}

describe('a far end that returns no marks', () => {
  it('is found out by the first, and judged by the playout clock from then on', async () => {
    const line = createLine()
    const first = await line.say()
    await line.pass(5000)
    expect(line.when('u1')).toMatchObject({ outcome: 'played' })
    expect(line.when('u1')!.atMs - first.heardAtMs).toBeGreaterThan(500)
    expect(line.news).toEqual(['never'])
    for (const name of ['u2', 'u3', 'u4']) {
      const { heardAtMs } = await line.say()
      await line.pass(150)
      const { outcome, atMs } = line.when(name)!
      expect(outcome).toBe('played')
      expect(atMs).toBeGreaterThanOrEqual(heardAtMs)
    }
    expect(line.news).toEqual(['never'])
    expect(line.worker.counters).toMatchObject({ marksSent: 4, marksMissing: 4, marksLate: 0 })
  })

  it('is found out although the caller answers at once, and so interrupts what was heard to its end', async () => {
    const line = createLine()
    await line.say()
    await line.pass(300)
    line.floor.interrupt('caller')
    await line.pass(3000)
    expect(line.when('u1')).toMatchObject({ outcome: 'cleared' })
    await line.say()
    await line.pass(150)
    expect(line.when('u2')).toMatchObject({ outcome: 'played' })
    expect(line.news).toEqual(['never'])
  })

  it('has what the line was behind by added, when marks had come back before', async () => {
    const line = createLine()
    await line.say()
    await line.pass(400)
    line.comesBack('u1')
    await line.say()
    await line.pass(4000)
    expect(line.news).toEqual(['missing'])
    const { heardAtMs } = await line.say()
    await line.pass(1000)
    expect(line.when('u3')!.atMs - heardAtMs).toBeGreaterThanOrEqual(400)
    expect(line.when('u3')!.atMs - heardAtMs).toBeLessThan(600)
  })
})

describe('a far end that was late', () => {
  it('with its first mark is believed again when that comes', async () => {
    const line = createLine()
    await line.say()
    await line.pass(2000)
    expect(line.news).toEqual(['never'])
    line.comesBack('u1')
    expect(line.news).toEqual(['never', 'back'])
    await line.say()
    await line.pass(800)
    expect(line.when('u2')).toBeUndefined()
    line.comesBack('u2')
    await line.pass(5)
    expect(line.when('u2')).toMatchObject({ outcome: 'played' })
    expect(line.worker.counters).toMatchObject({ marksMissing: 1, marksLate: 1, staleMarks: 0 })
  })

  it('by more than a mark is waited for, every time, is said so once', async () => {
    const line = createLine()
    for (const name of ['u1', 'u2', 'u3']) {
      await line.say()
      await line.pass(5000)
      line.comesBack(name)
    }
    expect(line.news).toEqual(['never'])
    await line.say()
    line.comesBack('u4')
    expect(line.news).toEqual(['never', 'back'])
    expect(line.worker.counters.marksLate).toBe(3)
  })

  it('is not suspected for marks that `clear` discarded, once it is known to return them', async () => {
    const line = createLine()
    await line.say()
    line.comesBack('u1')
    for (let round = 0; round < 3; round++) {
      line.write(20)
      void line.line().mark('cut')
      await line.pass(100)
      line.floor.interrupt('caller')
      await line.pass(5000)
    }
    const { name } = await line.say()
    line.comesBack(name, 3)
    expect(line.news).toEqual([])
    expect(line.worker.counters.marksMissing).toBe(0)
  })

  it('because this process stood still is not suspected: what has come is read first', async () => {
    const line = createLine()
    await line.say()
    line.clock.stall(20_000)
    line.clock.step(5)
    line.comesBack('u1')
    await line.pass(5000)
    expect(line.when('u1')).toMatchObject({ outcome: 'played' })
    expect(line.news).toEqual([])
  })
})

it('whenever marks come back, or not: all settle in order, none before it was heard, and news alternate', async () => {
  const lateMs = fc.option(fc.integer({ min: 0, max: 6000 }), { nil: NEVER_MS })
  await fc.assert(
    fc.asyncProperty(fc.array(lateMs, { minLength: 1, maxLength: 6 }), async (lates) => {
      const line = createLine()
      const heardAtMs = new Map<string, number>()
      for (const late of lates) {
        const said = await line.say()
        heardAtMs.set(said.name, said.heardAtMs)
        for (let passed = 0; passed < 4000; passed += 100) {
          if (late >= passed && late < passed + 100) line.comesBack(said.name)
          await line.pass(100)
        }
      }
      expect(line.settled.map(({ name }) => name)).toEqual([...heardAtMs.keys()])
      for (const { name, atMs } of line.settled) {
        expect(atMs).toBeGreaterThanOrEqual(heardAtMs.get(name)!)
        expect(atMs - heardAtMs.get(name)!).toBeLessThan(3200)
      }
      line.news.forEach((told, index) => expect(told === 'back').toBe(index % 2 === 1))
    }),
    { numRuns: 15 },
  )
})
