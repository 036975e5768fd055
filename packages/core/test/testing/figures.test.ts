import { afterEach, expect, it, vi } from 'vitest'
import { createRealClock, createFakeTts } from '../../src/testing/index.ts'
import { measure } from '../../src/testing/conformance/figures.ts'

afterEach(() => vi.restoreAllMocks())

it('memory that a collection has freed meanwhile is none, not less than none', async () => {
  let heapUsed = 2 ** 30
  const usage = process.memoryUsage()
  vi.spyOn(process, 'memoryUsage').mockImplementation(() => ({ ...usage, heapUsed: (heapUsed -= 2 ** 20) }))
  const create = () => createFakeTts({ clock: createRealClock() }).provider
  const figures = await measure({ kind: 'tts', options: { create } })
  expect(figures.find(({ name }) => name === 'memory per session')).toMatchObject({ value: 0, unit: 'KB' })
})
