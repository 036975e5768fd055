import { CALL_EVENTS, type CallEvent, type CallEventName, type RedactedEvent } from '@kav/core/host'
import fc from 'fast-check'

const NAMES = Object.keys(CALL_EVENTS) as CallEventName[]

/** Never part of a record: if it is found in a journal, something private was written that must not be. */
export const CANARY = 'canary +15550100'
/** Part of a record's transcript. */
const SAID = fc.string({ maxLength: 30, unit: 'grapheme' })

/** An event as it comes behind the one place where what is private is taken out; here nothing is. */
export const redacted = (event: CallEvent): RedactedEvent => event as RedactedEvent

/** Any event of a call, with what may stand in it. */
export const callEvent: fc.Arbitrary<RedactedEvent> = fc
  .record({
    // The numbers of both ends stand in a record, and are told of by these events alone.
    event: fc.constantFrom(
      ...NAMES.filter((name) => !['call_started', 'call_unreached', 'call_ended'].includes(name)),
    ),
    atMs: fc.double({ min: 0, max: 1e7, noNaN: true }),
    fields: fc.record({ turn: fc.integer({ min: -3, max: 5 }), open_ms: fc.integer(), error: fc.string() }),
    private: fc.record(
      { text: SAID, heard: SAID, error: SAID, from: fc.constant(CANARY), digit: fc.constant(CANARY) },
      { requiredKeys: ['text', 'heard', 'from', 'digit'] },
    ),
  })
  .map(redacted)

export const callEnded = (atMs: number): RedactedEvent =>
  redacted({
    event: 'call_ended',
    atMs,
    fields: { duration_ms: Math.round(atMs), ended_by: 'caller', rx_frames: 50 },
    private: {},
  })

export const callStarted = (from: string): RedactedEvent =>
  redacted({ event: 'call_started', atMs: 0, fields: {}, private: { from } })
