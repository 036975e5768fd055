import type { OperatorAction, OperatorRefusal } from '../contracts/operator.ts'
import type { Metrics } from '../contracts/metrics.ts'
import { LineBudget } from '../kit/line-budget.ts'
import { CALL_EVENTS } from './call-events.ts'
import type { EventWriter } from './event-writer.ts'

interface Refusals {
  readonly action: OperatorAction['type']
  readonly why: OperatorRefusal
  readonly budget: LineBudget
  /** Whose the last was that was left out. */
  lastBy: string
}

/** Tells what operators do with the call: the audit. What is said and numbers are private, names of operators are not. */
export class OperatorTelemetry {
  readonly #events: EventWriter
  readonly #metrics: Metrics
  /** By what was refused, and why. Most calls have none. */
  #refusals: Map<string, Refusals> | undefined

  constructor(events: EventWriter, metrics: Metrics) {
    this.#events = events
    this.#metrics = metrics
  }

  acted(action: OperatorAction, by: string): void {
    switch (action.type) {
      case 'say':
        return this.#events.emit('operator_said', { by, at: action.at ?? 'turn' }, { text: action.text })
      case 'whisper':
        return this.#events.emit('operator_whispered', { by }, { text: action.text })
      case 'interrupt':
        return this.#events.emit('operator_interrupted', { by })
      case 'keys':
        return this.#events.emit('operator_pressed', { by }, { digits: action.digits })
      case 'transfer':
        return this.#events.emit('operator_transferred', { by }, { to: action.to })
      case 'hang-up':
        return this.#events.emit('operator_hung_up', { by })
      case 'mute':
        return this.#events.emit(action.on ? 'operator_muted' : 'operator_unmuted', { by })
      case 'listen':
        return this.#events.emit('operator_listens', { by })
    }
  }

  /**
   * A program that asks in a loop fills neither log nor record: of each kind of refusal a few at once are told, and then
   * one a second, with how many were left out.
   */
  refused({ type: action }: OperatorAction, by: string, why: OperatorRefusal): void {
    const refusals = this.#refusalsOf(action, why)
    if (refusals.budget.take(this.#events.nowMs()))
      return this.#tell(refusals, by, refusals.budget.takeLeftOut())
    refusals.lastBy = by
    this.#metrics.count('log_lines_left_out_total', 1, { line: CALL_EVENTS.operator_refused.message })
  }

  /** Before the call's end: of each kind the last, where it was left out, tells of those before it. */
  tellLeftOut(): void {
    for (const refusals of this.#refusals?.values() ?? []) {
      const leftOut = refusals.budget.takeLeftOut()
      if (leftOut > 0) this.#tell(refusals, refusals.lastBy, leftOut - 1)
    }
  }

  #tell({ action, why }: Refusals, by: string, leftOut: number): void {
    this.#events.emit('operator_refused', { action, by, why, ...(leftOut > 0 && { left_out: leftOut }) })
  }

  #refusalsOf(action: OperatorAction['type'], why: OperatorRefusal): Refusals {
    const kind = `${action} ${why}`
    this.#refusals ??= new Map()
    const known = this.#refusals.get(kind)
    if (known !== undefined) return known
    const refusals = { action, why, budget: new LineBudget(this.#events.nowMs()), lastBy: '' }
    this.#refusals.set(kind, refusals)
    return refusals
  }
}
