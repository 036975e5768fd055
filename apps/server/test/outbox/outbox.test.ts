import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFakeClock } from '@kav/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UNSEEN_IS_DEAD_MS } from '../../src/outbox/abandoned-items.ts'
import { itemName } from '../../src/outbox/item-name.ts'
import { ownFolderName } from '../../src/outbox/owner-name.ts'
import { LOOK_EVERY_MS } from '../../src/outbox/outbox.ts'
import { Undeliverable } from '../../src/outbox/outbox-limits.ts'
import { openTestOutbox } from './open-test-outbox.ts'

/** This very number, at another time: a process that is dead. */
const DEAD_OWNER = ownFolderName().replace(/-\d+-/, '-0-')
const UNSEEN_OWNER = '1-1-0123456789abcdef-0badcafe'
const fails = (): Promise<void> => Promise.reject(new Error('away'))

describe('an outbox', () => {
  let dir: string
  const open: { close(): Promise<void> }[] = []
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-outbox-'))))
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close()
    rmSync(dir, { recursive: true, force: true })
  })

  function opened(...[at, options]: Parameters<typeof openTestOutbox>) {
    const made = openTestOutbox(at, options)
    open.push({
      async close() {
        const closing = made.outbox.close()
        await made.quiet()
        await made.time.advance(10_000)
        await closing
      },
    })
    return made
  }
  const filesIn = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))
  function leave(owner: string, ...numbers: number[]): void {
    mkdirSync(join(dir, owner), { recursive: true })
    for (const n of numbers)
      writeFileSync(join(dir, owner, itemName(Date.UTC(2029, 11, 31), n)), JSON.stringify({ n }))
  }

  it('delivers in the order in which they were put, and leaves no file', async () => {
    const { outbox, delivered, quiet, ended, metrics } = opened(dir, { limits: { atATime: 1 } })
    for (const n of [1, 2, 3]) expect(outbox.put({ n })).toBe(true)
    await quiet()
    expect(delivered).toEqual([1, 2, 3])
    expect(filesIn(dir)).toEqual([])
    expect(ended('delivered')).toBe(3)
    expect(metrics.value('outbox_waiting')).toBe(0)
  })

  it('has an item as a whole file that is nobody else’s to read, before it is delivered', async () => {
    const { outbox, target, quiet } = opened(dir)
    let seen: { text: string; mode: number } | undefined
    target.answer = async () => {
      const [file] = filesIn(dir)
      const path = join(dir, file!)
      seen = { text: readFileSync(path, 'utf8'), mode: statSync(path).mode & 0o777 }
    }
    outbox.put({ n: 1, text: 'שלום' })
    await quiet()
    expect(seen).toEqual({ text: '{"n":1,"text":"שלום"}', mode: 0o600 })
  })

  it('has so many on their way, and no more', async () => {
    let running = 0
    let most = 0
    const { outbox, target, time, quiet, delivered } = opened(dir, { limits: { atATime: 2 } })
    target.answer = () =>
      new Promise((resolve) => {
        most = Math.max(most, ++running)
        time.clock.after(100, () => {
          running--
          resolve()
        })
      })
    for (const n of [1, 2, 3, 4, 5]) outbox.put({ n })
    for (let round = 0; round < 4; round++) {
      await quiet()
      await time.advance(100)
    }
    await quiet()
    expect(delivered).toHaveLength(5)
    expect(most).toBe(2)
  })

  it('lets the others pass one that nobody can take, and puts that aside', async () => {
    const { outbox, target, quiet, delivered, ended, log } = opened(dir)
    target.answer = ({ n }) => (n === 1 ? Promise.reject(new Undeliverable('gone')) : Promise.resolve())
    outbox.put({ n: 1 })
    outbox.put({ n: 2 })
    await quiet()
    expect(delivered).toEqual([2])
    expect(ended('dead')).toBe(1)
    const [file] = filesIn(join(dir, 'dead'))
    expect(JSON.parse(readFileSync(join(dir, 'dead', file!), 'utf8'))).toEqual({ n: 1 })
    expect(log.find('OUTBOX: gave an item up')[0]?.fields).toMatchObject({ error: 'gone' })
  })

  it('gives up what is too old, but tries it once', async () => {
    leave('free-1', 7)
    const { target, time, quiet, ended } = opened(dir, { limits: { maxAgeMs: 3_600_000 } })
    let tries = 0
    target.answer = () => {
      tries++
      return fails()
    }
    await quiet()
    await time.advance(10_000)
    await quiet()
    expect(tries).toBe(1)
    expect(ended('dead')).toBe(1)
  })

  it('waits for nobody for ever', async () => {
    const { outbox, target, time, quiet, delivered, metrics } = opened(dir, {
      limits: { deliverLimitMs: 5000, atATime: 1 },
    })
    target.answer = ({ n }) => (n === 1 && tries++ === 0 ? new Promise(() => undefined) : Promise.resolve())
    let tries = 0
    outbox.put({ n: 1 })
    await quiet()
    await time.advance(5000)
    await quiet()
    expect(metrics.value('outbox_tries_failed_total')).toBe(1)
    await time.advance(1000)
    await quiet()
    expect(delivered).toEqual([1])
  })

  it('drops the oldest when it is full, or takes no more, as it is told', async () => {
    const dropping = opened(join(dir, 'a'), { limits: { maxItems: 2 } })
    dropping.target.answer = fails
    for (const n of [1, 2, 3]) {
      expect(dropping.outbox.put({ n })).toBe(true)
      await dropping.quiet()
    }
    expect(dropping.outbox.waiting).toBe(2)
    expect(dropping.ended('dropped')).toBe(1)
    expect(filesIn(join(dir, 'a')).map((name) => readFileSync(join(dir, 'a', name), 'utf8'))).toEqual([
      '{"n":2}',
      '{"n":3}',
    ])

    const refusing = opened(join(dir, 'b'), { limits: { maxBytes: 20, whenFull: 'refuse' } })
    refusing.target.answer = fails
    expect([1, 2, 3].map((n) => refusing.outbox.put({ n }))).toEqual([true, true, false])
    expect(refusing.metrics.value('outbox_refused_total')).toBe(1)
  })

  it('takes nothing that is no JSON', () => {
    const { outbox } = opened(dir)
    const circle: { n: number; self?: unknown } = { n: 1 }
    circle.self = circle
    expect(outbox.put(circle)).toBe(false)
  })

  it('delivers from memory what the disk does not take, and says so once', async () => {
    const file = join(dir, 'a-file')
    writeFileSync(file, '')
    const { outbox, target, time, quiet, delivered, log, metrics } = opened(join(file, 'outbox'))
    target.answer = fails
    outbox.put({ n: 1 })
    await quiet()
    target.answer = () => Promise.resolve()
    await time.advance(1000)
    await quiet()
    expect(delivered).toEqual([1])
    expect(metrics.value('outbox_disk_failed_total')).toBeGreaterThan(1)
    expect(
      log.find('OUTBOX: the folder cannot be used, what waits is in memory only').length,
    ).toBeLessThanOrEqual(2)
  })

  it('writes what was in memory alone once the disk takes it', async () => {
    const { outbox, target, time, quiet } = opened(join(dir, 'later', 'outbox'))
    writeFileSync(join(dir, 'later'), '')
    target.answer = fails
    outbox.put({ n: 1 })
    await quiet()
    rmSync(join(dir, 'later'))
    await time.advance(1000)
    await quiet()
    expect(filesIn(join(dir, 'later'))).toHaveLength(1)
  })

  it('takes over what a dead process left, the oldest first, before its own', async () => {
    leave(DEAD_OWNER, 1, 2)
    leave('free-2', 3)
    writeFileSync(join(dir, DEAD_OWNER, 'half.json.0123456789abcdef.part'), '{"n"')
    const { outbox, quiet, delivered, metrics } = opened(dir, { limits: { atATime: 1 } })
    await quiet()
    outbox.put({ n: 4 })
    await quiet()
    expect(delivered).toEqual([1, 2, 3, 4])
    expect(metrics.value('outbox_adopted_total')).toBe(3)
    expect(readdirSync(dir)).toHaveLength(1)
  })

  it('finds what lies in its own folder and is not known to it: the disk may have brought it late', async () => {
    const { outbox, target, time, quiet, delivered, metrics } = opened(dir)
    target.answer = fails
    outbox.put({ n: 1 })
    await quiet()
    const [own] = readdirSync(dir)
    leave(own!, 7)
    target.answer = () => Promise.resolve()
    await time.advance(LOOK_EVERY_MS)
    await quiet()
    expect(delivered.toSorted()).toEqual([1, 7])
    expect(metrics.value('outbox_adopted_total')).toBe(1)
  })

  it('shares what is left with a neighbour, each item to one of them', async () => {
    leave(DEAD_OWNER, ...Array.from({ length: 50 }, (_, n) => n))
    const both = [opened(dir), opened(dir)]
    for (let round = 0; round < 3; round++) for (const one of both) await one.quiet()
    const all = both.flatMap(({ delivered }) => delivered)
    expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n))
  })

  it('leaves alone what a living process has, and takes it when that has left', async () => {
    const neighbour = opened(dir)
    neighbour.target.answer = fails
    neighbour.outbox.put({ n: 1 })
    await neighbour.quiet()
    const one = opened(dir)
    await one.quiet()
    expect(one.delivered).toEqual([])
    await neighbour.outbox.close()
    await one.time.advance(LOOK_EVERY_MS)
    await one.quiet()
    expect(one.delivered).toEqual([1])
  })

  it('takes over from an owner that cannot be seen once he has shown no life for long', async () => {
    leave(UNSEEN_OWNER, 1)
    const { time, quiet, delivered } = opened(dir)
    for (let waitedMs = 0; waitedMs < UNSEEN_IS_DEAD_MS; waitedMs += LOOK_EVERY_MS) {
      await quiet()
      expect(delivered).toEqual([])
      await time.advance(LOOK_EVERY_MS)
    }
    await quiet()
    expect(delivered).toEqual([1])
  })

  it('keeps no more in memory than it may, and takes the rest when there is room', async () => {
    leave(DEAD_OWNER, 1, 2, 3, 4, 5)
    const { outbox, target, time, quiet, delivered } = opened(dir, {
      limits: { maxItems: 2, atATime: 1 },
    })
    target.answer = fails
    await quiet()
    expect(outbox.waiting).toBe(2)
    target.answer = () => Promise.resolve()
    for (let round = 0; round < 4; round++) {
      await time.advance(LOOK_EVERY_MS)
      await quiet()
    }
    expect(delivered).toEqual([1, 2, 3, 4, 5])
  })

  it('gives what waits at its end to the next, and what is on its way some time', async () => {
    const first = opened(dir)
    first.target.answer = ({ n }) =>
      n === 1 ? new Promise((resolve) => first.time.clock.after(500, resolve)) : fails()
    first.outbox.put({ n: 1 })
    await first.quiet()
    first.outbox.put({ n: 2 })
    await first.quiet()
    const closed = first.outbox.close(1000)
    await first.quiet()
    await first.time.advance(500)
    await first.quiet()
    await closed
    expect(first.outbox.put({ n: 3 })).toBe(false)
    expect(first.delivered).toEqual([1])
    const next = opened(dir)
    await next.quiet()
    expect(next.delivered).toEqual([2])
  })

  it('puts a file aside that is no JSON', async () => {
    leave('free-1', 1)
    writeFileSync(join(dir, 'free-1', itemName(0, 2)), '{"n":')
    const { quiet, delivered, ended } = opened(dir)
    await quiet()
    expect(delivered).toEqual([1])
    expect(ended('dead')).toBe(1)
  })

  it('loses none: what came in is delivered, ended some other way, or there', async () => {
    const random = seeded()
    const time = createFakeClock()
    const { outbox, target, metrics, quiet } = opened(dir, {
      time,
      limits: { maxItems: 8, maxAgeMs: 20_000, maxPauseMs: 3000, atATime: 3 },
    })
    target.answer = async () => {
      const luck = random()
      if (luck < 0.1) throw new Undeliverable('no')
      if (luck < 0.6) throw new Error('away')
    }
    for (let round = 0; round < 60; round++) {
      for (let left = random() * 4; left > 1; left--) outbox.put({ n: round })
      await quiet()
      await time.advance(random() * 3000)
    }
    await quiet()
    const came = metrics.value('outbox_accepted_total') + metrics.value('outbox_adopted_total')
    expect(metrics.value('outbox_ended_total') + outbox.waiting).toBe(came)
    expect(filesIn(dir).filter((name) => !name.startsWith('dead'))).toHaveLength(outbox.waiting)
    expect(metrics.value('outbox_waiting')).toBe(outbox.waiting)
    for (const outcome of ['delivered', 'dead', 'dropped'])
      expect([outcome, metrics.value('outbox_ended_total', { outcome }) > 0]).toEqual([outcome, true])
  })
})

/** The same numbers on every run (mulberry32). */
function seeded(seed = Number(process.env['KAV_TEST_SEED'] ?? 20_260_701)): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
