import type { CallEvent, CallEventName } from '@kav/core/host'
import fc from 'fast-check'

/** An event as a test writes it. */
export function event(
  name: CallEventName,
  atMs: number,
  fields: CallEvent['fields'] = {},
  said: CallEvent['private'] = {},
): CallEvent {
  return { event: name, atMs, fields, private: said }
}

const ms = fc.integer({ min: 0, max: 20_000 })
const turn = fc.integer({ min: -2, max: 5 })
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
const outcome = fc.constantFrom('heard', 'silent', 'failed', 'cut', 'cancelled', 'answered')

/** Fields of every event that spans are made of: right ones, and such as no call has. */
const FIELDS: Partial<Record<CallEventName, fc.Arbitrary<Record<string, unknown>>>> = {
  call_started: fc.record({ format: fc.constant('mulaw') }),
  stt_ready: fc.record({ plugin: fc.constant('ears'), open_ms: ms, region: maybe(fc.constant('eu')) }),
  stt_lost: fc.record({ plugin: fc.constant('ears'), code: fc.constant('network') }),
  caller_voice: fc.record({ start_ms: ms, end_ms: ms }),
  greeting_queued: fc.constant({}),
  greeting_end: fc.record({ outcome }),
  prompt_ended: fc.record({ outcome }),
  partial: fc.constant({}),
  final: fc.constant({}),
  turn_ended: fc.record({ turn, speech_end_ms: maybe(ms) }),
  turn_corrected: fc.record({ turn, restarted: maybe(fc.boolean()), speech_end_ms: maybe(ms) }),
  reply_started: fc.record({ turn }),
  agent_said: fc.record({ turn }),
  turn_latency: fc.record({
    turn,
    turn_end_ms: maybe(ms),
    first_token_ms: maybe(ms),
    first_audio_ms: maybe(ms),
    first_frame_ms: maybe(ms),
  }),
  llm_request: fc.record({ turn, plugin: fc.constant('model'), asked_ms: ms, first_ms: maybe(ms), outcome }),
  tts_request: fc.record({ turn, plugin: fc.constant('voice'), asked_ms: ms, first_ms: maybe(ms), outcome }),
  tool_ended: fc.record({ turn, tool: fc.constant('look_up'), ms, failed: fc.boolean() }),
  llm_failed: fc.record({ turn, code: fc.constant('network') }),
  paused: fc.record({ turn }),
  interrupted: fc.record({ turn, after_speech_ms: ms }),
  reply_ended: fc.record({ turn, outcome }),
  stage_failed: fc.record({ stage: fc.constant('turns') }),
  call_ended: fc.record({ ended_by: fc.constant('caller') }),
}

const names = Object.keys(FIELDS) as CallEventName[]

/** Any events in any order: more than a call can have. Their times go forward, fractions of ms included. */
export const anyEvents: fc.Arbitrary<readonly CallEvent[]> = fc
  .array(
    fc.constantFrom(...names).chain((name) =>
      fc.record({
        name: fc.constant(name),
        fields: FIELDS[name]!,
        afterMs: fc.double({ min: 0, max: 1500, noNaN: true }),
      }),
    ),
    { maxLength: 60 },
  )
  .map((steps) => {
    let atMs = 0
    return steps.map(({ name, fields, afterMs }) => event(name, (atMs += afterMs), fields, { text: 'words' }))
  })
