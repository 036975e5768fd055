import { type AudioFormat, bytesPerSecond } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import type { SttSessionOptions } from '../../contracts/stt.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { SttSink } from './rx-worker.ts'
import type { CallerAudioMemory } from './caller-audio.ts'
import { recognizeUtterance } from './recognize-utterance.ts'
import type { NamedStt } from './stt-routes.ts'

/**
 * Hears for the call while no session will open: the VAD cuts utterances, each goes to `recognize()` in one request,
 * off the media path and one at a time, so that texts come in the order they were spoken.
 */
export interface UtteranceRecognizer {
  /** Whether any provider has `recognize`. */
  possible(): boolean
  /** Takes the audio; it stays in the ring until its words are known. */
  readonly sink: SttSink
  /** `unansweredVoice`: voice was heard before this began, and is among what the RX worker will now bring. */
  start(state: { voiceActive: boolean; unansweredVoice: boolean }): void
  stop(): void
  voiceStarted(): void
  voiceStopped(): void
  /** Whether there are words in the audio since `position`; `undefined` where no provider can tell. */
  wordsSince(position: number): Promise<boolean> | undefined
  /** Nothing more will come: what is being said ends here. */
  end(): void
  /** Resolves when no request is running. */
  idle(): Promise<void>
}

/** Audio taken along from before the VAD's onset. */
const PREROLL_MS = 400
/** At the start the audio lags behind the VAD: the RX worker first has to bring it. */
const BACKLOG_MS = 1500

export interface UtteranceRecognizerParts {
  readonly providers: () => readonly NamedStt[]
  readonly format: AudioFormat
  readonly options: () => Omit<SttSessionOptions, 'region' | 'format'>
  readonly memory: CallerAudioMemory
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  /** Of a stretch of the caller's audio. */
  readonly onText: (text: string, from: number, to: number) => void
}

export function createUtteranceRecognizer(parts: UtteranceRecognizerParts): UtteranceRecognizer {
  return new Recognizer(parts)
}

/** It stays in the ring until its words are known. */
const NOWHERE: SttSink = { write: () => undefined, finish: () => undefined }

class Recognizer implements UtteranceRecognizer {
  readonly sink = NOWHERE
  readonly #parts: UtteranceRecognizerParts
  #active = false
  /** Goes up with every session that takes over: what was asked before that counts no more. */
  #era = 0
  #startPosition: number | undefined
  /** The last utterance, for which no answer came. */
  #unheardFrom: number | undefined
  #backlogUntilMs = 0
  #cancelCut: (() => void) | undefined
  /** The requests so far, one behind the other; `undefined`: there were none. */
  #chain: Promise<void> | undefined

  constructor(parts: UtteranceRecognizerParts) {
    this.#parts = parts
  }

  possible(): boolean {
    return this.#able().length > 0
  }

  start({ voiceActive, unansweredVoice }: { voiceActive: boolean; unansweredVoice: boolean }): void {
    const { clock, memory } = this.#parts
    this.#active = true
    this.#chain = undefined
    this.#backlogUntilMs = clock.nowMs() + BACKLOG_MS
    this.#startPosition = voiceActive || unansweredVoice ? memory.acknowledged : undefined
    if (unansweredVoice && !voiceActive) this.#cutAfterBacklog()
  }

  stop(): void {
    this.#active = false
    this.#era++
    this.#startPosition = undefined
    this.#unheardFrom = undefined
    this.#keepOpen()
  }

  voiceStarted(): void {
    if (!this.#active) return
    const { memory, format } = this.#parts
    this.#keepOpen()
    const prerollBytes = (bytesPerSecond(format) * PREROLL_MS) / 1000
    this.#startPosition ??= Math.max(memory.acknowledged, memory.end - prerollBytes)
  }

  voiceStopped(): void {
    if (this.#parts.clock.nowMs() < this.#backlogUntilMs) this.#cutAfterBacklog()
    else this.#cut()
  }

  end(): void {
    this.#keepOpen()
    this.#cut()
  }

  wordsSince(position: number): Promise<boolean> | undefined {
    if (!this.possible()) return undefined
    return this.#recognize(position, this.#parts.memory.end).then(
      (text) => text !== undefined && text.trim() !== '',
    )
  }

  idle(): Promise<void> {
    return this.#chain ?? Promise.resolve()
  }

  #able(): readonly NamedStt[] {
    return this.#parts.providers().filter(({ provider }) => provider.recognize)
  }

  #recognize(from: number, to: number): Promise<string | undefined> {
    return recognizeUtterance({
      ...this.#parts,
      options: this.#parts.options(),
      providers: this.#able(),
      audio: this.#parts.memory.slice(from, to),
    })
  }

  /** A session may have heard it meanwhile, although none hears now. */
  async #tell(from: number, to: number, since: number): Promise<void> {
    if (since !== this.#era) return
    const start = Math.max(this.#unheardFrom ?? from, this.#parts.memory.acknowledged)
    const text = await this.#recognize(start, to)
    if (since !== this.#era) return
    // Asked once more with the next, not for ever: it may be what nobody can recognise.
    this.#unheardFrom = text === undefined ? from : undefined
    if (text !== undefined && text.trim() !== '') this.#parts.onText(text, start, to)
  }

  readonly #cut = (): void => {
    if (!this.#active || this.#startPosition === undefined) return
    const from = this.#startPosition
    const to = this.#parts.memory.end
    this.#startPosition = undefined
    const since = this.#era
    if (to > from) this.#chain = this.idle().then(() => this.#tell(from, to, since))
  }

  #cutAfterBacklog(): void {
    this.#keepOpen()
    const { clock } = this.#parts
    if (this.#active) this.#cancelCut = clock.after(this.#backlogUntilMs - clock.nowMs(), this.#cut)
  }

  #keepOpen(): void {
    this.#cancelCut?.()
    this.#cancelCut = undefined
  }
}
