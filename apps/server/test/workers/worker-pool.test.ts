import { createDeferred } from '@kav/core/kit'
import { createFakeClock, testContext } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { WorkerPool } from '../../src/workers/worker-pool.ts'
import type { WorkerFiles } from '../../src/workers/messages.ts'
import type { Worker } from '../../src/workers/worker.ts'

type Exit = Awaited<Worker['exited']>

const KILLED: Exit = { code: null, signal: 'SIGKILL' }

/** Processes that answer `open` when they are told to. */
function openPool(
  size: number,
  parts: {
    givenUp?: AbortSignal
    lost?: number
    files?: () => WorkerFiles
    /** What becomes of files that are read anew; it hangs where nothing is said. */
    reload?: () => Promise<unknown>
    /** No process is left to be had. */
    isFull?: () => boolean
  } = {},
) {
  const time = createFakeClock()
  const { log, metrics } = testContext()
  const started: {
    worker: Worker
    open: () => void
    exit: (how: Exit) => void
    /** As it does where memory is short. */
    dieOpening: () => void
    killed: boolean
  }[] = []
  const files = { sources: [], env: {} }
  const { reload = () => new Promise(() => undefined) } = parts
  const pool = new WorkerPool({
    ...{
      size,
      log,
      metrics,
      clock: time.clock,
      hangsAfterS: 30,
      files: parts.files ?? (() => files),
      levels: () => [],
    },
    givenUp: parts.givenUp,
    onSecond: () => undefined,
    onRoutes: () => undefined,
    onLost: () => parts.lost ?? 0,
    startOne() {
      if (parts.isFull?.() === true) throw new Error('spawn ENOMEM')
      const [opened, exited] = [createDeferred<null>(), createDeferred<Exit>()]
      const peer = {
        isGone: false,
        ask: (what: string) => (what === 'reload' ? reload() : opened.promise),
        tell: () => undefined,
      }
      const one = {
        worker: {
          slot: 0,
          pid: started.length,
          peer,
          exited: exited.promise,
          kill: () => (one.killed = true),
        } as unknown as Worker,
        open: () => opened.resolve(null),
        exit: exited.resolve,
        dieOpening() {
          peer.isGone = true
          opened.reject(new Error('the other process is gone'))
          exited.resolve(KILLED)
        },
        killed: false,
      }
      started.push(one)
      return one.worker
    },
  } as unknown as ConstructorParameters<typeof WorkerPool>[0])
  return { pool, started, time, log, metrics }
}
it('a worker takes calls, and no other takes its place, where there is no memory for a spare one', async () => {
  let isFull = false
  const { pool, started, time } = openPool(1, { isFull: () => isFull })
  const ready = pool.start()
  isFull = true
  started[0]!.open()
  await ready
  expect([pool.workers.length, started[0]!.killed]).toEqual([1, false])
  isFull = false
  started[0]!.exit(KILLED)
  await time.advance(1000)
  isFull = true
  started[1]!.open()
  await expect.poll(() => pool.workers).toEqual([started[1]!.worker])
  isFull = false
  await time.advance(60_000)
  expect(started).toHaveLength(2)
  expect(pool.workers).toEqual([started[1]!.worker])
  pool.kill()
})

it('a worker that never opens its files is ended, and another is tried in its place', async () => {
  const { pool, started, time, metrics } = openPool(1)
  const ready = pool.start()
  started[0]!.open()
  await ready
  // The spare takes the place of the first, and hangs.
  started[0]!.exit(KILLED)
  await expect.poll(() => pool.workers).toEqual([])
  await time.advance(1000)
  expect(started[1]!.killed).toBe(false)
  await time.advance(60_000)
  expect([started[1]!.killed, metrics.value('worker_starts_failed_total')]).toEqual([true, 1])
  await time.advance(2000)
  started[2]!.open()
  await expect.poll(() => pool.workers).toEqual([started[2]!.worker])
  pool.kill()
})

it('a worker that hangs over files which were read anew while it opened is ended, too', async () => {
  let files: WorkerFiles = { sources: [], env: {} }
  const { pool, started, time } = openPool(1, { files: () => files })
  const ready = pool.start()
  ready.catch(() => undefined)
  files = { sources: [], env: {} }
  started[0]!.open()
  await time.advance(60_000)
  expect(started[0]!.killed).toBe(true)
  await expect(ready).rejects.toThrow('worker 1 opens its files: no answer within 60000 ms')
})

it('a worker that cannot take files which others have is ended, unless it drains', async () => {
  for (const drains of [false, true]) {
    let files: WorkerFiles = { sources: [], env: {} }
    const reload = () => Promise.reject(new Error('the process is being stopped'))
    const { pool, started } = openPool(1, { files: () => files, reload })
    const ready = pool.start()
    started[0]!.open()
    await ready
    files = { sources: [], env: {} }
    if (drains) pool.end()
    await pool.catchUp()
    expect([drains, started[0]!.killed]).toEqual([drains, !drains])
    pool.kill()
  }
})

it('tells how a worker ended that could not open its files', async () => {
  const { pool, started } = openPool(2)
  const ready = pool.start()
  started[1]!.dieOpening()
  await expect(ready).rejects.toThrow(
    /^worker 2 ended while it opened its files \(SIGKILL\): .* for 2 workers$/,
  )
  expect(started.map(({ killed }) => killed)).toEqual([true, true])
})

it('leaves no process behind where its start is given up', async () => {
  const givenUp = new AbortController()
  const { pool, started } = openPool(2, { givenUp: givenUp.signal })
  pool.start().catch(() => undefined)
  started[0]!.open()
  await expect.poll(() => pool.workers).toHaveLength(1)
  givenUp.abort()
  expect(started.map(({ killed }) => killed)).toEqual([true, true])
})

it.each([
  ['tells of calls that end with a worker while all are to end', KILLED, 2, 1],
  ['takes one that has ended its calls for no loss', { code: 0, signal: null }, 2, 0],
  ['takes one that had none for no loss', KILLED, 0, 0],
] as const)('%s', async (_what, how, lost, counted) => {
  const { pool, started, metrics } = openPool(1, { lost })
  const ready = pool.start()
  started[0]!.open()
  await ready
  pool.end()
  started[0]!.exit(how)
  await expect.poll(() => pool.workers).toEqual([])
  expect(metrics.value('worker_exits_total') ?? 0).toBe(counted)
  pool.kill()
})
