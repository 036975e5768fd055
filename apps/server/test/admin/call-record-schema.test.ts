import { expect, it } from 'vitest'
import type { CallRecordAnswer } from '../../src/admin/call-record-schema.ts'
import type { KeptRecord } from '../../src/calls/kept-record.ts'
import { recordFaults } from './record-faults.ts'

type Frozen<T> = T extends object ? { readonly [Name in keyof T]: Frozen<T[Name]> } : T
/** What events bring in: they are as open as events are. */
type Loose = 'turns' | 'usage'
type Kept = Frozen<Omit<KeptRecord, Loose>>
type Answered = Frozen<Omit<CallRecordAnswer, Loose | 'state'>>

const EMPTY: Kept = {
  callId: 'CA1',
  pipeline: 'desk',
  direction: 'in',
  startedAt: '2026-03-04T10:15:00.000Z',
  durationMs: 0,
  endedBy: '',
  counters: {},
  voice: { caller: [], agent: [] },
  stages: [{ kind: 'llm', answered: ['b'], fallbacks: [{ atMs: 1, from: 'a', to: 'b', why: 'failed' }] }],
  tools: [{ atMs: 1, turn: 1, tool: 'book', arguments: '{}', result: 'done', failed: true, durationMs: 5 }],
  transcript: [],
  events: [],
}

it('describes a record as it is: the compiler says where the two differ', () => {
  // Each of them may stand for the other, field by field.
  const answered: Answered = EMPTY
  const kept: Kept = answered
  const usage = [{ kind: 'stt', plugin: 'google-stt', audio_ms: 20, counted_by: 'core' }]
  expect(recordFaults({ ...kept, state: 'torn', turns: [{ turn: 1, turn_end_ms: 5 }], usage })).toEqual([])
})

it('names what is not as it says', () => {
  const wrong = { ...EMPTY, state: 'lost', turns: [], usage: [], mood: 'good' }
  expect(recordFaults(wrong).map((fault) => fault.split(':')[0])).toEqual(['/mood', '/state'])
})
