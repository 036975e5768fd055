import { MULAW_8K } from '@kav/core'
import { testContext } from '@kav/core/testing'
import { afterEach, expect, it, vi } from 'vitest'
import plugin from '../src/index.ts'
import { openSpeechServer } from '../src/testing/index.ts'

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

afterEach(() => vi.useRealTimers())

it('a recogniser that is closed at any step of an opening throws nothing, and connects no more', async () => {
  const server = await openSpeechServer({ script: () => ({}) })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  const left: number[] = []
  // The first one waits for the SDK.
  for (const step of [40, ...Array.from({ length: 20 }, (_, index) => index)]) {
    const before = vi.getTimerCount()
    const { endpoint } = server
    const provider = plugin.create({ api: 'v1', language: 'he-IL', endpoint }, testContext())
    const { signal } = new AbortController()
    const opening = provider
      .openSession({ callId: 'call', format: MULAW_8K, hints: [], signal })
      .catch(() => undefined)
    await turns(step)
    await provider.close()
    await (await opening)?.close()
    // Half a minute, in which whoever connects anew has done so.
    for (let second = 0; second < 30; second++) {
      vi.advanceTimersByTime(1000)
      await turns(2)
    }
    if (vi.getTimerCount() > before) left.push(step)
  }
  expect(left).toEqual([])
  vi.useRealTimers()
  await server.close()
})
