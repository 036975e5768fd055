import type { OperatorAction, OperatorRefusal } from '../contracts/operator.ts'
import type { EventWriter } from './event-writer.ts'

/** Tells what operators do with the call: the audit. What is said and numbers are private, names of operators are not. */
export class OperatorTelemetry {
  readonly #events: EventWriter

  constructor(events: EventWriter) {
    this.#events = events
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

  refused(action: OperatorAction, by: string, why: OperatorRefusal): void {
    this.#events.emit('operator_refused', { action: action.type, by, why })
  }
}
