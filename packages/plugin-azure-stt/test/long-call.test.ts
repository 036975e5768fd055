import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { numberedFrame } from '../src/testing/index.ts'
import { hear, open, provide, serve, words } from './open-for-test.ts'

/** Two hours at one fiftieth: the service switches its connection every 12 s of audio instead of every 10 minutes. */
const SWITCH_MS = 12_000
const SWITCHES = 11
const FRAMES = ((SWITCHES + 1) * SWITCH_MS) / 20
const FRAMES_PER_WORD = 25

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

it('over a long call with eleven switches no frame is lost, the lag stays flat and so does the memory', async () => {
  const server = await serve({
    keepAudio: false,
    script: () => ({
      understand: { framesPerWord: FRAMES_PER_WORD, wordsPerFinal: 4 },
      closeAt: { ms: SWITCH_MS, code: 1000 },
    }),
  })
  // Faster than real time: one connection’s audio goes without the throttle.
  const { provider, context } = provide({ host: server.host, throttle_after_ms: 30_000, max_lag_ms: 0 })
  const session = await open(provider)
  const heard = hear(session)
  const lags: number[] = []
  const heaps: number[] = []
  let heardMs = 0
  for (let frame = 0; frame < FRAMES; frame += 1) {
    session.write(numberedFrame(frame))
    if (frame % 5 !== 4) continue
    const last = heard.events.at(-1)
    if (last?.type === 'final') heardMs = last.endMs ?? heardMs
    const behindMs = frame * 20 - heardMs
    await new Promise((resolve) => (behindMs > 5000 ? setTimeout(resolve, 2) : setImmediate(resolve)))
    if (frame % 600 !== 599) continue
    lags.push(behindMs)
    collect()
    heaps.push(process.memoryUsage().heapUsed)
  }
  session.finish()
  await heard.over
  await session.close()
  expect(heard.error).toBeUndefined()
  expect(heard.words()).toEqual(words(0, FRAMES / FRAMES_PER_WORD))
  expect(context.metrics.value('azure_stt_reconnects_total')).toBeGreaterThanOrEqual(SWITCHES - 1)
  // A segment is 2 s long, and a switch may repeat one.
  expect(Math.max(...lags)).toBeLessThan(9000)
  expect((heaps.at(-1) ?? 0) - (heaps[0] ?? 0)).toBeLessThan(8_000_000)
})

it('a recogniser whose results stay behind asks to be replaced, once, at the end of a segment', async () => {
  const server = await serve({
    script: () => ({ understand: { framesPerWord: 5, wordsPerFinal: 5 }, responseDelayMs: 400 }),
  })
  const { provider, context } = provide({ host: server.host, throttle_after_ms: 60_000, max_lag_ms: 1000 })
  const session = await open(provider)
  const heard = hear(session)
  // 20 times real time, or half of that on a busy machine: what is answered 400 ms late is seconds behind.
  for (let frame = 0; frame < 1000; frame += 1) {
    session.write(numberedFrame(frame))
    if (frame % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  session.finish()
  await heard.over
  await session.close()
  const closings = heard.events.filter((event) => event.type === 'closing')
  expect(closings).toEqual([{ type: 'closing', reason: 'results-behind' }])
  const at = heard.events.findIndex((event) => event.type === 'closing')
  expect(heard.events[at - 1]?.type).toBe('final')
  expect(context.metrics.value('azure_stt_recycled_total')).toBe(1)
  expect(heard.words()).toEqual(words(0, 200))
})

it('a silence that nothing answers is not hoarded: the recogniser asks to be replaced', async () => {
  const server = await serve({ keepAudio: false })
  const session = await open(provide({ host: server.host, throttle_after_ms: 200_000 }).provider)
  const heard = hear(session)
  const second = new Uint8Array(8000).fill(0xff)
  for (let at = 0; at < 121; at += 1) session.write(second)
  await heard.until((events) => events.some((event) => event.type === 'closing'))
  expect(heard.events).toEqual([{ type: 'closing', reason: 'silence-unanswered' }])
  await session.close()
})

it('a result that lies beyond the audio ends the session, so that the core replays what the SDK dropped', async () => {
  const server = await serve({ script: () => ({ results: [{ atMs: 400, final: 'skewed', endMs: 5000 }] }) })
  const session = await open(provide({ host: server.host }).provider)
  const heard = hear(session)
  for (let frame = 0; frame < 50; frame += 1) session.write(numberedFrame(frame))
  await heard.over
  expect(heard.words()).toEqual([])
  expect(heard.error).toMatchObject({ class: 'session-limit', retryable: true })
  await session.close()
})
