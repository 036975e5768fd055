import { ProviderError } from '../../contracts/errors.ts'
import type { Trial } from '../../providers/breaker.ts'
import { HEDGE_AFTER_MS } from '../../providers/hedged-opening.ts'
import { RANK } from '../../providers/provider-health.ts'
import { routeName, type SttRoute } from './stt-routes.ts'

export const TRIES_PER_ROUTE = 3
/** Tries on one route are this far apart. */
export const RETRY_DELAY_MS = 200

/** One opening of a session. */
export interface SttTry {
  readonly route: SttRoute
  /** Tries on this route so far, this one included. */
  readonly attempt: number
  readonly backOffMs: number
  /** Routes before this one that are known to be down, and are tried later. */
  readonly passedOver: readonly SttRoute[]
}

/** Where a call's search for a session stands, over all its searches. */
export interface RouteCursor {
  /** The next try, which is running from now on; `undefined`: no route is left. */
  take(): SttTry | undefined
  won(attempt: SttTry): void
  lost(attempt: SttTry, error: ProviderError, waitedMs: number): void
  /** Another try had opened first, or nobody wants it any more. */
  beaten(attempt: SttTry, waitedMs: number): void
  /** The session that was won last failed as if it had not opened: it died at once, or heard nothing. */
  failed(error: ProviderError): void
  /** That session proved good: the tries on its route count anew. */
  proved(): void
  /** Every route may be tried again. */
  restart(): void
  /** Nobody searches any more: what a session had still to prove stays open. */
  close(): void
}

interface RouteState {
  readonly route: SttRoute
  failures: number
  /** Tries that are pending. */
  running: number
  usedUp: boolean
}

/**
 * 3 tries on a route, then the next one. A fault that a retry cannot mend moves on at once (a key or a model may be
 * good in the next region only), and so does one that the caller had to wait for: no call waits twice for the same
 * dead route. Routes that the process knows to be down come last.
 */
export function createRouteCursor(routes: readonly SttRoute[]): RouteCursor {
  return new Cursor(routes)
}

/** A try that is pending. */
interface PendingTry {
  readonly attempt: SttTry
  readonly state: RouteState
  readonly trial: Trial
}

class Cursor implements RouteCursor {
  readonly #states: readonly RouteState[]
  #pending: readonly PendingTry[] = []
  /** Where the last session was won. */
  #current: RouteState | undefined
  /** That session opened, as it did when it was of no use: only words prove its route good. */
  #unproven: Trial | undefined

  constructor(routes: readonly SttRoute[]) {
    this.#states = routes.map((route) => ({ route, failures: 0, running: 0, usedUp: false }))
  }

  take(): SttTry | undefined {
    const state = nextOf(this.#states)
    if (!state) return undefined
    const { route, failures } = state
    const attempt = {
      route,
      attempt: failures + state.running + 1,
      backOffMs: failures > 0 ? RETRY_DELAY_MS : 0,
      passedOver: passedOver(this.#states, state),
    }
    state.running++
    this.#pending = [...this.#pending, { attempt, state, trial: route.health.begin() }]
    return attempt
  }

  won(attempt: SttTry): void {
    const found = this.#settle(attempt)
    if (!found) return
    this.close()
    this.#current = found.state
    if (found.trial.byUse) this.#unproven = found.trial
    else found.trial.succeeded()
  }

  lost(attempt: SttTry, error: ProviderError, waitedMs: number): void {
    const found = this.#settle(attempt)
    if (found) count(found.state, found.trial, error, waitedMs)
  }

  beaten(attempt: SttTry, waitedMs: number): void {
    const found = this.#settle(attempt)
    if (!found) return
    const { state, trial } = found
    // Outrun by its own second try, or not waited for long: that says nothing of the route.
    if (state === this.#current || waitedMs < HEDGE_AFTER_MS) trial.abandoned()
    else rule(state, trial, slowerThan(state.route, waitedMs))
  }

  failed(error: ProviderError): void {
    if (!this.#current) return
    count(this.#current, this.#unproven ?? this.#current.route.health.begin(), error, 0)
    this.#unproven = undefined
  }

  proved(): void {
    if (this.#current) this.#current.failures = 0
    this.#unproven?.succeeded()
    this.#unproven = undefined
  }

  close(): void {
    this.#unproven?.abandoned()
    this.#unproven = undefined
  }

  restart(): void {
    for (const state of this.#states) Object.assign(state, { failures: 0, usedUp: false })
  }

  #settle(attempt: SttTry): PendingTry | undefined {
    const found = this.#pending.find((one) => one.attempt === attempt)
    if (!found) return undefined
    this.#pending = this.#pending.filter((one) => one !== found)
    found.state.running--
    return found
  }
}

function count(state: RouteState, trial: Trial, error: ProviderError, waitedMs: number): void {
  state.failures++
  const hopeless = !error.retryable || waitedMs >= HEDGE_AFTER_MS || state.failures >= TRIES_PER_ROUTE
  if (hopeless) rule(state, trial, error)
  else trial.abandoned()
}

/** Out, until `restart`. */
function rule(state: RouteState, trial: Trial, error: ProviderError): void {
  state.failures = 0
  state.usedUp = true
  trial.failed(error)
}

/** The first that is well, and not pending already; else a second try on one that is. */
function nextOf(states: readonly RouteState[]): RouteState | undefined {
  const left = states.filter(({ usedUp }) => !usedUp)
  const idle = left.filter(({ running }) => running === 0)
  return (idle.length > 0 ? idle : left).reduce<RouteState | undefined>(
    (found, next) => (found && rankOf(found) <= rankOf(next) ? found : next),
    undefined,
  )
}

/** A route whose tries have begun is gone through with: what they did to its health does not count against it. */
function rankOf({ failures, route }: RouteState): number {
  return failures > 0 ? RANK.well : route.health.rank()
}

function passedOver(states: readonly RouteState[], chosen: RouteState): readonly SttRoute[] {
  const before = states.slice(0, states.indexOf(chosen))
  return before.filter((state) => !state.usedUp && state.running === 0).map(({ route }) => route)
}

function slowerThan(route: SttRoute, waitedMs: number): ProviderError {
  const message = `${routeName(route)}: not open after ${Math.round(waitedMs)} ms, when another was`
  return new ProviderError('timeout', message)
}
