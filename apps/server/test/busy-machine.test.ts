import { describe, expect, it } from 'vitest'
import { type CallEvidence, checkCall, formatChecklist } from '../src/test-call/checklist.ts'
import { latenessOf, watchMachine } from '../src/machine-watch.ts'

/** A call of ten seconds with one gap, whose words were repeated to a second session. */
function evidence(more: {
  machine?: { p99Ms: number; maxMs: number }
  counters?: Record<string, number>
}): CallEvidence {
  const second = { atMs: 9000, fields: { q: 2, write_ms: 0.1 } }
  const events = [
    ...['rx_started', 'tx_started', 'stt_init_requested', 'greeting_queued', 'stt_ready', 'partial', 'final'],
    'rx_second',
  ].map((event) => ({ event, ...second, private: {} }))
  return {
    phone: {
      durationMs: 10_000,
      sent: { frames: 500, dtmf: 0 },
      received: { fps: 50 },
      playout: { underruns: { count: 1, totalMs: 60, list: [] } },
      responses: [{}],
      violations: [],
      timeline: [],
      overlaps: [],
      endedBy: 'caller',
    },
    events: [...events, { event: 'greeting_end', atMs: 1, fields: { outcome: 'heard' }, private: {} }],
    record: {
      counters: { rx_frames: 500, stt_bytes: 560 * 160, stt_given_bytes: 500 * 160, ...more.counters },
      transcript: [],
    },
    errorLines: [],
    ...(more.machine && { machine: more.machine }),
  } as unknown as CallEvidence
}
const failed = (given: CallEvidence): string[] =>
  checkCall(given).flatMap(({ ok, what }) => (ok ? [] : [what]))

describe('a checklist with a bad figure', () => {
  it('fails the call where the machine was punctual, or nobody looked', () => {
    expect(failed(evidence({}))).toEqual(['underruns 0'])
    expect(failed(evidence({ machine: { p99Ms: 1.2, maxMs: 12 } }))).toEqual(['underruns 0'])
  })

  it.each([
    { p99Ms: 8, maxMs: 20 },
    { p99Ms: 1, maxMs: 90 },
  ])('does not judge it where the machine was late: %o', (machine) => {
    const checks = checkCall(evidence({ machine }))
    expect(checks.every(({ ok }) => ok)).toBe(true)
    expect(checks.filter(({ unjudged }) => unjudged).map(({ found }) => found)).toEqual([
      '1 heard (60 ms); the machine was busy',
    ])
    expect(formatChecklist(checks)).toMatch(
      /○ underruns 0 [^]*PASS: a healthy call; not judged: 1, try again/,
    )
  })

  it('fails the call for what no machine spoils', () => {
    const lost = { machine: { p99Ms: 80, maxMs: 900 }, counters: { stt_given_bytes: 400 * 160 } }
    expect(failed(evidence(lost))).toEqual(['every frame reached STT'])
  })

  it('counts what was repeated to a second session once', () => {
    const check = checkCall(evidence({})).find(({ what }) => what === 'every frame reached STT')
    expect(check).toMatchObject({ ok: true, found: '0 missing, 60 repeated' })
    const hidden = { stt_bytes: 560 * 160, stt_given_bytes: 490 * 160 }
    expect(failed(evidence({ counters: hidden }))).toContain('every frame reached STT')
  })
})

describe('the watch on the machine', () => {
  it('says how late its timer was at the worst, and all but once in a hundred', async () => {
    const late = Array.from({ length: 200 }, (_, index) => index / 10)
    expect(latenessOf(late)).toEqual({ p99Ms: 19.8, maxMs: 19.9 })
    expect(latenessOf([])).toEqual({ p99Ms: 0, maxMs: 0 })
    const watch = watchMachine()
    const lateness = await watch.stop()
    expect(lateness!.maxMs).toBeGreaterThanOrEqual(lateness!.p99Ms)
    expect(await watch.stop()).toBe(lateness)
  })
})
