import type { Clock } from '../contracts/clock.ts'
import { asProviderError, bugStack, ProviderError } from '../contracts/errors.ts'
import type { Logger } from '../contracts/logger.ts'
import type { Metrics } from '../contracts/metrics.ts'
import { attempt } from '../kit/attempt.ts'
import { withDeadline } from '../kit/deadline.ts'
import { type Breaker, type BreakerState, createBreaker, type Trial } from './breaker.ts'

/** Which provider of a pipeline: what events, metrics and log lines name. */
export interface ProviderLabels {
  readonly kind: 'stt' | 'llm' | 'tts' | 'realtime'
  /** The instance, `openai-llm` or `openai-llm#2`. */
  readonly provider: string
  /** Empty where the provider has none. */
  readonly region: string
}

/**
 * Asks the provider for the least that proves it well; rejects where it is not. Costs next to nothing, and ends when
 * `signal` aborts.
 */
export interface Probe {
  readonly limitMs: number
  run(signal: AbortSignal): Promise<void>
}

/** How a health is asked whether its provider should be tried before others. Less is better. */
export const RANK = { well: 0, failing: 1, hanging: 2 } as const
export type Rank = (typeof RANK)[keyof typeof RANK]

/** What the process knows of one provider (in one region), shared by all its calls. */
export interface ProviderHealth {
  readonly labels: ProviderLabels
  state(): BreakerState
  /** What opened it, while it is not closed. */
  fault(): ProviderError | undefined
  /** Open, and a probe has found it so since, or what a probe could not tell is known. */
  confirmed(): boolean
  rank(): Rank
  /** A request of a call begins. */
  begin(): Trial
  /** It answers, and is of no use: probes, which hear that it answers, say nothing until a call has found it of use. */
  condemn(error: ProviderError): void
  /** No more probes. Calls may go on. */
  close(): void
}

export interface HealthParts {
  readonly clock: Clock
  readonly metrics: Metrics
  readonly log: Logger
}

const GAUGE: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 }

/** Without a probe, one live request tries in its place once the provider is due. */
export function createProviderHealth(
  labels: ProviderLabels,
  parts: HealthParts,
  probe?: Probe,
): ProviderHealth {
  const { clock, metrics } = parts
  const breaker = createBreaker({ nowMs: () => clock.nowMs(), liveTries: !probe, onChange })
  const prober = probe && createProber(breaker, probe, labels, parts)
  metrics.gauge('provider_state', GAUGE.closed, { ...labels })

  function onChange(state: BreakerState): void {
    metrics.gauge('provider_state', GAUGE[state], { ...labels })
    metrics.count('provider_transitions_total', 1, { ...labels, to: state })
    tell(state)
    prober?.stateChanged(state)
  }

  function tell(state: BreakerState): void {
    const { fault } = breaker
    if (state === 'closed') parts.log.info({ ...labels }, 'PROVIDER: well again')
    else if (state === 'open' && fault) {
      const nextMs = Math.round((breaker.dueMs ?? 0) - clock.nowMs())
      const about = { ...labels, code: fault.code, ...bugStack(fault) }
      const facts = { ...about, next_ms: nextMs, private: { error: fault.message } }
      parts.log.warn(facts, 'PROVIDER: down, tried last until it is found well')
    }
  }

  return {
    labels,
    state() {
      return breaker.state
    },
    fault() {
      return breaker.fault
    },
    confirmed() {
      return breaker.state !== 'closed' && (breaker.condemned || breaker.opened > 1)
    },
    rank() {
      if (breaker.state === 'closed' || ((!probe || breaker.condemned) && breaker.due)) return RANK.well
      return breaker.fault?.class === 'timeout' ? RANK.hanging : RANK.failing
    },
    begin: () => breaker.begin(),
    condemn(error) {
      const known = breaker.state === 'open' && !breaker.condemned
      breaker.condemn(error)
      prober?.stop()
      if (known) tell('open')
    },
    close: () => prober?.close(),
  }
}

/** Tries an open provider when its time is up, off any call's path. No timer runs while it is closed. */
function createProber(breaker: Breaker, probe: Probe, labels: ProviderLabels, parts: HealthParts) {
  const { clock, metrics } = parts
  let cancel = (): void => undefined
  let running: AbortController | undefined
  let closed = false

  async function run(): Promise<void> {
    const abort = new AbortController()
    running = abort
    const trial = breaker.probe()
    const { signal } = abort
    try {
      const asked = attempt(() => probe.run(signal))
      await withDeadline(clock, probe.limitMs, `${labels.provider}: probe`, asked, signal)
      count('well')
      trial.succeeded()
    } catch (thrown) {
      // A call found it well meanwhile, or the process ends.
      if (signal.aborted) return
      const error = asProviderError(thrown, `${labels.provider}: probe`)
      count(error.class)
      trial.failed(error.class === 'cancelled' ? new ProviderError('network', error.message) : error)
    } finally {
      if (running === abort) running = undefined
      abort.abort()
    }
  }

  function count(outcome: string): void {
    metrics.count('provider_probes_total', 1, { kind: labels.kind, provider: labels.provider, outcome })
  }

  function stop(): void {
    cancel()
    running?.abort()
  }

  return {
    stop,
    stateChanged(state: BreakerState): void {
      if (state === 'half-open' || closed) return
      cancel()
      if (state === 'open' && !breaker.condemned)
        cancel = clock.after((breaker.dueMs ?? 0) - clock.nowMs(), () => void run())
      else running?.abort()
    },
    close() {
      closed = true
      stop()
    },
  }
}
