import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { createSessionTracker } from '../../../src/kit/index.ts'

function sessionThat(tells: string[], name: string) {
  return { name, close: async () => void tells.push(name) }
}

it('closes what is open, and nothing that is closed already', async () => {
  const told: string[] = []
  const sessions = createSessionTracker()
  const wanted = new AbortController().signal
  const first = await sessions.open(wanted, async () => sessionThat(told, 'first'))
  const second = await sessions.open(wanted, async () => sessionThat(told, 'second'))
  expect(second.name).toBe('second')
  await first.close()
  expect(sessions.closed.aborted).toBe(false)
  await sessions.closeAll()
  expect(told).toEqual(['first', 'second'])
  expect(sessions.closed.aborted).toBe(true)
})

it('ends an opening that nobody wants any more, or that its provider outlives not', async () => {
  const opening = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))))
  const sessions = createSessionTracker()
  const leaving = new AbortController()
  const unwanted = sessions.open(leaving.signal, opening)
  leaving.abort()
  await expect(unwanted).rejects.toThrow('ended')
  const late = sessions.open(new AbortController().signal, opening)
  await sessions.closeAll()
  await expect(late).rejects.toThrow('ended')
})

it('closes a session that comes when its provider is closed', async () => {
  const told: string[] = []
  const sessions = createSessionTracker()
  await sessions.closeAll()
  await sessions.open(new AbortController().signal, async () => sessionThat(told, 'late'))
  expect(told).toEqual(['late'])
})

it('ends a session that is open as well, and leaves nothing on a signal once it is closed', async () => {
  const sessions = createSessionTracker()
  const left = () => getEventListeners(sessions.closed, 'abort').length
  const leaving = new AbortController()
  let given: AbortSignal | undefined
  const open = () =>
    sessions.open(leaving.signal, async (signal) => {
      given = signal
      return sessionThat([], 'one')
    })
  await (await open()).close()
  expect([left(), getEventListeners(leaving.signal, 'abort').length]).toEqual([0, 0])
  await expect(sessions.open(leaving.signal, () => Promise.reject(new Error('down')))).rejects.toThrow('down')
  expect(left()).toBe(0)
  await open()
  leaving.abort()
  expect(given!.aborted).toBe(true)
})
