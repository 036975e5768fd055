import { describe, expect, it } from 'vitest'
import {
  type ConversationScript,
  openFakeStage,
  runConversationScript,
  scriptPipeline,
} from '../../src/testing/index.ts'
import { fits, matches } from '../../src/testing/conversation/event-match.ts'
import type { CallEvent } from '../../src/host.ts'

const latency: CallEvent = {
  event: 'turn_latency',
  atMs: 0,
  fields: { turn: 1, first_frame_ms: 512 },
  private: {},
}

/** Plays steps on a stage of stand-ins; what failed, if anything did. */
async function play(script: Omit<ConversationScript, 'name'>) {
  const whole = { name: 'test', ...script }
  const stage = openFakeStage(whole, scriptPipeline(whole))
  const { failure } = await runConversationScript(whole, stage)
  return { failure, stage }
}

describe('what a step expects', () => {
  it('is a part of the text, or a regular expression between slashes', () => {
    expect(fits('One two three', 'two')).toBe(true)
    expect(fits('One two three', 'Two')).toBe(false)
    expect(fits('One two three', '/^one/i')).toBe(true)
    expect(fits('either/or', 'r/o')).toBe(true)
  })

  it('is a value of a field, or a bound on a number', () => {
    const field = (value: unknown) =>
      matches(latency, { event: 'turn_latency', fields: { first_frame_ms: value } })
    expect([512, '<= 512', '>= 512', '>=512.5', '<= 511', '512'].map(field)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ])
    expect(matches(latency, { event: 'turn_latency', fields: { absent: '<= 5' } })).toBe(false)
  })
})

describe('a script on stand-ins', () => {
  it('takes no time, however long the conversation', async () => {
    const { failure, stage } = await play({ steps: [{ finishes: true }, { silence_ms: 600_000 }] })
    expect(failure).toBeUndefined()
    expect(stage.nowMs).toBeGreaterThan(600_000)
  })

  it('hangs up at its end, so that the whole call is seen', async () => {
    const { stage } = await play({ steps: [{ finishes: true }] })
    expect(stage.events.at(-1)).toMatchObject({ event: 'call_ended', fields: { ended_by: 'caller' } })
  })

  it('stops at the first step that does not hold, and says which it was', async () => {
    const { failure } = await play({ steps: [{ finishes: true }, { says: 'Good day' }, { says: 'never' }] })
    expect(failure).toEqual({
      step: 2,
      what: 'says "Good day"',
      message: 'the agent did not say "Good day"; since then: "Hello."',
    })
  })

  it('gives a tool that it says nothing about a failure, not silence', async () => {
    const http = [
      {
        name: 'check_order',
        description: 'Where an order is.',
        method: 'GET' as const,
        url: 'https://orders.example.com/last',
        headers: {},
        parameters: { type: 'object' },
        pick: [],
        timeout_ms: 1000,
        max_response_bytes: 1000,
      },
    ]
    const { failure } = await play({
      tools: { http },
      agent: [{ tool: 'check_order' }, 'No.'],
      steps: [
        { finishes: true },
        { hears: 'where is it' },
        { says: 'No' },
        { remembers: [{ who: 'tool', text: 'the script has no tool_answers for check_order' }] },
      ],
    })
    expect(failure).toBeUndefined()
  })

  it('says a text once: the next says waits for a new one', async () => {
    const { failure } = await play({
      agent: ['Yes.'],
      steps: [{ finishes: true }, { hears: 'is it' }, { says: 'Yes' }, { says: 'Yes' }],
    })
    expect(failure).toMatchObject({ step: 4 })
  })
})
