import type { ProviderError } from '../contracts/errors.ts'
import { faultKind, openForMs, STEADY_MS } from './breaker-times.ts'

/**
 * | state     | live requests                  | leaves it                                                      |
 * |-----------|--------------------------------|----------------------------------------------------------------|
 * | closed    | all                            | enough faults of a class in a row: open                        |
 * | open      | none, while others can answer  | its time is up and somebody tries: half-open; a success: closed |
 * | half-open | none, while others can answer  | the one who tries succeeds: closed, fails: open for twice as long, gives up: open, due at once |
 *
 * Who tries is a probe, or, where none is possible, one live request. A success closes it whoever had it: a
 * provider that is asked because no other is left proves itself, too.
 */
export type BreakerState = 'closed' | 'open' | 'half-open'

/** One request to the provider, and what came of it. `failed` may follow `succeeded`: it broke in mid-answer. */
export interface Trial {
  succeeded(): void
  failed(error: ProviderError): void
  /** Nobody waited for the outcome. Does nothing after another outcome. */
  abandoned(): void
}

export interface Breaker {
  readonly state: BreakerState
  /** What opened it; `undefined` while closed. */
  readonly fault: ProviderError | undefined
  /** When it may be tried again. `undefined` unless open. */
  readonly dueMs: number | undefined
  /** Times in a row that it opened without being steady in between. */
  readonly opened: number
  /** Open, and due: nobody tries yet. */
  readonly due: boolean
  /** A live request begins. With `liveTries` it is the one who tries, where that is due. */
  begin(): Trial
  /** A probe begins: the one who tries, where it is open. */
  probe(): Trial
}

export function createBreaker(parts: {
  nowMs: () => number
  liveTries: boolean
  onChange: (state: BreakerState) => void
}): Breaker {
  const { nowMs, onChange } = parts
  let state: BreakerState = 'closed'
  let fault: ProviderError | undefined
  let dueMs = 0
  let opened = 0
  let closedAtMs = -Infinity
  let faultsInRow = 0
  /** Counts closings: a fault of a request from before the last one says nothing of now. */
  let era = 0
  let trier: object | undefined

  const due = (): boolean => state === 'open' && nowMs() >= dueMs

  function enter(next: BreakerState): void {
    const changed = state !== next
    state = next
    if (changed) onChange(next)
  }

  function open(error: ProviderError, forMs: number): void {
    fault = error
    dueMs = nowMs() + forMs
    trier = undefined
    enter('open')
  }

  function close(): void {
    faultsInRow = 0
    if (state === 'closed') return
    fault = undefined
    trier = undefined
    closedAtMs = nowMs()
    era++
    enter('closed')
  }

  function fail(error: ProviderError, who: object, since: number): void {
    const kind = faultKind(error.class)
    if (state === 'closed' && kind && since === era && ++faultsInRow >= kind.faults) {
      opened = nowMs() - closedAtMs < STEADY_MS ? opened + 1 : 1
      open(error, openForMs(kind, opened))
    } else if (state === 'half-open' && who === trier) {
      if (kind) open(error, openForMs(kind, ++opened))
      else giveUp(who)
    } else if (state === 'open' && kind && since === era) {
      // Asked because no other was left: when it is tried next stays as it was.
      fault = error
    }
  }

  function giveUp(who: object): void {
    if (who === trier && fault) open(fault, 0)
  }

  function trial(tries: boolean): Trial {
    const who = {}
    if (tries) {
      trier = who
      enter('half-open')
    }
    let since = era
    return {
      succeeded() {
        close()
        since = era
      },
      failed: (error) => fail(error, who, since),
      abandoned: () => giveUp(who),
    }
  }

  return {
    get state() {
      return state
    },
    get fault() {
      return fault
    },
    get dueMs() {
      return state === 'open' ? dueMs : undefined
    },
    get opened() {
      return opened
    },
    get due() {
      return due()
    },
    begin: () => trial(parts.liveTries && due()),
    probe: () => trial(state === 'open'),
  }
}
