import type { LlmProvider, LlmRequest } from '@kav/core'
import { createFakeClock } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { callFields } from '../../src/hooks/call-fields.ts'

const SCHEMA = {
  type: 'object',
  properties: { reason: { type: 'string', enum: ['order', 'other'] } },
  required: ['reason'],
  additionalProperties: false,
}
const RECORD = {
  callId: 'CA1',
  transcript: [{ atMs: 0, who: 'caller' as const, text: 'I want to order a chair.' }],
}

/** Answers one after the other; `undefined` never ends. */
function model(...answers: (string | Error | undefined)[]) {
  const requests: LlmRequest[] = []
  const provider: LlmProvider = {
    async *reply(request) {
      requests.push({ ...request, messages: [...request.messages] })
      const answer = answers[requests.length - 1]
      if (answer instanceof Error) throw answer
      if (answer === undefined) await new Promise(() => undefined)
      yield { type: 'text', text: answer! }
      yield { type: 'end', reason: 'stop' }
    },
    close: () => Promise.resolve(),
  }
  return { provider, requests }
}
const settings = { schema: SCHEMA, timeoutMs: 1000 }

describe('the fields of a call', () => {
  it('are what the model finds in the transcript', async () => {
    const { provider, requests } = model('<think>{hm}</think>```json\n{"reason":"order"}\n```')
    const found = await callFields(RECORD, settings, [provider], createFakeClock().clock)
    expect(found).toEqual({ fields: { reason: 'order' } })
    expect(requests[0]!.messages.at(-1)!.content).toBe('caller: I want to order a chair.')
  })

  it('are asked for once more when they do not fit, and then are none', async () => {
    const good = model('{"reason":"chair"}', '{"reason":"order"}')
    const { clock } = createFakeClock()
    expect(await callFields(RECORD, settings, [good.provider], clock)).toEqual({
      fields: { reason: 'order' },
    })
    expect(good.requests[1]!.messages.at(-1)!.content).toContain('reason must be one of ["order","other"]')
    const bad = model('no', 'never')
    expect(await callFields(RECORD, settings, [bad.provider], clock)).toEqual({
      fields: null,
      why: 'the llm did not fill them as the schema says: it is no JSON object',
    })
    expect(bad.requests).toHaveLength(2)
  })

  it('are the next model’s when one fails', async () => {
    const models = [model(new Error('down')).provider, model('{"reason":"other"}').provider]
    const found = await callFields(RECORD, settings, models, createFakeClock().clock)
    expect(found).toEqual({ fields: { reason: 'other' } })
  })

  it('are waited for so long, whatever the model does', async () => {
    const time = createFakeClock()
    const asked = callFields(RECORD, settings, [model(undefined).provider], time.clock)
    await time.advance(1000)
    expect(await asked).toEqual({ fields: null, why: 'not done within 1000 ms' })
  })
})
