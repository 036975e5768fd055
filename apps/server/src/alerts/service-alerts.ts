import type { AlertRule } from './alert-rule.ts'

/**
 * Whether any was counted of late. A counter appears with the first it counts, and `increase` takes what a series
 * begins with for old: a series that was not there before counts by itself.
 */
function grew(counters: string, minutes: number, by: string): string {
  return `sum by (${by}) (increase(${counters}[${minutes}m])) > 0 or sum by (${by}) (${counters} unless ${counters} offset ${minutes}m) > 0`
}

const PROMISE = 'pipeline, slo'
/** 2 % of the budget of thirty days in an hour, as of the rules that `kav alerts` makes. */
const BURNS_NOW = 14.4

/** How many times as fast as it may a budget is used up, as the services themselves count it. */
function burnOver(window: string): string {
  const sum = (gauge: string): string => `sum by (${PROMISE}) (${gauge}{window="${window}"})`
  return `${sum('kav_slo_window_bad')} / (${sum('kav_slo_window_events')} > 0) / max by (${PROMISE}) (kav_slo_allowed > 0)`
}

/** Of any promise, where no rules are made of the pipelines' own. */
export const BUDGET_BURNS: AlertRule = {
  alert: 'KavBudgetBurns',
  expr: `${burnOver('1h')} > ${BURNS_NOW} and ${burnOver('5m')} > ${BURNS_NOW} and sum by (${PROMISE}) (kav_slo_window_bad{window="1h"}) > 2.5`,
  severity: 'page',
  summary: `A promise of slo is broken ${BURNS_NOW} times as fast as its budget allows`,
}

/** Alerts for any service of Kav. What to do about each: docs/operating.md. */
export const SERVICE_ALERTS: readonly AlertRule[] = [
  {
    alert: 'KavCallersHearGaps',
    expr: '(sum by (instance) (rate(kav_tx_underruns_total[5m]))) * 60 > 5',
    forMinutes: 5,
    severity: 'page',
    summary: 'More than 5 gaps a minute in what callers hear',
  },
  {
    alert: 'KavCallersAreNotHeard',
    expr: grew('kav_rx_queue_dropped_frames_total', 10, 'instance'),
    severity: 'page',
    summary: 'Frames of callers were lost before recognition',
  },
  {
    alert: 'KavSlowToAnswer',
    expr: 'histogram_quantile(0.95, sum by (le) (rate(kav_turn_latency_seconds_bucket{step="first_frame"}[10m]))) > 2',
    forMinutes: 10,
    severity: 'ticket',
    summary: "One answer in twenty begins later than 2 s after the caller's last word",
  },
  {
    alert: 'KavRecognitionOpensLate',
    expr: 'histogram_quantile(0.99, sum by (le, plugin) (rate(kav_stt_open_seconds_bucket[10m]))) > 3',
    forMinutes: 10,
    severity: 'ticket',
    summary: 'Recognition opens so late that first words are near to be lost',
  },
  {
    alert: 'KavProviderDown',
    expr: 'kav_provider_state == 2',
    forMinutes: 5,
    severity: 'page',
    summary: 'A provider has been down for five minutes',
  },
  {
    alert: 'KavStageFailed',
    expr: grew(
      'kav_call_events_total{event=~"stage_failed|transfer_failed|vad_failed|stt_recognize_per_utterance"}',
      15,
      'instance, event',
    ),
    severity: 'ticket',
    summary: 'Calls lost a stage, or a transfer failed',
  },
  {
    alert: 'KavProvidersFailOften',
    expr: 'sum by (instance) (rate(kav_call_events_total{event=~"llm_failed|tts_failed|stt_open_failed|stt_lost"}[10m])) * 60 > 3',
    forMinutes: 10,
    severity: 'ticket',
    summary: 'More than three faults of providers a minute',
  },
  {
    alert: 'KavErrorsOfItsOwn',
    expr: grew('kav_stray_errors_total{plugin="unknown"}', 15, 'instance'),
    severity: 'ticket',
    summary: 'Errors that nobody caught',
  },
  {
    alert: 'KavProcessIsLate',
    expr: 'nodejs_eventloop_lag_p99_seconds > 0.05',
    forMinutes: 5,
    severity: 'page',
    summary: 'The process is late: too many calls for its core',
  },
  {
    alert: 'KavRecordsAreLost',
    expr: `${grew('kav_call_files_failed_total', 15, 'instance')} or ${grew('kav_recordings_failed_total', 15, 'instance')}`,
    severity: 'ticket',
    summary: 'Records or recordings could not be written',
  },
  {
    alert: 'KavCallsGivenUp',
    expr: grew('kav_gave_up_total', 15, 'instance'),
    severity: 'page',
    summary: 'Calls were given up: turn after turn failed',
  },
  {
    alert: 'KavCallersRefused',
    expr: grew('kav_calls_refused_total{reason!="draining"}', 15, 'instance, reason'),
    severity: 'ticket',
    summary: 'Callers were refused: the process is full or late',
  },
  {
    alert: 'KavWorkersDie',
    expr: grew('kav_worker_exits_total', 15, 'instance, reason'),
    severity: 'page',
    summary: 'A worker ended unasked, and its calls with it',
  },
  {
    alert: 'KavFilesRefused',
    expr: grew('kav_reloads_total{outcome="refused"}', 15, 'instance'),
    severity: 'ticket',
    summary: 'Files were read anew and not taken: what runs is not what stands there',
  },
  BUDGET_BURNS,
]
