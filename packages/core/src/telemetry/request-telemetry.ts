import type { Clock } from '../contracts/clock.ts'
import type { ProviderError } from '../contracts/errors.ts'
import { isUsage } from './amount.ts'
import type { EventWriter, Fields } from './event-writer.ts'

export type RequestKind = 'llm' | 'tts'

/** How the requests to one provider after the other are followed, for one answer or clause. */
export interface RequestWatch {
  asked(plugin: string): void
  begun(): void
  tokens(input: number, output: number): void
  /** `whole`: it came to its end. */
  over(error: ProviderError | undefined, whole: boolean): void
}

/** Tells of single requests of a call when they are over. */
export class RequestTelemetry {
  readonly #events: EventWriter
  readonly #clock: Clock

  constructor(events: EventWriter, clock: Clock) {
    this.#events = events
    this.#clock = clock
  }

  /** What is for no turn (a text that is prepared before any call) is not told. `more` stands in each event. */
  watch(kind: RequestKind, turn: number | undefined, more: Fields = {}): RequestWatch {
    let plugin: string | undefined
    let askedMs = 0
    let firstMs: number | undefined
    let usage: Fields = {}
    return {
      asked: (name) => {
        plugin = name
        askedMs = this.#nowMs()
        firstMs = undefined
        usage = {}
      },
      begun: () => {
        firstMs ??= this.#nowMs()
      },
      tokens: (input_tokens, output_tokens) => {
        usage = {
          ...(isUsage(input_tokens) && { input_tokens }),
          ...(isUsage(output_tokens) && { output_tokens }),
        }
      },
      over: (error, whole) => {
        // Nobody was asked: it was aborted before.
        if (plugin === undefined || turn === undefined) return
        const outcome = error ? 'failed' : whole ? 'answered' : 'cancelled'
        this.#events.emit(`${kind}_request`, {
          turn,
          plugin,
          ...more,
          asked_ms: askedMs,
          ...(firstMs !== undefined && { first_ms: firstMs }),
          outcome,
          ...(error && { code: error.code }),
          ...usage,
        })
        plugin = undefined
      },
    }
  }

  #nowMs(): number {
    return Math.max(0, Math.round(this.#events.atMs(this.#clock.nowMs())))
  }
}
