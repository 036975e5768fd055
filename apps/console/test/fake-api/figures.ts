import type { Readiness } from '../../src/figures/figures.ts'

/** What `/metrics` and `/readyz` answer. */
export interface FakeFigures {
  readonly metrics: string
  readonly readiness: Readiness
}

export const NO_FIGURES: FakeFigures = {
  metrics: '',
  readiness: { ready: true, calls: 0, promised_calls: 0, pipelines: [] },
}

const BORDERS = ['0.1', '0.25', '0.5', '0.75', '1', '1.5', '2', '3', '5', '+Inf']
const COUNTS = {
  turn_end: [12, 118, 640, 822, 860, 871, 871, 871, 871, 871],
  first_token: [0, 30, 402, 690, 810, 850, 860, 866, 868, 868],
  first_audio: [0, 4, 130, 470, 700, 820, 846, 858, 862, 863],
  first_frame: [0, 2, 110, 446, 688, 815, 844, 857, 862, 863],
} as const

const HISTOGRAM = Object.entries(COUNTS).flatMap(([step, counts]) =>
  counts.map(
    (count, index) =>
      `kav_turn_latency_seconds_bucket{step="${step}",le="${BORDERS[index]}",pipeline="front-desk"} ${count}`,
  ),
)

export const FIGURES: FakeFigures = {
  metrics: [
    '# TYPE kav_turn_latency_seconds histogram',
    ...HISTOGRAM,
    'kav_call_events_total{event="call_started"} 214',
    'kav_call_events_total{event="turn_ended"} 871',
    'kav_call_events_total{event="interrupted"} 96',
    'kav_call_events_total{event="llm_failed"} 2',
    'kav_calls_refused_total{reason="full",instead="refuse"} 3',
    'kav_tx_underruns_total 17',
    'kav_rx_queue_dropped_frames_total 0',
  ].join('\n'),
  readiness: {
    ready: true,
    calls: 3,
    promised_calls: 1,
    pipelines: [
      {
        name: 'front-desk',
        calls: 2,
        able: true,
        providers: [
          { kind: 'stt', provider: 'google-stt', region: 'europe-west1', state: 'closed' },
          {
            kind: 'llm',
            provider: 'openai-llm',
            region: '',
            state: 'open',
            code: 'KAV_PROVIDER_UNREACHABLE',
          },
          { kind: 'llm', provider: 'scripted', region: '', state: 'closed' },
          { kind: 'tts', provider: 'google-tts', region: '', state: 'half-open' },
        ],
      },
    ],
  },
}
