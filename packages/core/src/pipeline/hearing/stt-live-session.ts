import { type AudioFormat, durationMs } from '../../contracts/audio.ts'
import { asProviderError, type ProviderError } from '../../contracts/errors.ts'
import { isFigure } from '../../contracts/field-faults.ts'
import type { SttSession } from '../../contracts/stt.ts'
import { type Converter, createConverter } from '../../audio/convert.ts'
import { catchPromised } from '../../kit/promised-nothing.ts'
import type { SttSink } from './rx-worker.ts'
import type { SttRoute } from './stt-routes.ts'
import type { ToldAgain } from './doubtful-words.ts'
import { ToldFinals } from './told-finals.ts'

/** One open session and what the link knows of it. As a sink it takes the call's own format. */
export interface LiveSession extends SttSink {
  readonly session: SttSession
  readonly route: SttRoute
  readonly language: string | undefined
  /** Position in the call's audio of the first byte written to it. */
  base: number
  /** Position after the last byte it will get, once a successor took over. */
  limit: number
  /** What it hears behind this its successor hears, too. */
  answersTo: number
  /** Up to this position it hears faster than the caller speaks. */
  hasteTo: number
  openedAtMs: number
  /** When the provider last said anything; `openedAtMs` until then. */
  heardFromMs: number
  /** Words are owed: a partial stands that no final has closed yet, or voice was left unanswered at its replacement. */
  wordsPending: boolean
  /** With times. */
  readonly told: ToldFinals
  /** What it says first may have been told before: it hears again what another heard. */
  again: ToldAgain | undefined
  /** A successor is opening. */
  rotating: boolean
  /** It has said that it will close, and is replaced in time. */
  closing: boolean
  /** No event of it counts any more. */
  retired: boolean
  readonly finished: boolean
  /** It ended by an error, or threw where the contract says it never does. */
  failure: ProviderError | undefined
  /** It threw in the middle of the RX worker's work: it is lost, but not there and then. */
  onFailure: () => void
  /** Resolves when its events have ended. */
  readonly ended: Promise<void>
  over(): void
  /** The provider counts so much more audio. `false`: that is no figure, and it has counted nothing. */
  billed(audioMs: number): boolean
  /** Audio it was given, as the provider counts it, else as it was written. */
  readonly usage: { readonly audioMs: number; readonly countedBy: 'provider' | 'core' }
  close(): Promise<void>
}

export function createLiveSession(
  session: SttSession,
  route: SttRoute,
  language: string | undefined,
  callFormat: AudioFormat,
): LiveSession {
  return new Live(session, route, language, createConverter(callFormat, route.format))
}

/** A class: it is written to 25 times a second. */
class Live implements LiveSession {
  readonly session: SttSession
  failure: ProviderError | undefined = undefined
  readonly #converter: Converter
  finished = false
  readonly route: SttRoute
  readonly language: string | undefined
  base = 0
  limit = Infinity
  answersTo = Infinity
  hasteTo = 0
  openedAtMs = 0
  heardFromMs = 0
  wordsPending = false
  readonly told = new ToldFinals()
  again: ToldAgain | undefined = undefined
  rotating = false
  closing = false
  retired = false
  onFailure = (): void => undefined
  #writtenBytes = 0
  #billedMs: number | undefined
  #over = (): void => undefined
  readonly ended = new Promise<void>((resolve) => (this.#over = resolve))

  constructor(session: SttSession, route: SttRoute, language: string | undefined, converter: Converter) {
    this.session = session
    this.route = route
    this.language = language
    this.#converter = converter
  }

  write(audio: Uint8Array): void {
    if (this.failure) return
    const converted = this.#converter.convert(audio)
    if (converted.length === 0) return
    this.#writtenBytes += converted.length
    try {
      this.#call('write', this.session.write(converted))
    } catch (thrown) {
      this.#failed('write', thrown)
    }
  }

  finish(): void {
    if (this.finished) return
    this.finished = true
    const tail = this.#converter.flush()
    if (this.failure) return
    this.#writtenBytes += tail.length
    try {
      if (tail.length > 0) this.#call('write', this.session.write(tail))
      this.#call('finish', this.session.finish())
    } catch (thrown) {
      this.#failed('finish', thrown)
    }
  }

  over(): void {
    this.#over()
  }

  billed(audioMs: number): boolean {
    if (!isFigure(audioMs)) return false
    this.#billedMs = (this.#billedMs ?? 0) + audioMs
    return true
  }

  get usage(): LiveSession['usage'] {
    if (this.#billedMs !== undefined) return { audioMs: this.#billedMs, countedBy: 'provider' }
    return { audioMs: durationMs(this.route.format, this.#writtenBytes), countedBy: 'core' }
  }

  async close(): Promise<void> {
    return this.session.close()
  }

  #call(doing: string, given: unknown): void {
    if (given !== undefined) catchPromised(given, (thrown) => this.#failed(doing, thrown))
  }

  #failed(doing: string, thrown: unknown): void {
    this.failure ??= asProviderError(thrown, `${this.route.plugin}: ${doing}`)
    this.onFailure()
  }
}
