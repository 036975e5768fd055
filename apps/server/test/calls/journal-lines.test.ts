import { type CallFacts, createCallRecorder } from '@kav/core/host'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { transcriptText } from '../../src/calls/call-files.ts'
import {
  eventLine,
  headLine,
  type JournalHead,
  readJournal,
  timeLine,
} from '../../src/calls/journal-lines.ts'
import { callOfName, recordOfJournal } from '../../src/calls/record-of-journal.ts'
import { callEnded, callEvent, CANARY, redacted } from './call-events.ts'

const FREE = { per_1k_input_tokens: 0, per_1k_output_tokens: 0, per_1k_characters: 0, per_minute_call: 0 }
const FACTS: CallFacts = {
  pipelineVersion: 'abc',
  node: 'here',
  providers: { stt: 'ears', llm: 'mind', tts: 'mouth' },
  prices: { currency: 'EUR', byProvider: { 'stt ears': { ...FREE, per_minute_audio: 0.25 } } },
  recording: 'recordings/1.wav',
}

const HEAD: JournalHead = {
  version: 1,
  callId: 'CA1',
  pipeline: 'desk',
  startedAtWallMs: Date.UTC(2026, 10, 28),
  kept: { transcript: true, callRecord: true },
  facts: FACTS,
  owner: { pid: 1, startedTicks: '2', space: 'here' },
}
const STARTED = redacted({
  event: 'call_started',
  atMs: 0,
  fields: { format: 'mulaw' },
  private: { from: '+15550101', to: '+15550102', direction: 'outbound-api', plan: CANARY },
})
const TOOL = (
  [
    { event: 'tool_called', atMs: 5, fields: { turn: 1, tool: 'book' }, private: { arguments: '{"a":1}' } },
    {
      event: 'tool_ended',
      atMs: 9,
      fields: { turn: 1, tool: 'book', ms: 4, failed: false },
      private: { result: 'done' },
    },
    { event: 'usage', atMs: 9, fields: { kind: 'stt', plugin: 'ears', audio_ms: 60_000 }, private: {} },
  ] as const
).map(redacted)
const NAMED = callOfName('2026-11-28T00-00-00-000Z_CA1')!
const EVENTS = fc.array(callEvent, { maxLength: 12 })

const journalOf = (events: readonly Parameters<typeof eventLine>[0][], transcript = true): string =>
  headLine({ ...HEAD, kept: { ...HEAD.kept, transcript } }) +
  events.map((event) => eventLine(event, transcript) ?? '').join('')

describe('a call’s journal', () => {
  it('gives the very record that the call’s own process would have written', () => {
    fc.assert(
      fc.property(EVENTS, (events) => {
        const all = [STARTED, ...TOOL, ...events, callEnded(2e7)]
        const recorder = createCallRecorder({ ...FACTS, ...HEAD })
        for (const event of all) recorder.onEvent(event)
        const own = recorder.finish({ durationMs: 2e7, endedBy: 'caller', counters: { rx_frames: 50 } })
        expect(recordOfJournal(readJournal(journalOf(all)), NAMED)).toEqual(JSON.parse(JSON.stringify(own)))
        expect(own).toMatchObject({ from: '+15550101', direction: 'out', cost: { total: 0.25 } })
        expect(own.tools[0]).toMatchObject({ arguments: '{"a":1}', result: 'done' })
      }),
    )
  })

  it('holds nothing private that the record does not', () => {
    fc.assert(
      fc.property(EVENTS, fc.boolean(), (events, transcript) => {
        const secret = [STARTED, ...TOOL, ...events].map((event) => ({
          ...event,
          private: { ...event.private, text: 'S3CRET' },
        }))
        const text = journalOf(secret, transcript)
        expect(text).not.toContain(CANARY)
        if (!transcript)
          for (const said of ['S3CRET', '+1555', '"a":1', 'done']) expect(text).not.toContain(said)
      }),
    )
  })

  it('cut anywhere, is a whole record or one that says what it lacks', () => {
    fc.assert(
      fc.property(EVENTS, (events) => {
        const whole = Buffer.from(journalOf([...events, callEnded(2e7)]) + timeLine(2e7))
        const end = whole.length - timeLine(2e7).length
        for (let cut = 0; cut <= whole.length; cut++) {
          const record = recordOfJournal(readJournal(whole.toString('utf8', 0, cut)), NAMED)
          expect(record.callId).toBe('CA1')
          expect(record.startedAt).toBe('2026-11-28T00:00:00.000Z')
          expect(record.endedBy).toBe(cut < end ? 'killed' : 'caller')
          if (cut < end)
            expect(record.incomplete).toEqual(expect.arrayContaining(['counters', 'events', 'transcript']))
          if (cut === end || cut === whole.length) expect(record.incomplete).toBeUndefined()
          transcriptText(record)
        }
      }),
      { numRuns: 3 },
    )
  })

  it('whatever stands in it, is a record', () => {
    const anything = fc.oneof(fc.json(), fc.string(), fc.constant(headLine(HEAD).trim()), lineLike())
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 20 }), (lines) => {
        const record = recordOfJournal(readJournal(lines.join('\n')), NAMED)
        expect(record.endedBy).toBeTypeOf('string')
        expect(JSON.parse(JSON.stringify(record))).toMatchObject({ startedAt: expect.any(String) as string })
        transcriptText(record)
      }),
    )
  })

  it('of another version says so, and names the call all the same', () => {
    const content = readJournal(`{"version":0,"call":"CA1"}\n{"what":"was"}\n`)
    expect(content).toMatchObject({ foreign: true, damaged: true })
    expect(recordOfJournal(content, NAMED)).toMatchObject({
      callId: 'CA1',
      endedBy: 'killed',
      incomplete: ['counters', 'events', 'transcript', 'recording'],
    })
  })

  it('is known by a name that Kav gives, and by no other', () => {
    for (const name of [
      '',
      'x',
      '../2026-11-28T00-00-00-000Z_CA1',
      '2026-99-28T00-00-00-000Z_CA1',
      '2026-11-28T00-00-00-000Z_a/b',
    ])
      expect(callOfName(name)).toBeUndefined()
  })
})

/** Nearly a line: each field may be anything. */
function lineLike(): fc.Arbitrary<string> {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('turn_ended', 'agent_said', 'call_ended', 'interrupted'),
  )
  return fc
    .record({ event: value, atMs: value, fields: value, private: value })
    .map((line) => JSON.stringify(line))
}
