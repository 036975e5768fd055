import type { CallEvent } from '@kav/core/host'
import { describe, expect, it } from 'vitest'
import { spansOfEvents, type SpanTree } from '../../src/index.ts'
import { event } from './any-events.ts'

/** One turn that was heard to its end. */
const turn: readonly CallEvent[] = [
  event('call_started', 0, {}, { from: '+15550100' }),
  event('greeting_queued', 10),
  event('stt_ready', 120, { plugin: 'ears', open_ms: 100 }),
  event('tts_request', 400, { turn: 0, plugin: 'voice', asked_ms: 15, first_ms: 90, outcome: 'answered' }),
  event('greeting_end', 1500, { outcome: 'heard' }),
  event('caller_voice', 3100, { start_ms: 2000, end_ms: 3000 }),
  event('final', 3150, {}, { text: 'what time is it' }),
  event('turn_ended', 3320, { turn: 1, speech_end_ms: 3000 }, { text: 'what time is it' }),
  event('reply_started', 3320, { turn: 1 }),
  event('turn_latency', 3900, {
    turn: 1,
    turn_end_ms: 320,
    first_token_ms: 600,
    first_audio_ms: 850,
    first_frame_ms: 900,
  }),
  event('llm_request', 4000, {
    turn: 1,
    plugin: 'model',
    asked_ms: 3320,
    first_ms: 3600,
    outcome: 'answered',
    input_tokens: 40,
    output_tokens: 9,
  }),
  event('tts_request', 4100, {
    turn: 1,
    plugin: 'voice',
    asked_ms: 3650,
    first_ms: 3850,
    outcome: 'answered',
  }),
]

const lines = (tree: SpanTree, depth = 0): readonly string[] => [
  `${'  '.repeat(depth)}${tree.span.key.split('/').at(-1)} ${tree.span.startMs}-${tree.span.endMs}`,
  ...tree.children.flatMap((child) => lines(child, depth + 1)),
]

const spanOf = (tree: SpanTree, key: string): SpanTree['span'] | undefined =>
  tree.span.key === key
    ? tree.span
    : tree.children.map((child) => spanOf(child, key)).find((found) => found !== undefined)

