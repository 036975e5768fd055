import { afterEach, expect, it, vi } from 'vitest'
import { createRealClock, createFakeTts } from '../../src/testing/index.ts'
import { measure } from '../../src/testing/conformance/figures.ts'

afterEach(() => vi.restoreAllMocks())

it('a voice that allows few requests at once gets its figures all the same', async () => {
  const { provider } = createFakeTts({ clock: createRealClock() })
  let free = 5
  const create = () => ({
    ...provider,
    async *speak(...[request, signal]: Parameters<typeof provider.speak>) {
      // Those that find no place wait for one, as in the pool of an SDK.
      if (free === 0) await new Promise((resolve) => signal.addEventListener('abort', resolve))
      if (signal.aborted) return
      free--
      try {
        yield* provider.speak(request, signal)
      } finally {
        free++
      }
    },
  })
  const figures = await measure({ kind: 'tts', options: { create } })
  expect(figures.map(({ name }) => name)).toEqual(['time to ready', 'abort latency', 'memory per session'])
}, 10_000)

it('a provider that listens to its signal is not warned of for others', async () => {
  const warnings: string[] = []
  const note = ({ name }: Error): void => void warnings.push(name)
  process.on('warning', note)
  const { provider } = createFakeTts({ clock: createRealClock() })
  const create = () => ({
    ...provider,
    async *speak(...[request, signal]: Parameters<typeof provider.speak>) {
      signal.addEventListener('abort', () => undefined)
      yield* provider.speak(request, signal)
    },
  })
  await measure({ kind: 'tts', options: { create } })
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', note)
  expect(warnings).toEqual([])
})

it('a provider that would end the process is given no figures', async () => {
  const create = () => process.exit(0)
  expect(await measure({ kind: 'tts', options: { create } })).toEqual([])
})

it('memory that a collection has freed meanwhile is none, not less than none', async () => {
  let heapUsed = 2 ** 30
  const usage = process.memoryUsage()
  vi.spyOn(process, 'memoryUsage').mockImplementation(() => ({ ...usage, heapUsed: (heapUsed -= 2 ** 20) }))
  const create = () => createFakeTts({ clock: createRealClock() }).provider
  const figures = await measure({ kind: 'tts', options: { create } })
  expect(figures.find(({ name }) => name === 'memory per session')).toMatchObject({ value: 0, unit: 'KB' })
})
