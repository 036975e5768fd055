import type { ProviderError } from '../contracts/errors.ts'
import { DEAF, faultKind, openForMs, STEADY_MS } from './breaker-times.ts'

/**
 * | state     | live requests                  | leaves it                                                      |
 * |-----------|--------------------------------|----------------------------------------------------------------|
 * | closed    | all                            | enough faults of a class in a row: open                        |
 * | open      | none, while others can answer  | its time is up and somebody tries: half-open; a success: closed |
 * | half-open | none, while others can answer  | the one who tries succeeds: closed, fails: open for twice as long, gives up: open, due at once |
 *
 * Who tries is a probe, or, where none is possible, one live request. A success closes it whoever had it: a
 * provider that is asked because no other is left proves itself, too. Only where it broke in mid-answer the beginning of
 * one that it was asked for before says nothing: that it begins was never in doubt. One that begins and is of no use
 * (`condemned`) is tried by one live request, and proves itself by its use alone.
 */
export type BreakerState = 'closed' | 'open' | 'half-open'

/** One request to the provider, and what came of it. `failed` may follow `succeeded`: it broke in mid-answer. */
export interface Trial {
  /** That it begins proves nothing: `succeeded` waits for what shows its use. */
  readonly byUse: boolean
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
  /** What opened it shows in use alone: no probe can find it well. */
  readonly condemned: boolean
  /** A live request begins. With `liveTries` it is the one who tries, where that is due. */
  begin(): Trial
  /** A probe begins: the one who tries, where it is open. */
  probe(): Trial
  /** It answers, and is of no use. */
  condemn(error: ProviderError): void
}

export interface BreakerParts {
  readonly nowMs: () => number
  readonly liveTries: boolean
  readonly onChange: (state: BreakerState) => void
}

export function createBreaker(parts: BreakerParts): Breaker {
  return new StateMachine(parts)
}

class StateMachine implements Breaker {
  state: BreakerState = 'closed'
  fault: ProviderError | undefined
  opened = 0
  condemned = false
  readonly #parts: BreakerParts
  #dueMs = 0
  #closedAtMs = -Infinity
  #faultsInRow = 0
  /** Counts closings: a fault of a request from before the last one says nothing of now. */
  #era = 0
  /** Counts openings. */
  #openings = 0
  /** What opened it came after a success of the same request. */
  #brokeLater = false
  #trier: object | undefined
  /** Times in a row that it was condemned without proving itself in between. */
  #condemnations = 0

  constructor(parts: BreakerParts) {
    this.#parts = parts
  }

  get dueMs(): number | undefined {
    return this.state === 'open' ? this.#dueMs : undefined
  }

  get due(): boolean {
    return this.state === 'open' && this.#parts.nowMs() >= this.#dueMs
  }

  begin(): Trial {
    return this.#trial((this.#parts.liveTries || this.condemned) && this.due)
  }

  probe(): Trial {
    return this.#trial(this.state === 'open' && !this.condemned)
  }

  condemn(error: ProviderError): void {
    // Nobody has tried it since.
    if (this.condemned && this.state === 'open') return
    this.condemned = true
    this.#open(error, openForMs(DEAF, ++this.#condemnations))
  }

  #trial(tries: boolean): Trial {
    const who = {}
    if (tries) {
      this.#trier = who
      this.#enter('half-open')
    }
    const openings = this.#openings
    let since = this.#era
    let begun = false
    return {
      byUse: tries && this.condemned,
      succeeded: () => {
        begun = true
        if (this.condemned ? who !== this.#trier : this.#brokeLater && openings < this.#openings) return
        this.#close()
        since = this.#era
      },
      failed: (error) => {
        const { state } = this
        this.#fail(error, who, since)
        if (state === 'closed' && this.state === 'open') this.#brokeLater = begun
      },
      abandoned: () => this.#giveUp(who),
    }
  }

  #enter(next: BreakerState): void {
    const changed = this.state !== next
    this.state = next
    if (changed) this.#parts.onChange(next)
  }

  #open(error: ProviderError, forMs: number): void {
    this.fault = error
    this.#dueMs = this.#parts.nowMs() + forMs
    this.#trier = undefined
    if (this.state === 'closed') this.#openings++
    this.#enter('open')
  }

  #close(): void {
    this.#faultsInRow = 0
    if (this.state === 'closed') return
    this.fault = undefined
    this.condemned = false
    this.#condemnations = 0
    this.#trier = undefined
    this.#closedAtMs = this.#parts.nowMs()
    this.#era++
    this.#enter('closed')
  }

  #fail(error: ProviderError, who: object, since: number): void {
    const kind = faultKind(error.class)
    if (this.state === 'closed' && kind && since === this.#era && ++this.#faultsInRow >= kind.faults) {
      this.opened = this.#parts.nowMs() - this.#closedAtMs < STEADY_MS ? this.opened + 1 : 1
      this.#open(error, openForMs(kind, this.opened))
    } else if (this.state === 'half-open' && who === this.#trier) {
      if (!kind) this.#giveUp(who)
      else if (this.condemned) this.condemn(error)
      else this.#open(error, openForMs(kind, ++this.opened))
    } else if (this.state === 'open' && kind && since === this.#era) {
      // Asked because no other was left: when it is tried next stays as it was.
      this.fault = error
    }
  }

  #giveUp(who: object): void {
    if (who === this.#trier && this.fault) this.#open(this.fault, 0)
  }
}
