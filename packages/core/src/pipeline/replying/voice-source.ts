import { createHash } from 'node:crypto'
import { type AudioFormat, formatName, sameFormat } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { asProviderError, ProviderError } from '../../contracts/errors.ts'
import type { TtsProvider, TtsRequest, TtsWordTime } from '../../contracts/tts.ts'
import { type Converter, createConverter } from '../../audio/convert.ts'
import { createWavStripper } from '../../audio/wav.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { timedIteration } from '../../kit/timed-iteration.ts'

export interface NamedTts {
  readonly plugin: string
  readonly provider: TtsProvider
}

/** Speech that is the same on every call, kept between calls and restarts. Bounded by whoever keeps it. */
export interface SpeechCache {
  get(key: string): Uint8Array | undefined
  put(key: string, audio: Uint8Array): void
}

/** The call's voice: whatever the providers produce comes out in the call's own format. */
export interface VoiceSource {
  /**
   * Speech of one clause in the call's format, chunks of any size. A chunk is lent until the next is asked for.
   * A provider that fails before its first audio is replaced by the next; throws the last `ProviderError`.
   */
  speak(text: string, options: SpeakOptions): AsyncIterable<Uint8Array>
  /** The call's first voice at this moment, if it takes a whole reply as one stream. */
  stream(): VoiceStream | undefined
}

/** One voice, in one language, that is given the clauses of a reply as they are written. */
export interface VoiceStream {
  /** False once the call has another voice or language: what comes then is not for this one. */
  readonly current: boolean
  /** As `VoiceSource.speak`, without another voice in reserve. Called once. */
  speak(clauses: AsyncIterable<string>, options: StreamOptions): AsyncIterable<Uint8Array>
}

export interface StreamOptions {
  readonly signal: AbortSignal
  readonly onWord?: (time: TtsWordTime) => void
  /** Resolves when no more clauses will come: only then is a voice that says nothing late. */
  readonly complete: Promise<void>
}

export interface SpeakOptions {
  readonly signal: AbortSignal
  readonly onWord?: (time: TtsWordTime) => void
  /** A text of the configuration: taken from the cache, and put there. */
  readonly fixed?: boolean
}

export function createVoiceSource(parts: {
  /** In the order they are tried; those of the call's language at this moment. */
  voices: () => readonly NamedTts[]
  callId: string
  format: AudioFormat
  /** `undefined`: the language the voices are configured for. */
  language: () => string | undefined
  /** For the first audio of each provider, and between chunks. */
  firstAudioTimeoutMs: number
  clock: Clock
  telemetry: CallTelemetry
  cache?: SpeechCache | undefined
}): VoiceSource {
  const { format, telemetry, cache } = parts

  /** `onVoice` is told which of the voices speaks, as it begins. */
  async function* synthesize(
    text: string,
    options: SpeakOptions,
    onVoice?: (index: number) => void,
  ): AsyncGenerator<Uint8Array> {
    const voices = parts.voices()
    for (const [index, voice] of voices.entries()) {
      let begun = false
      try {
        const speech = speakWith(voice.provider, options, (request, signal) =>
          voice.provider.speak({ ...request, text }, signal),
        )
        for await (const audio of speech) {
          if (!begun) onVoice?.(index)
          begun = true
          yield audio
        }
        if (begun || options.signal.aborted) return
        throw new ProviderError('bad-data', 'no audio for a clause')
      } catch (thrown) {
        const error = asProviderError(thrown, voice.plugin)
        const next = voices[index + 1]
        if (options.signal.aborted || begun || !next) throw error
        telemetry.ttsFellBack({ from: voice.plugin, to: next.plugin, error })
      }
    }
  }

  async function* speakWith(
    tts: TtsProvider,
    options: Omit<StreamOptions, 'complete'>,
    ask: (request: TtsRequest, signal: AbortSignal) => AsyncIterable<Uint8Array>,
    idleFrom?: Promise<void>,
  ): AsyncGenerator<Uint8Array> {
    const produced = tts.produces.find((candidate) => sameFormat(candidate, format)) ?? tts.produces[0]
    if (!produced) throw new ProviderError('bad-request', 'produces no audio format')
    const language = parts.language()
    const request = {
      callId: parts.callId,
      text: '',
      format: produced,
      ...(language === undefined ? {} : { language }),
      ...(options.onWord ? { onWord: options.onWord } : {}),
    }
    const limitMs = parts.firstAudioTimeoutMs
    const limits = {
      clock: parts.clock,
      firstMs: limitMs,
      idleMs: limitMs,
      what: 'tts',
      signal: options.signal,
      ...(idleFrom && { idleFrom }),
    }
    const stripper = createWavStripper()
    let converter: Converter | undefined
    const abort = new AbortController()
    const onAbort = (): void => abort.abort()
    if (options.signal.aborted) onAbort()
    options.signal.addEventListener('abort', onAbort, { once: true })
    let finished = false
    try {
      for await (const chunk of timedIteration(ask(request, abort.signal), limits)) {
        const audio = stripper.strip(chunk)
        if (audio.length === 0) continue
        // The header knows better than the agreement what follows it.
        converter ??= createConverter(stripper.declared ?? produced, format)
        const converted = converter.convert(audio)
        if (converted.length > 0) yield converted
      }
      finished = true
    } finally {
      options.signal.removeEventListener('abort', onAbort)
      // A request that missed its deadline is still open at the provider.
      if (!finished) abort.abort()
    }
    const rest = stripper.flush()
    converter ??= createConverter(produced, format)
    if (rest.length > 0) yield converter.convert(rest)
    const tail = converter.flush()
    if (tail.length > 0) yield tail
  }

  /** Plays from the cache, or fills it once the whole clause is there. */
  async function* speakFixed(key: string, text: string, options: SpeakOptions): AsyncGenerator<Uint8Array> {
    const known = cache?.get(key)
    if (known) {
      telemetry.speechCached(true)
      yield known
      return
    }
    telemetry.speechCached(false)
    const kept: Uint8Array[] = []
    let spokenBy = 0
    for await (const audio of synthesize(text, options, (index) => (spokenBy = index))) {
      kept.push(Uint8Array.from(audio))
      yield audio
    }
    // What another voice had to say is not this voice's.
    if (!options.signal.aborted && spokenBy === 0) cache?.put(key, Buffer.concat(kept))
  }

  return {
    speak(text, options) {
      const voiceKey = parts.voices()[0]?.provider.voiceKey
      if (!options.fixed || !cache || voiceKey === undefined) return synthesize(text, options)
      return speakFixed(speechKey(voiceKey, format, parts.language(), text), text, options)
    },
    stream() {
      const provider = parts.voices()[0]?.provider
      if (!provider?.speakReply) return undefined
      const language = parts.language()
      return {
        get current() {
          return parts.voices()[0]?.provider === provider && parts.language() === language
        },
        speak: (clauses, options) =>
          speakWith(
            provider,
            options,
            (request, signal) => provider.speakReply!(clauses, request, signal),
            options.complete,
          ),
      }
    },
  }
}

/** Equal voices, formats, languages and texts give equal audio. */
export function speechKey(
  voiceKey: string,
  format: AudioFormat,
  language: string | undefined,
  text: string,
): string {
  const facts = JSON.stringify([voiceKey, formatName(format), language ?? '', text])
  return createHash('sha256').update(facts).digest('hex')
}
