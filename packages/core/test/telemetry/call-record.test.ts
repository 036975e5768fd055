import { describe, expect, it } from 'vitest'
import { type CallEvent, type CallEventName, createCallRecorder, type Price } from '../../src/host.ts'

const CALL = { callId: 'CA1', pipeline: 'desk', startedAtWallMs: 0 }
const FREE: Price = {
  per_1k_input_tokens: 0,
  per_1k_output_tokens: 0,
  per_minute_audio: 0,
  per_1k_characters: 0,
  per_minute_call: 0,
}

const event = (
  name: CallEventName,
  fields: Record<string, unknown> = {},
  hidden: Record<string, unknown> = {},
  atMs = 0,
): CallEvent => ({ event: name, atMs, fields, private: hidden })

function recordOf(
  events: readonly CallEvent[],
  facts: Partial<Parameters<typeof createCallRecorder>[0]> = {},
) {
  const recorder = createCallRecorder({ ...CALL, ...facts })
  for (const one of events) recorder.onEvent(one)
  return recorder.finish({ durationMs: 120_000, endedBy: 'caller', counters: {} })
}

describe('a call’s record', () => {
  it('says who called whom, by which pipeline, where', () => {
    const started = event(
      'call_started',
      { format: 'mulaw' },
      { from: '+15550100', to: '+15550199', plan: 'gold' },
    )
    const record = recordOf([started], {
      pipelineVersion: 'abc',
      node: 'here',
      recording: 'recordings/x.wav',
    })
    expect(record).toMatchObject({
      direction: 'in',
      from: '+15550100',
      to: '+15550199',
      pipelineVersion: 'abc',
      node: 'here',
      recording: 'recordings/x.wav',
    })
    expect(JSON.stringify(record)).not.toContain('gold')
  })

  it('says that the agent called, by the carrier’s own word', () => {
    expect(recordOf([event('call_started', {}, { direction: 'outbound-api' })]).direction).toBe('out')
    expect(recordOf([]).direction).toBe('in')
  })

  it('has what was heard of a greeting, an operator’s words, and an answer that was given up for another', () => {
    const record = recordOf([
      event('greeting_queued', {}, { text: 'Hello there.' }),
      event('greeting_end', { turn: 0, outcome: 'cancelled' }, { heard: 'Hello' }),
      event('agent_said', { turn: -1 }, { text: 'One moment.' }),
      event('prompt_ended', { turn: -1, outcome: 'cancelled' }, { heard: '' }),
      event('agent_said', { turn: 1 }, { text: 'Old answer.' }),
      event('reply_dropped', { turn: 1 }, { heard: '' }),
      event('agent_said', { turn: 1 }, { text: 'New answer.' }),
      event('reply_ended', { turn: 1, outcome: 'heard' }),
    ])
    expect(record.transcript.map(({ text, heard }) => [text, heard])).toEqual([
      ['Hello there.', 'Hello'],
      ['One moment.', ''],
      ['Old answer.', ''],
      ['New answer.', undefined],
    ])
  })

  it('joins the clauses of one answer, and has what the caller said as it was understood in the end', () => {
    const { transcript } = recordOf([
      event('turn_ended', { turn: 1 }, { text: 'to moro' }, 100.4),
      event('agent_said', { turn: 1 }, { text: 'Let me see.' }, 200),
      event('turn_corrected', { turn: 1 }, { text: 'tomorrow' }, 250),
      event('turn_corrected', { turn: 9 }, { text: 'of nobody' }, 260),
      event('agent_said', { turn: 1 }, { text: 'Tomorrow is free.' }, 300),
      event('agent_said', { turn: 0 }, { text: 'The greeting, which stands there as it was queued.' }, 310),
      event('interrupted', { turn: 1 }, { heard: 'Let me see.' }, 400),
      event('agent_said', { turn: 1 }, { text: 'Anew.' }, 500),
      event('agent_said', { turn: 2 }, { text: 'Next.' }, 600),
    ])
    expect(transcript).toEqual([
      { atMs: 100, who: 'caller', text: 'tomorrow' },
      { atMs: 200, who: 'agent', text: 'Let me see. Tomorrow is free.', heard: 'Let me see.' },
      { atMs: 500, who: 'agent', text: 'Anew.' },
      { atMs: 600, who: 'agent', text: 'Next.' },
    ])
  })

  it('has when each side was heard, and nothing that a damaged journal says', () => {
    const spans = [
      [0, 500],
      [700, 600],
      ['0', 500],
      [0, undefined],
      [900, 900],
    ]
    const { voice, events } = recordOf([
      ...spans.map(([start_ms, end_ms]) => event('caller_voice', { start_ms, end_ms })),
      event('agent_voice', { start_ms: 100, end_ms: 200 }),
    ])
    expect(voice).toEqual({
      caller: [
        { startMs: 0, endMs: 500 },
        { startMs: 900, endMs: 900 },
      ],
      agent: [{ startMs: 100, endMs: 200 }],
    })
    expect(events).toEqual([])
  })

  it('has what happened with what was said of a fault, and no more of a long call than can be kept', () => {
    const { events, turns } = recordOf([
      event('partial', {}, { text: 'hel' }),
      event('llm_failed', { turn: 1, code: 'KAV_PROVIDER_NETWORK' }, { error: 'no route' }, 10.6),
      ...Array.from({ length: 6000 }, (_, turn) => event('turn_latency', { turn, turn_end_ms: 500 })),
    ])
    expect(events).toHaveLength(5000)
    expect(events[0]).toEqual({
      event: 'llm_failed',
      atMs: 11,
      fields: { turn: 1, code: 'KAV_PROVIDER_NETWORK', error: 'no route' },
    })
    expect(turns).toHaveLength(6000)
    const voices = Array.from({ length: 10_002 }, (_, at) =>
      event('caller_voice', { start_ms: at, end_ms: at }),
    )
    expect(recordOf(voices).voice.caller).toHaveLength(10_000)
  })

  it('leaves out what is not known of the call', () => {
    const record = recordOf([event('call_started', {}, { from: '', to: 5 })], { traceId: 'abc' })
    expect(record).not.toHaveProperty('from')
    expect(record).toMatchObject({ traceId: 'abc', direction: 'in' })
    const bare = Object.keys(recordOf([]))
    for (const name of ['from', 'to', 'pipelineVersion', 'node', 'traceId', 'recording', 'cost'])
      expect(bare).not.toContain(name)
  })

  it('has every tool call with what was asked and what came of it', () => {
    const { tools } = recordOf([
      event('tool_called', { turn: 1, tool: 'book' }, { arguments: '{"day":"monday"}' }, 100.4),
      event('tool_ended', { turn: 1, tool: 'book', ms: 40, failed: false }, { result: 'done' }, 140),
      event('tool_called', { turn: 2, tool: 'book' }, { arguments: '{}' }, 200),
      event('tool_ended', { turn: 2, tool: 'book', ms: 50, failed: true }, { result: 'interrupted' }, 250),
      event('tool_late', { turn: 2, tool: 'book', failed: false }, { result: 'booked after all' }, 900),
      event('tool_called', { turn: 3, tool: 'look' }, { arguments: '{}' }, 1000),
    ])
    expect(tools).toEqual([
      { atMs: 100, turn: 1, tool: 'book', arguments: '{"day":"monday"}', result: 'done', durationMs: 40 },
      { atMs: 200, turn: 2, tool: 'book', arguments: '{}', result: 'booked after all', durationMs: 700 },
      { atMs: 1000, turn: 3, tool: 'look', arguments: '{}' },
    ])
  })

  it('says who answered for each stage, and who failed before', () => {
    const { stages } = recordOf(
      [
        event('stt_ready', { plugin: 'deepgram' }),
        event('reply_started', { turn: 1 }),
        event('llm_fell_back', { from: 'openai-llm', to: 'openai-llm#2' }, {}, 70),
        event('agent_said', { turn: 1 }, { text: 'Hello.' }),
        event('provider_passed_over', { kind: 'tts', from: 'azure-tts', to: 'google-tts' }, {}, 90),
        event('usage', { kind: 'tts', plugin: 'google-tts', characters: 6 }),
      ],
      { providers: { stt: 'deepgram', llm: 'openai-llm', tts: 'azure-tts' } },
    )
    expect(stages).toEqual([
      { kind: 'stt', answered: ['deepgram'], fallbacks: [] },
      {
        kind: 'llm',
        answered: ['openai-llm', 'openai-llm#2'],
        fallbacks: [{ atMs: 70, from: 'openai-llm', to: 'openai-llm#2', why: 'failed' }],
      },
      {
        kind: 'tts',
        answered: ['azure-tts', 'google-tts'],
        fallbacks: [{ atMs: 90, from: 'azure-tts', to: 'google-tts', why: 'passed_over' }],
      },
    ])
  })

  it('has what the call cost, and names what has no price', () => {
    const byProvider = {
      'llm openai-llm': {
        ...FREE,
        per_1k_input_tokens: 0.01,
        per_1k_cached_input_tokens: 0.001,
        per_1k_output_tokens: 0.02,
      },
      'stt deepgram': { ...FREE, per_minute_audio: 0.005 },
      'transport twilio': { ...FREE, per_minute_call: 0.004 },
    }
    const { cost } = recordOf(
      [
        event('usage', { kind: 'stt', plugin: 'deepgram', audio_ms: 60_000 }),
        event('usage', {
          kind: 'llm',
          plugin: 'openai-llm',
          input_tokens: 3000,
          cached_input_tokens: 1000,
          output_tokens: 500,
        }),
        event('usage', { kind: 'tts', plugin: 'google-tts', characters: 100 }),
      ],
      { prices: { currency: 'USD', byProvider } },
    )
    expect(cost).toEqual({
      currency: 'USD',
      total: 0.044,
      parts: [
        { kind: 'stt', provider: 'deepgram', amount: 0.005 },
        { kind: 'llm', provider: 'openai-llm', amount: 0.031 },
        { kind: 'transport', provider: 'twilio', amount: 0.008 },
      ],
      unpriced: ['tts google-tts'],
    })
    expect(recordOf([])).not.toHaveProperty('cost')
  })
})
