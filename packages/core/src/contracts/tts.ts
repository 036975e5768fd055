import type { AudioFormat } from './audio.ts'

/** When a word starts, counted from the first byte of its clause; of a reply in one stream, from that of the reply. */
export interface TtsWordTime {
  readonly word: string
  readonly startMs: number
}

export interface TtsUsage {
  readonly characters: number
}

export interface TtsRequest {
  readonly callId: string
  /** One clause or sentence, ready to be spoken. */
  readonly text: string
  /** One of the provider's `produces`. */
  readonly format: AudioFormat
  readonly language?: string
  /** Called as word times become known, where the provider has them; before the audio ends. */
  readonly onWord?: (time: TtsWordTime) => void
  /**
   * Called with the characters the provider counts for its bill, each time since the last, before the audio ends: what
   * comes later counts no more. Where it is not called with a figure, the core counts what it gave to be spoken.
   */
  readonly onUsage?: (usage: TtsUsage) => void
}

export interface TtsProvider {
  /** Formats `speak` can yield, best first. */
  readonly produces: readonly AudioFormat[]
  /** Names the voice for caches: equal keys and texts give equal audio. The same all the time. Absent: not cacheable. */
  readonly voiceKey?: string
  /**
   * It finds the words of numbers, money, dates and short forms by itself, and well: it is given them as they were
   * written. Absent: they are written out for it first, in English and Hebrew, unless the pipeline says otherwise.
   */
  readonly normalises?: boolean
  /**
   * Speech of one clause, whatever was spoken before it, chunks of any size as they come (an odd byte or a WAV header is the core's problem).
   * A chunk is valid until the next one is asked for. Throws a `ProviderError`. Once `signal` aborts, the
   * request ends at the provider and the iteration ends, silently or with `cancelled`.
   */
  speak(request: TtsRequest, signal: AbortSignal): AsyncIterable<Uint8Array>
  /**
   * For engines that keep one stream for a whole reply: clauses go in as they are written, audio comes out.
   * The core prefers it when present. Same rules as `speak`; `request.text` is empty. It speaks before the last clause
   * has come, and throws when the clauses do.
   */
  speakReply?(
    clauses: AsyncIterable<string>,
    request: TtsRequest,
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array>
  /** Opens connections ahead of the first clause; called once per call. Failure is not an error. */
  warm?(callId: string): Promise<void>
  close(): Promise<void>
}
