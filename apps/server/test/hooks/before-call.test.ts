import { createFakeClock, createTestLogger, createTestMetrics } from '@kav/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBeforeCall } from '../../src/hooks/before-call.ts'
import { type HookReceiver, json, openHookReceiver } from './hook-receiver.ts'

const TIMEOUT_MS = 800
const CALL = { id: 'CA1', from: '+15550177', to: '+15550100', values: { lead: '7' } }

describe('before_call', () => {
  let receiver: HookReceiver
  beforeEach(async () => void (receiver = await openHookReceiver()))
  afterEach(() => receiver.close())

  function opened(more: { onError?: 'answer' | 'refuse' } = {}) {
    const time = createFakeClock()
    const metrics = createTestMetrics()
    const log = createTestLogger()
    const settings = {
      url: `${receiver.url}/before`,
      headers: {},
      names: ['name', 'plan', 'tier'],
      timeoutMs: TIMEOUT_MS,
    }
    const hook = createBeforeCall({
      settings: { ...settings, onError: 'answer', ...more },
      pipelineName: 'desk',
      instead: { how: 'refuse' },
      clock: time.clock,
      log,
      metrics,
    })
    const outcome = (name: string): number => metrics.value('before_call_total', { outcome: name })
    return { ask: () => hook.ask(CALL, ['desk', 'vip']), outcome, log, time }
  }

  it('gives values and a pipeline, on a connection that stays', async () => {
    receiver.answer = (_hook, response) => json(response, { values: { name: 'Ada' }, pipeline: 'vip' })
    const { ask, outcome } = opened()
    for (let n = 0; n < 5; n++)
      expect(await ask()).toEqual({ values: { name: 'Ada' }, pipeline: 'vip', faults: [] })
    expect(outcome('ok')).toBe(5)
    expect(receiver.connections).toBeLessThan(5)
  })

  it.each([
    ['hangs', () => undefined, 'timeout'],
    ['closes the line', (response) => void response.destroy(), 'failed'],
    ['answers 500', (response) => json(response, {}, 500), 'failed'],
    ['redirects', (response) => void response.writeHead(302, { location: '/elsewhere' }).end(), 'failed'],
    ['begins, and hangs', (response) => void response.write('{"values"'), 'timeout'],
    [
      'breaks off',
      (response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"values"')
        setImmediate(() => response.destroy())
      },
      'failed',
    ],
  ] satisfies [string, (response: Parameters<HookReceiver['answer']>[1]) => void, string][])(
    'that %s costs the call nothing but its time, and the next one none',
    async (_what, answer, how) => {
      const { ask, outcome, time } = opened()
      receiver.answer = (_hook, response) => {
        answer(response)
        // Once it has come: a busy machine may take longer.
        if (how === 'timeout') void time.advance(TIMEOUT_MS)
      }
      expect(await ask()).toEqual({ values: {}, faults: [] })
      expect(outcome(how)).toBe(1)
      expect(await ask()).toEqual({ values: {}, faults: [] })
      expect(outcome('down')).toBe(1)
      expect(receiver.received).toHaveLength(1)
    },
  )

  it('that fails turns callers away where that is wanted', async () => {
    receiver.answer = (_hook, response) => json(response, {}, 503)
    expect(await opened({ onError: 'refuse' }).ask()).toMatchObject({ instead: { how: 'refuse' } })
  })

  it.each([
    ['no json', 'the answer: not JSON; answer {"values": {…}} or nothing'],
    ['[1]', 'the answer: not a map; answer {"values": {…}}'],
    ['{"values":{"name":7}}', 'values.name: not a text; put it in quotes'],
    ['{"values":{"nam":"x"}}', 'values.nam: not among hooks.before_call.values; did you mean "name"?'],
    [`{"values":{"name":"${'x'.repeat(2001)}"}}`, 'values.name: more than 2000 characters; shorten it'],
    [
      JSON.stringify({ values: { name: 'ש'.repeat(2000), plan: 'ש'.repeat(1067), tier: 'x'.repeat(9) } }),
      'values.tier: all together are more than 6144 bytes; shorten them',
    ],
    ['{"pipeline":"night"}', 'pipeline: no pipeline "night" shares this transport; one of desk, vip'],
    ['{"refused":true}', '"refused": unknown; did you mean "refuse"?'],
    ['{"refuse":true,"forward":"12"}', 'forward: no number; write "+15551234567" or "sip:name@host"'],
    ['{"say":"no"}', 'say, forward: only with "refuse": true; add it'],
    [`{"values":{"name":"${'x'.repeat(70_000)}"}}`, 'the answer: more than 64 KB; answer less'],
  ])('says what it cannot use of %s, and where', async (answer, fault) => {
    receiver.answer = (_hook, response) => void response.end(answer)
    const { ask, log } = opened()
    await ask()
    expect(log.find('HOOK: before_call said what cannot be used')[0]?.fields.private).toEqual({
      faults: [fault],
    })
  })
})
