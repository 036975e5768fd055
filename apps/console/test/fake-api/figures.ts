import type { Figures, LatencyHistogram, OutcomesOverTime } from '@kav/client'

const NO_TOTALS: Figures['totals'] = {
  callsBegun: 0,
  callsEnded: 0,
  callerTurns: 0,
  interruptions: 0,
  callsRefused: 0,
  promisesExpired: 0,
  callsGivenUp: 0,
  callsLost: 0,
  underruns: 0,
  callerFramesLost: 0,
  agentFramesLost: 0,
  modelFailures: 0,
  speechFailures: 0,
  recognitionsLost: 0,
  toolFailures: 0,
  recordsLost: 0,
  storeCallsLost: 0,
}

/** What `/api/figures` answers of a server that took no call yet. */
export const NO_FIGURES: Figures = {
  at: '2026-03-04T10:15:28.000Z',
  since: '2026-03-01T06:00:00.000Z',
  ready: true,
  running: 0,
  promised: 0,
  pipelines: [],
  latency: [],
  totals: NO_TOTALS,
}

const BORDERS_MS = [100, 250, 500, 750, 1000, 1500, 2000, 3000, 5000]
const COUNTS: readonly (readonly [LatencyHistogram['step'], number, readonly number[]])[] = [
  ['turn_end', 871, [12, 118, 640, 822, 860, 871, 871, 871, 871]],
  ['first_token', 868, [0, 30, 402, 690, 810, 850, 860, 866, 868]],
  ['first_audio', 863, [0, 4, 130, 470, 700, 820, 846, 858, 862]],
  ['first_frame', 863, [0, 2, 110, 446, 688, 815, 844, 857, 862]],
]

export const FIGURES: Figures = {
  ...NO_FIGURES,
  running: 3,
  promised: 1,
  pipelines: [
    {
      name: 'front-desk',
      running: 2,
      promised: 1,
      free: 37,
      able: true,
      providers: [
        { kind: 'stt', provider: 'google-stt', region: 'europe-west1', state: 'closed' },
        { kind: 'llm', provider: 'openai-llm', region: '', state: 'open', code: 'KAV_PROVIDER_UNREACHABLE' },
        { kind: 'llm', provider: 'scripted', region: '', state: 'closed' },
        { kind: 'tts', provider: 'google-tts', region: '', state: 'half-open' },
      ],
    },
    { name: 'reminders', running: 1, promised: 0, free: 0, able: true, refusing: 'full', providers: [] },
  ],
  latency: COUNTS.map(([step, count, counts]) => ({
    pipeline: 'front-desk',
    step,
    count,
    sumMs: count * 600,
    upToMs: BORDERS_MS,
    counts,
  })),
  totals: {
    ...NO_TOTALS,
    callsBegun: 214,
    callerTurns: 871,
    interruptions: 96,
    modelFailures: 2,
    callsRefused: 3,
    underruns: 17,
  },
}

const LENGTH_MS = { hour: 3_600_000, day: 86_400_000 }
const OUTCOMES = ['caller', 'agent', 'transferred', 'gave-up', 'limit', 'operator'] as const

/** As the server does it, in UTC: some calls in every second span. */
export function outcomesFor(query: URLSearchParams): OutcomesOverTime | undefined {
  const by = query.get('by')
  if (by !== 'hour' && by !== 'day') return undefined
  const length = LENGTH_MS[by]
  const first = Math.floor(Date.parse(query.get('since')!) / length) * length
  const count = Math.ceil((Date.parse(query.get('until')!) - first) / length)
  return {
    from: 'store',
    spans: Array.from({ length: count }, (_, index) => ({
      since: new Date(first + index * length).toISOString(),
      until: new Date(first + (index + 1) * length).toISOString(),
      ended: Object.fromEntries(
        OUTCOMES.map((one, n) => [one, Math.max(0, Math.round(9 + 7 * Math.sin(index / 3) - n * 4))]),
      ),
      running: index === count - 1 ? 3 : 0,
    })),
  }
}
