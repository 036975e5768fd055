import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../src/index.ts'
import { rig } from './redactor-rig.ts'

type Telemetry = ReturnType<typeof rig>['telemetry']

const error = new ProviderError('network', 'no route')
const fallback = { from: 'one', to: 'two', error }

describe('what happens in a call is counted and told', () => {
  it.each<[string, Readonly<Record<string, string>>, number, string, (call: Telemetry) => void]>([
    [
      'llm_fallbacks_total',
      { from: 'one', to: 'two' },
      1,
      'llm_fell_back',
      (call) => call.llmFellBack(fallback),
    ],
    [
      'tts_fallbacks_total',
      { from: 'one', to: 'two' },
      1,
      'tts_fell_back',
      (call) => call.ttsFellBack(fallback),
    ],
    [
      'stt_fallbacks_total',
      { from: 'one', to: 'two' },
      1,
      'stt_fell_back',
      (call) => call.stt.fellBack(fallback),
    ],
    ['tts_stream_fallbacks_total', {}, 1, 'tts_stream_fell_back', (call) => call.ttsStreamFellBack(1, error)],
    [
      'stt_openings_hedged_total',
      { plugin: 'one' },
      1,
      'stt_opening_hedged',
      (call) => call.stt.openingHedged({ plugin: 'one', region: 'eu', attempt: 2 }),
    ],
    ['stt_finals_unclear_total', {}, 1, 'stt_final_unclear', (call) => call.stt.finalUnclear(0.2, 'hm')],
    ['stt_finals_repeated_total', {}, 1, 'stt_duplicate_final', (call) => call.stt.duplicateFinal()],
    [
      'stt_finals_missing_total',
      { plugin: 'one' },
      1,
      'stt_final_missing',
      (call) => call.stt.finalMissing({ plugin: 'one' }),
    ],
    [
      'history_messages_forgotten_total',
      {},
      7,
      'history_forgotten',
      (call) => call.historyForgotten({ messages: 7, summarized: true }),
    ],
    ['llm_prepared_tokens_discarded_total', {}, 9, 'prepared_discarded', (call) => call.preparedDiscarded(9)],
    [
      'fillers_spoken_total',
      {},
      1,
      'filler_spoken',
      (call) => call.filler('spoken', { turn: 1, waited_ms: 5 }, 'Hm'),
    ],
    [
      'fillers_withheld_total',
      {},
      1,
      'filler_withheld',
      (call) => call.filler('withheld', { turn: 1, waited_ms: 5 }),
    ],
    ['recorded_lines_total', {}, 1, 'recorded_line', (call) => call.recordedLine(1, 'Sorry.')],
    [
      'gave_up_total',
      { then: 'hang_up', stage: 'voice' },
      1,
      'gave_up',
      (call) => call.gaveUp({ failures: 3, stage: 'voice', then: 'hang_up' }),
    ],
    ['speech_cache_total', { outcome: 'hit' }, 1, '', (call) => call.speechCached(true)],
    ['speech_cache_total', { outcome: 'miss' }, 1, '', (call) => call.speechCached(false)],
  ])('%s %j is %d', (name, labels, count, event, happens) => {
    const { telemetry, metrics, events } = rig()
    happens(telemetry)
    expect(metrics.value(name, labels)).toBe(count)
    expect(events[0]?.event ?? '').toBe(event)
    if (event !== '') expect(metrics.value('call_events_total', { event })).toBe(1)
  })

  it('each second for people alone', () => {
    const { telemetry, metrics, out } = rig()
    telemetry.rxSecond({ fpsIn: 50, q: 1, drops: 0, writeMs: 0.126 })
    telemetry.txSecond({ fps: 50, q: 2, drops: 0, underruns: 1 })
    expect(out()).toContain('fps_in=50 q=1 drops=0 write_ms=0.1"')
    expect(out()).toContain('fps=50 q=2 drops=0"')
    expect(metrics.value('call_events_total', { event: 'rx_second' })).toBe(0)
  })
})

