import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../src/testing/index.ts'
import { llmProbe, realtimeProbe, sttProbe, ttsProbe } from '../../src/providers/probes.ts'

/** Without a pause, without an end, and not to be stopped. */
function endless<T>(item: T): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve({ done: false as const, value: item }),
      return: () => new Promise<never>(() => undefined),
    }),
  }
}

const session = { events: endless({ type: 'speech-started' }), close: () => Promise.resolve() }
const openSession = () => Promise.resolve(session as never)
const close = () => Promise.resolve()
const formats = [{ encoding: 'mulaw', sampleRateHz: 8000 }] as const

describe('a probe of a provider that sends without an end', () => {
  const time = createFakeClock()
  const { clock } = time
  const limits = { limitMs: 3000, openMs: 1500, clock }
  const usage = { type: 'usage', inputTokens: 0, outputTokens: 0 } as const

  it.each([
    ['stt', sttProbe({ accepts: formats, openSession, close }, undefined, { ...limits, hints: [] })],
    ['realtime', realtimeProbe({ formats, detectsTurns: true, openSession, close }, limits)],
    ['llm', llmProbe({ reply: () => endless(usage), close }, limits)],
    [
      'tts, of nothing',
      ttsProbe({ produces: formats, speak: () => endless(new Uint8Array(0)), close }, limits),
    ],
  ])('leaves the event loop its turns, and ends as it is told to: %s', async (_kind, probe) => {
    const abort = new AbortController()
    const run = probe.run(abort.signal).then(
      () => 'well',
      () => 'failed',
    )
    for (let turns = 0; turns < 50; turns++) await new Promise((resolve) => setImmediate(resolve))
    abort.abort()
    expect(['well', 'failed']).toContain(await run)
  })

  it('finds a voice ill that has no end to a word', async () => {
    const voice = { produces: formats, speak: () => endless(new Uint8Array(8000)), close }
    const run = ttsProbe(voice, limits).run(new AbortController().signal)
    await expect(run).rejects.toMatchObject({ class: 'bad-data' })
  })
})
