import { createFakeClock } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { createSettling } from '../src/service/settling.ts'

it('waits for the last write, but not for one who never stops', async () => {
  const { clock, advance } = createFakeClock()
  const toldAtMs: number[] = []
  const settling = createSettling(clock, () => toldAtMs.push(clock.nowMs()))
  const startMs = clock.nowMs()
  const writeUntil = async (endMs: number): Promise<void> => {
    for (; clock.nowMs() - startMs < endMs; await advance(150)) settling.changed()
  }
  await writeUntil(450)
  await advance(300)
  expect(toldAtMs.map((atMs) => atMs - startMs)).toEqual([600])
  await writeUntil(10_000)
  expect(toldAtMs.length).toBe(4)
  settling.changed()
  settling.close()
  await advance(10_000)
  expect(toldAtMs.length).toBe(4)
})
