// What the dashboard shows, row by row. A query is written without its selector of processes: `dashboard.mjs` puts
// `instance=~"$instance"` into every figure.

const LATENCY = 'kav_turn_latency_seconds_bucket'
const quantile = (share, selector, by = 'le') =>
  `histogram_quantile(${share}, sum by (${by}) (rate(${selector}[$__rate_interval])))`
const perMinute = (by, figure) => `sum${by && ` by (${by}) `}(rate(${figure}[$__rate_interval])) * 60`
const FAULTS =
  'stage_failed|transfer_failed|vad_failed|stt_recognize_per_utterance|llm_failed|tts_failed|stt_open_failed|stt_lost|gave_up'

/** One number each, coloured from `orange` and `red` on. */
export const NUMBERS = [
  { title: 'Calls now', query: 'sum(kav_active_calls) or vector(0)' },
  {
    title: 'Processes that take no new call',
    about: 'Full, late or at their end.',
    query: 'count(max by (instance) (kav_refusing_calls) == 1) or vector(0)',
    orange: 1,
  },
  {
    title: 'Providers that are down',
    about: 'Counted once for each process that finds it so.',
    query: 'count(kav_provider_state == 2) or vector(0)',
    red: 1,
  },
  {
    title: 'Answer begins after (95 %)',
    about: 'From the caller’s last word to the first sound of the answer.',
    query: quantile(0.95, `${LATENCY}{step="first_frame"}`),
    unit: 's',
    orange: 1.5,
    red: 2,
  },
  {
    title: 'Gaps a minute',
    about: 'In what callers hear.',
    query: `${perMinute('', 'kav_tx_underruns_total')} or vector(0)`,
    orange: 1,
    red: 5,
  },
  {
    title: 'Process is late (99 %)',
    about: 'The worst of them. Above 50 ms: too many calls for its core.',
    query: 'max(nodejs_eventloop_lag_p99_seconds)',
    unit: 's',
    orange: 0.03,
    red: 0.05,
  },
]

/** How many times as fast as it may the error budget of a promise is used up. */
const BURN =
  'sum by (pipeline, slo) (rate(kav_slo_bad_total[1h])) / sum by (pipeline, slo) (rate(kav_slo_events_total[1h])) / max by (pipeline, slo) (kav_slo_allowed > 0)'

/** The same of the last five minutes, as the processes count themselves: there from the first scrape on. */
const BURN_NOW =
  'sum by (pipeline, slo) (kav_slo_window_bad{window="5m"}) / (sum by (pipeline, slo) (kav_slo_window_events{window="5m"}) > 0) / max by (pipeline, slo) (kav_slo_allowed > 0)'

/** `[query, legend]` of each line; `red` is drawn as a line of its own. */
export const GRAPHS = [
  {
    title: 'Calls',
    about: 'By process, and promised to the carrier.',
    lines: [
      ['sum by (instance) (kav_active_calls)', '{{instance}}'],
      ['sum(kav_promised_calls)', 'promised'],
    ],
  },
  {
    title: 'Callers refused a minute',
    about: 'By reason, and what they got instead.',
    lines: [[perMinute('reason, instead', 'kav_calls_refused_total'), '{{reason}}: {{instead}}']],
  },
  {
    title: 'Answer begins after',
    about: 'From the caller’s last word to the first sound of the answer.',
    unit: 's',
    red: 2,
    lines: [
      [quantile(0.5, `${LATENCY}{step="first_frame"}`), '50 %'],
      [quantile(0.95, `${LATENCY}{step="first_frame"}`), '95 %'],
    ],
  },
  {
    title: 'Where the time goes',
    about: 'Median of each step, counted from the caller’s last word.',
    unit: 's',
    lines: [[quantile(0.5, LATENCY, 'le, step'), '{{step}}']],
  },
  {
    title: 'Gaps that callers hear, a minute',
    red: 5,
    lines: [[perMinute('instance', 'kav_tx_underruns_total'), '{{instance}}']],
  },
  {
    title: 'Callers’ frames that were lost',
    about: 'Before recognition was open: any is a fault.',
    lines: [
      ['sum by (instance) (rate(kav_rx_queue_dropped_frames_total[$__rate_interval]))', '{{instance}}'],
    ],
  },
  {
    title: 'Recognition opens after (99 %)',
    about: 'Above 4 s first words are lost.',
    unit: 's',
    red: 4,
    lines: [[quantile(0.99, 'kav_stt_open_seconds_bucket', 'le, plugin'), '{{plugin}}']],
  },
  {
    title: 'Providers',
    about: 'The worst that a process finds.',
    states: ['well', 'probed', 'down'],
    lines: [['max by (kind, provider, region) (kav_provider_state)', '{{kind}} {{provider}} {{region}}']],
  },
  {
    title: 'Another provider answered, a minute',
    lines: ['stt', 'llm', 'tts'].map((stage) => [
      perMinute('from, to', `kav_${stage}_fallbacks_total`),
      `${stage}: {{from}} → {{to}}`,
    ]),
  },
  {
    title: 'Faults of calls, a minute',
    about: 'By event; docs/operating.md says what to do about each.',
    lines: [[perMinute('event', `kav_call_events_total{event=~"${FAULTS}"}`), '{{event}}']],
  },
  {
    title: 'Lateness of the processes (99 %)',
    unit: 's',
    red: 0.05,
    lines: [['nodejs_eventloop_lag_p99_seconds', '{{instance}}']],
  },
  {
    title: 'Cores in use',
    about: 'A process has one for its calls.',
    red: 0.9,
    lines: [['rate(process_cpu_seconds_total[$__rate_interval])', '{{instance}}']],
  },
  { title: 'Memory', unit: 'bytes', lines: [['process_resident_memory_bytes', '{{instance}}']] },
  {
    title: 'Tokens a minute',
    about: 'As the model reports them.',
    lines: [
      [perMinute('', 'kav_llm_input_tokens_total'), 'input'],
      [perMinute('', 'kav_llm_output_tokens_total'), 'output'],
    ],
  },
  {
    title: 'Records and recordings that could not be written',
    about: 'In five minutes.',
    red: 1,
    lines: [
      ['call_files', 'records'],
      ['recordings', 'recordings'],
      ['call_journals', 'journals'],
    ].map(([what, name]) => [`sum(increase(kav_${what}_failed_total[5m])) or vector(0)`, name]),
  },
  {
    title: 'Error budgets burn',
    about:
      'In the last hour and in the last five minutes, by promise (`slo`). Above 1 a budget is used up before its time.',
    red: 14.4,
    lines: [
      [BURN, '{{pipeline}} {{slo}}'],
      [BURN_NOW, '{{pipeline}} {{slo}}, 5 min'],
    ],
  },
]
