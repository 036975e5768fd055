import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPushQueue, type PushQueue } from '../../src/kit/index.ts'

async function readAll<T>(items: AsyncIterable<T>): Promise<{ items: T[]; error?: unknown }> {
  const read: T[] = []
  try {
    for await (const item of items) read.push(item)
    return { items: read }
  } catch (error) {
    return { items: read, error }
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a push queue', () => {
  it('hands on every item in order, then the one end that came first', async () => {
    const ends: Record<string, (queue: PushQueue<number>) => void> = {
      end: (queue) => queue.end(),
      fail: (queue) => queue.fail(new Error('broken')),
      discard: (queue) => queue.discard(),
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('push', 'end', 'fail', 'discard', 'turn'), { maxLength: 12 }),
        async (steps) => {
          const queue = createPushQueue<number>()
          const reading = readAll(queue.items)
          let waiting: number[] = []
          const read: number[] = []
          let end: 'end' | 'fail' | 'discard' | undefined
          for (const [index, step] of [...steps, 'end'].entries()) {
            if (step === 'push') {
              queue.push(index)
              if (end === undefined) waiting.push(index)
            } else if (step === 'turn') {
              await turn()
              read.push(...waiting.splice(0))
            } else {
              ends[step]!(queue)
              end ??= step as 'end'
              // One item is handed over in the act of pushing: the reader asked for it before.
              if (step === 'discard') waiting = waiting.slice(0, 1)
            }
          }
          const outcome = await reading
          expect(outcome.items.slice(0, read.length)).toEqual(read)
          if (end === 'end') expect(outcome).toEqual({ items: [...read, ...waiting] })
          if (end === 'fail' && !steps.includes('discard')) {
            expect(outcome).toEqual({ items: [...read, ...waiting], error: new Error('broken') })
          }
          expect(queue.ended).toBe(true)
        },
      ),
    )
  })

  it('forgets what waits, and its failure, when it is discarded', async () => {
    const queue = createPushQueue<string>()
    queue.push('a')
    queue.fail(new Error('broken'))
    queue.discard()
    queue.push('b')
    expect(await readAll(queue.items)).toEqual({ items: [] })
  })

  it('takes in nothing more once its reader has left, and lets go of one that waits', async () => {
    const queue = createPushQueue<string>()
    const reader = queue.items[Symbol.asyncIterator]()
    const next = reader.next()
    await reader.return?.()
    queue.push('a')
    expect(await next).toEqual({ done: true, value: undefined })
    expect(queue.ended).toBe(true)
    expect(await readAll(queue.items)).toEqual({ items: [] })
  })

  it('keeps the newest of items that supersede each other', async () => {
    const queue = createPushQueue<string>({ supersedes: (next, last) => next[0] === 'p' && last[0] === 'p' })
    for (const item of ['p1', 'p2', 'f1', 'p3', 'p4', 'p5']) queue.push(item)
    queue.end()
    expect(await readAll(queue.items)).toEqual({ items: ['p2', 'f1', 'p5'] })
  })

  it('takes items back', async () => {
    const queue = createPushQueue<number>()
    for (const item of [1, 2, 3, 4]) queue.push(item)
    queue.withdraw((item) => item % 2 === 0)
    queue.end()
    expect(await readAll(queue.items)).toEqual({ items: [1, 3] })
  })

  it('asks its producer to pause above one level, and to go on below another, each once', async () => {
    const asked: string[] = []
    const queue = createPushQueue<Uint8Array>({
      flow: {
        sizeOf: (item) => item.length,
        pauseAbove: 100,
        resumeBelow: 50,
        pause: () => asked.push('pause'),
        resume: () => asked.push('resume'),
      },
    })
    const reader = queue.items[Symbol.asyncIterator]()
    for (const _ of Array(5)) queue.push(new Uint8Array(40))
    expect(asked).toEqual(['pause'])
    for (const left of [160, 120, 80]) {
      await reader.next()
      expect(asked, `${left} left`).toEqual(['pause'])
    }
    await reader.next()
    expect(asked).toEqual(['pause', 'resume'])
    for (const _ of Array(3)) queue.push(new Uint8Array(40))
    queue.withdraw(() => true)
    expect(asked).toEqual(['pause', 'resume', 'pause', 'resume'])
  })
})
