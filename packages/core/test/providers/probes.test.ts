import { describe, expect, it } from 'vitest'
import type { LlmEvent, ProviderError } from '../../src/index.ts'
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

describe('a probe of a model', () => {
  const NEVER = new Promise<never>(() => undefined)

  async function* answer(events: readonly LlmEvent[], hangs: boolean): AsyncGenerator<LlmEvent> {
    yield* events
    if (hangs) await NEVER
  }

  async function probed(events: readonly LlmEvent[], hangs: boolean): Promise<string> {
    const time = createFakeClock()
    const provider = { reply: () => answer(events, hangs), close }
    const probe = llmProbe(provider, { limitMs: 3000, clock: time.clock })
    const run = probe.run(new AbortController().signal).then(
      () => 'well',
      (error: unknown) => (error as ProviderError).class,
    )
    for (let turn = 0; turn < 4; turn++) await time.advance(1000)
    return Promise.race([run, Promise.resolve('undecided')])
  }

  const text = { type: 'text', text: 'Hi' } as const
  const end = { type: 'end', reason: 'stop' } as const
  const usage = { type: 'usage', inputTokens: 1, outputTokens: 1 } as const

  it.each([
    ['goes on', [text, text], true, 'well'],
    ['ends', [end], false, 'well'],
    ['answers in one word', [text, usage, end], false, 'well'],
    ['begins and then hangs', [text], true, 'timeout'],
    ['counts its tokens and then hangs', [text, usage], true, 'timeout'],
    ['is cut off', [text], false, 'network'],
  ] as const)('that %s', async (_how, events, hangs, outcome) => {
    expect(await probed(events, hangs)).toBe(outcome)
  })
})