describe('what may come in floods', () => {
  it('is counted each time and told once: who was passed over, what was cut', () => {
    const { telemetry, metrics, events } = rig()
    for (const to of ['two', 'two', 'three']) telemetry.providerPassedOver('stt', { from: 'one', to })
    for (const what of ['hints', 'hints', 'keys'] as const) telemetry.amountCut(what, 10)
    telemetry.amountCut('hints', 10, 3)
    telemetry.amountCut('hints', 10, 3)
    expect(events.map(({ event, fields }) => [event, fields])).toEqual([
      ['provider_passed_over', { kind: 'stt', from: 'one', to: 'two' }],
      ['provider_passed_over', { kind: 'stt', from: 'one', to: 'three' }],
      ['amount_cut', { what: 'hints', limit: 10 }],
      ['amount_cut', { what: 'keys', limit: 10 }],
      ['amount_cut', { what: 'hints', limit: 10, turn: 3 }],
      ['amount_cut', { what: 'hints', limit: 10, turn: 3 }],
    ])
    expect(metrics.value('provider_passed_over_total', { kind: 'stt', from: 'one', to: 'two' })).toBe(2)
    expect(metrics.value('amounts_cut_total', { what: 'hints' })).toBe(4)
  })
})

describe('what a call used', () => {
  it('is summed by provider, told at the end, and holds no figure that is none', () => {
    const { telemetry, metrics, events } = rig()
    const { usage } = telemetry
    usage.heard('ears', 100.4, 'provider')
    usage.heard('ears', 50, 'core')
    for (const odd of [Number.NaN, -1, Number.POSITIVE_INFINITY, 1e12]) usage.heard('ears', odd, 'core')
    expect(usage.spoke('voice', 12, 'provider')).toBe(true)
    expect(usage.spoke('voice', 1.5, 'provider')).toBe(false)
    usage.thought('llm', 'model', { type: 'usage', inputTokens: 10, outputTokens: Number.NaN })
    usage.thought('llm', 'model', { type: 'usage', inputTokens: 5, outputTokens: 2, cachedInputTokens: 4 })
    usage.thought('realtime', 'model', { type: 'usage', inputTokens: 1, outputTokens: 1 })
    telemetry.callEnded({})
    expect(events.filter(({ event }) => event === 'usage').map(({ fields }) => fields)).toEqual([
      { kind: 'stt', plugin: 'ears', audio_ms: 150, counted_by: 'both' },
      { kind: 'tts', plugin: 'voice', characters: 12, counted_by: 'provider' },
      { kind: 'llm', plugin: 'model', input_tokens: 15, output_tokens: 2, cached_input_tokens: 4 },
      { kind: 'realtime', plugin: 'model', input_tokens: 1, output_tokens: 1, cached_input_tokens: 0 },
    ])
    expect(metrics.value('stt_audio_ms_total', { plugin: 'ears' })).toBe(150)
    expect(metrics.value('tts_characters_total', { plugin: 'voice' })).toBe(12)
    expect(metrics.value('llm_input_tokens_total')).toBe(16)
    expect(metrics.value('llm_output_tokens_total')).toBe(3)
    expect(metrics.value('llm_cached_input_tokens_total')).toBe(4)
    expect(events.filter(({ event }) => event === 'amount_cut').map(({ fields }) => fields['what'])).toEqual([
      ...['usage_audio_ms', 'usage_characters', 'usage_tokens'],
    ])
  })
})

describe('what an operator is refused', () => {
  it('is told five times, and what was left out at the end', () => {
    const { telemetry, metrics, events } = rig()
    for (let at = 0; at < 8; at++)
      telemetry.operator.refused({ type: 'mute', on: true }, `op${at}`, 'cannot-do')
    telemetry.operator.refused({ type: 'hang-up' }, 'op', 'cannot-do')
    telemetry.callEnded({})
    const refused = events.filter(({ event }) => event === 'operator_refused').map(({ fields }) => fields)
    expect(refused.map(({ by }) => by)).toEqual(['op0', 'op1', 'op2', 'op3', 'op4', 'op', 'op7'])
    expect(refused.at(-1)).toEqual({ action: 'mute', by: 'op7', why: 'cannot-do', left_out: 2 })
    expect(metrics.value('log_lines_left_out_total', { line: '🎧 OPERATOR: refused' })).toBe(3)
  })
})

describe('what happens when the call is over', () => {
  it('is a line of the log without its private part, counted, and no event', () => {
    const { telemetry, metrics, events, out } = rig()
    telemetry.callEnded({})
    telemetry.dtmf('7')
    telemetry.llmFailed(1, error)
    expect(events.map(({ event }) => event)).toEqual(['call_ended'])
    expect(metrics.value('call_events_late_total', { event: 'dtmf' })).toBe(1)
    expect(metrics.value('call_events_total', { event: 'dtmf' })).toBe(0)
    expect(out()).toContain('"late":true')
    expect(out()).not.toContain('no route')
  })
})