describe('spansOfEvents', () => {
  it('makes a tree of a call, each turn from the end of the speech to heard', () => {
    const events = [
      ...turn,
      event('reply_ended', 6200, { turn: 1, outcome: 'heard' }),
      event('call_ended', 7000, { ended_by: 'caller' }),
    ]
    expect(lines(spansOfEvents(events))).toEqual([
      'call 0-7000',
      '  greeting 10-1500',
      '    tts 1 15-400',
      '  recognition 1 20-7000',
      '  speech 1 2000-3000',
      '  turn 1 3000-6200',
      '    stt 3000-3150',
      '    endpointing 3000-3320',
      '    first_token 3320-3600',
      '    llm 2 3320-4000',
      '    first_audio 3600-3850',
      '    tts 3 3650-4100',
      '    wire 3850-3900',
      '    playout 3900-6200',
    ])
  })

  it('ends an interrupted turn where the caller spoke, and the requests that end later with it', () => {
    const tree = spansOfEvents([
      ...turn.slice(0, 10),
      event('interrupted', 4500, { turn: 1, after_speech_ms: 200 }),
      event('llm_request', 4600, { turn: 1, plugin: 'model', asked_ms: 3320, outcome: 'cancelled' }),
      event('call_ended', 7000, { ended_by: 'caller' }),
    ])
    expect(spanOf(tree, 'turn 1')).toMatchObject({
      endMs: 4500,
      attributes: { 'kav.outcome': 'interrupted' },
    })
    expect(spanOf(tree, 'turn 1/llm 2')).toMatchObject({ endMs: 4500, attributes: { 'kav.clipped_ms': 100 } })
  })

  it('marks a turn that failed with the fault', () => {
    const tree = spansOfEvents([
      ...turn.slice(0, 9),
      event('llm_failed', 3900, { turn: 1, code: 'provider-timeout' }),
      event('reply_ended', 4000, { turn: 1, outcome: 'failed' }),
      event('call_ended', 7000, { ended_by: 'caller' }),
    ])
    expect(spanOf(tree, 'turn 1')).toMatchObject({ error: 'provider-timeout', endMs: 4000 })
    expect(spanOf(tree, 'turn 1')?.events).toMatchObject([{ name: 'llm_failed', atMs: 3900 }])
    expect(spanOf(tree, 'turn 1/first_token')).toMatchObject({ startMs: 3320, endMs: 4000 })
  })

  it('has what was begun in vain as a part where the caller said more', () => {
    const tree = spansOfEvents([
      ...turn.slice(0, 9),
      event('turn_corrected', 4200, { turn: 1, restarted: true, speech_end_ms: 3950 }),
      event('turn_latency', 4900, { turn: 1, turn_end_ms: 250, first_token_ms: 500, first_frame_ms: 950 }),
      event('reply_ended', 6000, { turn: 1, outcome: 'heard' }),
      event('call_ended', 7000, { ended_by: 'caller' }),
    ])
    expect(spanOf(tree, 'turn 1')?.attributes['kav.restarts']).toBe(1)
    expect(spanOf(tree, 'turn 1/superseded')).toMatchObject({ startMs: 3000, endMs: 4200 })
    expect(spanOf(tree, 'turn 1/first_token')).toMatchObject({ startMs: 4200, endMs: 4450 })
    expect(spanOf(tree, 'turn 1/playout')).toMatchObject({ startMs: 4900, endMs: 6000 })
  })

  it('closes what is open when nothing more comes, and says so', () => {
    const tree = spansOfEvents(turn)
    for (const key of ['call', 'turn 1', 'recognition 1'])
      expect(spanOf(tree, key)).toMatchObject({ endMs: 4100, attributes: { 'kav.unended': true } })
  })

  it('keeps the answer that was prepared before its turn had ended', () => {
    const prepared = event('llm_request', 3250, {
      turn: 1,
      plugin: 'model',
      asked_ms: 3050,
      first_ms: 3200,
      outcome: 'answered',
    })
    const tree = spansOfEvents([...turn.slice(0, 7), prepared, ...turn.slice(7)])
    expect(spanOf(tree, 'turn 1/llm 2')).toMatchObject({ startMs: 3050, endMs: 3250 })
  })

  it('has an answer of a speech-to-speech model as a request to a model, beside the parts of its turn', () => {
    const tree = spansOfEvents([
      event('call_started', 0),
      event('reply_started', 3300, { turn: 1 }),
      event('turn_latency', 3700, { turn: 1, turn_end_ms: 300, first_audio_ms: 650, first_frame_ms: 700 }),
      event('llm_request', 4200, {
        turn: 1,
        plugin: 'model',
        output: 'speech',
        asked_ms: 3300,
        first_ms: 3650,
        outcome: 'answered',
        input_tokens: 70,
        output_tokens: 12,
      }),
      event('reply_ended', 6000, { turn: 1, outcome: 'heard' }),
      event('call_ended', 7000, { ended_by: 'caller' }),
    ])
    expect(lines(tree)).toContain('    llm 1 3300-4200')
    expect(spanOf(tree, 'turn 1/llm 1')?.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.output.type': 'speech',
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': 0.35,
      'gen_ai.usage.input_tokens': 70,
      'gen_ai.usage.output_tokens': 12,
      'kav.first_ms': 350,
      'kav.outcome': 'answered',
      'kav.plugin': 'model',
    })
  })

  it('has phone numbers and words under keys with pii, where that is switched on', () => {
    const tree = spansOfEvents(turn, { content: true })
    expect(spanOf(tree, 'call')?.attributes['kav.pii.from']).toBe('+15550100')
    expect(spanOf(tree, 'turn 1')?.attributes['kav.pii.caller_text']).toBe('what time is it')
  })
})
