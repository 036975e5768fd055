import { type CallEvent, type CallRecord, createCallRecorder } from '@kav/core/host'
import { describe, expect, it } from 'vitest'
import { panelOfRecord } from '../../src/score/panel-of-record.ts'
import { withPanel } from '../../src/calls/kept-record.ts'

type Told = readonly [event: CallEvent['event'], atMs: number, fields: Record<string, unknown>, said?: string]

const voice = (who: 'caller' | 'agent', start_ms: number, end_ms: number): Told => [
  `${who}_voice`,
  end_ms,
  { start_ms, end_ms },
]

function recordOf(events: readonly Told[], durationMs = 20_000): CallRecord {
  const recorder = createCallRecorder({ callId: 'CA1', pipeline: 'desk', startedAtWallMs: 0 })
  for (const [event, atMs, fields, text] of events)
    recorder.onEvent({ event, atMs, fields, private: text === undefined ? {} : { text } })
  return recorder.finish({ durationMs, endedBy: 'hang-up', counters: {} })
}

/** A question and its answer, then what the caller did over the answer. */
const ANSWERED = [
  voice('caller', 1000, 2000),
  ['turn_ended', 2400, { turn: 1 }, 'what are your hours'],
] as const satisfies readonly Told[]

describe('the panel of a call’s record', () => {
  it('has the latency of the answer from the ends of the voices', () => {
    const panel = panelOfRecord(recordOf([...ANSWERED, voice('agent', 2500, 8000)]))
    expect(panel).toMatchObject({ calls: 1, words: 1, response: { count: 1, n: 1 } })
    expect(panel!.responseLatency.p50Ms).toBe(500)
  })

  it('takes short words over the agent for an interruption where they mean something', () => {
    const over = [...ANSWERED, voice('caller', 4000, 4400), voice('agent', 2500, 4300)]
    const told = panelOfRecord(
      recordOf([...over, ['turn_ended', 4800, { turn: 2 }, 'stop'], voice('agent', 5000, 8000)]),
    )
    expect(told!.yield).toMatchObject({ count: 1, n: 1 })
    expect(told!.timeToYield.p50Ms).toBe(300)
  })

  it('takes them for a backchannel where they do not', () => {
    const over = [...ANSWERED, voice('caller', 4000, 4400), voice('agent', 2500, 8000)]
    expect(panelOfRecord(recordOf(over))!.selectivity.backchannel).toMatchObject({ count: 1, n: 1 })
  })

  it.each([
    ['caller', 'interruption'],
    ['operator', 'backchannel'],
  ] as const)('takes a sound without words over an agent that the %s stops for an %s', (by, kind) => {
    const over = [...ANSWERED, voice('caller', 4000, 4400), voice('agent', 2500, 4300)]
    const told = panelOfRecord(recordOf([...over, ['interrupted', 4300, { turn: 1, by }]]))
    expect(told!.yield.n).toBe(kind === 'interruption' ? 1 : 0)
  })

  it('is missing where nobody listened for the caller’s voice, or the times are damaged', () => {
    expect(withPanel(recordOf([voice('agent', 0, 1000)]))).not.toHaveProperty('panel')
    const damaged: Told = ['caller_voice', 0, { start_ms: 'x', end_ms: 5 }]
    expect(withPanel(recordOf([damaged]))).not.toHaveProperty('panel')
  })
})
