import { type LlmEvent, MULAW_8K, ProviderError } from '@kav/core'
import { createFakeClock, oddVersionsOf, testContext } from '@kav/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HttpScript } from '../src/testing/index.ts'
import { ask, collect, llmFor, loopback, never, sttFor, ttsFor, weatherTool } from './setup.ts'

const chunk = (delta: unknown, finish_reason: string | null = null, more = {}) => ({
  id: 'x',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason }],
  ...more,
})
const CHAT: readonly unknown[] = [
  chunk({ role: 'assistant', content: 'Hello' }),
  chunk({ refusal: 'No.' }),
  chunk({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'weather', arguments: '{' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '}' } }] }),
  { object: 'error', message: 'no', code: 500, type: 'server_error' },
  { error: { message: 'no', code: 'server_error', type: 'server_error' } },
  chunk({}, 'stop', {
    usage: { prompt_tokens: 3, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 9 } },
  }),
  chunk({}, 'tool_calls'),
]

const call = { type: 'function_call', status: 'completed', call_id: 'c1', name: 'weather', arguments: '{}' }
const RESPONSES: readonly unknown[] = [
  { type: 'response.output_text.delta', delta: 'Hello' },
  { type: 'response.refusal.delta', delta: 'No.' },
  { type: 'response.function_call_arguments.delta', delta: '{' },
  { type: 'response.output_item.done', item: call },
  { type: 'response.completed', response: { usage: { input_tokens: 3, output_tokens: 4 } } },
  { type: 'response.incomplete', response: { incomplete_details: { reason: 'content_filter' } } },
  { type: 'response.failed', response: { error: { code: 'server_error', message: 'no' } } },
  { type: 'error', code: 'server_error', message: 'no' },
]

/** Messages in any order, half of them with one part that is not what it should be. */
function stream(valid: readonly unknown[]): fc.Arbitrary<unknown[]> {
  const one = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...valid) },
    { weight: 5, arbitrary: fc.constantFrom(...valid.flatMap(oddVersionsOf)) },
    { weight: 1, arbitrary: fc.jsonValue() },
  )
  return fc.array(one, { maxLength: 12 })
}

const sse =
  (messages: readonly unknown[]): HttpScript =>
  async ({ event, end }) => {
    for (const message of messages) await event(message)
    end()
  }

/** A `ProviderError` that a person can read, not what a parser tripped over. */
function expectClear(thrown: unknown): void {
  expect(thrown).toBeInstanceOf(ProviderError)
  expect((thrown as Error).message).not.toMatch(
    /Cannot read|is not a function|is not iterable|\[object Object\]/,
  )
}

function expectWords(event: LlmEvent): void {
  for (const [field, value] of Object.entries(event)) {
    if (/Tokens$/.test(field)) expect(value).toSatisfy((n) => Number.isFinite(n) && n >= 0)
    else expect(value, `${event.type}.${field}`).toBeTypeOf(field === 'opaque' ? 'object' : 'string')
  }
}

describe('an answer of any kind', () => {
  it.each([
    ['chat', '/chat/completions', CHAT],
    ['responses', '/responses', RESPONSES],
  ])('by %s is words, tool calls and an end, or a clear error', async (api, path, valid) => {
    const server = await loopback()
    const time = createFakeClock()
    const prices = { input: 1, cached_input: 0.1, output: 2 }
    const context = testContext({ clock: time.clock })
    const llm = llmFor(server, { api, prices }, context)
    const run = async (messages: unknown[]) => {
      server.next(path, sse(messages))
      try {
        const events = await collect(llm.reply(ask('Hi', [weatherTool]), never))
        for (const event of events) expectWords(event)
        expect(events.at(-1)).toMatchObject({ type: 'end' })
      } catch (thrown) {
        expectClear(thrown)
      }
      expect(time.pending()).toBe(0)
    }
    await fc.assert(fc.asyncProperty(stream(valid), run), { numRuns: 60 })
    for (const metric of context.metrics.all())
      expect(Math.min(...metric.values), metric.name).toBeGreaterThanOrEqual(0)
    await llm.close()
  })

  it('to a single utterance is its text, or a clear error', async () => {
    const server = await loopback()
    const time = createFakeClock()
    const stt = sttFor(server, { mode: 'file' }, testContext({ clock: time.clock }))
    const options = { callId: 'call-1', format: MULAW_8K, hints: [], signal: never }
    const valid = { text: 'hello', usage: { type: 'duration', seconds: 1 } }
    const answers = fc.oneof(fc.jsonValue(), fc.constantFrom(valid, ...oddVersionsOf(valid)))
    const run = async (answer: unknown) => {
      server.next('/audio/transcriptions', ({ json }) => json(200, answer))
      try {
        expect(await stt.recognize!(new Uint8Array(800), options)).toBeTypeOf('string')
      } catch (thrown) {
        expectClear(thrown)
      }
      expect(time.pending()).toBe(0)
    }
    await fc.assert(fc.asyncProperty(answers, run), { numRuns: 60 })
    await stt.close()
  })

  it('to a text is samples, or a clear error', async () => {
    const server = await loopback()
    const time = createFakeClock()
    const tts = ttsFor(server, {}, testContext({ clock: time.clock }))
    const request = { callId: 'call-1', text: 'Hello.', format: tts.produces[0]! }
    const type = fc.constantFrom(
      'audio/pcm',
      'application/octet-stream',
      'text/html',
      'application/json',
      'x',
    )
    const run = async (body: Uint8Array, contentType: string) => {
      server.next('/audio/speech', async ({ head, write, end }) => {
        head(200, { 'content-type': contentType })
        if (body.length > 0) await write(body)
        end()
      })
      try {
        for await (const audio of tts.speak(request, never)) {
          expect(audio).toBeInstanceOf(Uint8Array)
        }
      } catch (thrown) {
        expectClear(thrown)
      }
      expect(time.pending()).toBe(0)
    }
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), type, run), { numRuns: 60 })
    await tts.close()
  })

  it('that refuses is a clear error, over HTTP and in place of an upgrade', async () => {
    const server = await loopback()
    const llm = llmFor(server)
    const stt = sttFor(server)
    const valid = { message: 'no', code: 'server_error', type: 'server_error', param: null }
    const errors = fc.oneof(fc.jsonValue(), fc.constantFrom(valid, ...oddVersionsOf(valid)))
    const run = async (error: unknown, status: number) => {
      server.next('/chat/completions', ({ json }) => json(status, { error }))
      expectClear(await collect(llm.reply(ask('Hi'), never)).catch((thrown: unknown) => thrown))
      server.refuseRealtime(status, error as Record<string, unknown>)
      const opening = stt.openSession({ callId: 'call-1', format: MULAW_8K, hints: [], signal: never })
      expectClear(await opening.catch((thrown: unknown) => thrown))
    }
    const status = fc.constantFrom(400, 401, 404, 418, 429, 500, 503)
    await fc.assert(fc.asyncProperty(errors, status, run), { numRuns: 60 })
    await llm.close()
    await stt.close()
  })
})
