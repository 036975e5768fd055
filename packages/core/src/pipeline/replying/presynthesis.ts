import { type AudioFormat } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { asProviderError, bugStack } from '../../contracts/errors.ts'
import type { Logger } from '../../contracts/logger.ts'
import type { Metrics } from '../../contracts/metrics.ts'
import { warmSpokenForm } from '../../language/spoken-form/spoken-form.ts'
import { createCallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { SpeechCache } from './speech-cache.ts'
import type { CallSettings } from '../call-settings.ts'
import { createPronouncer } from './pronouncer.ts'
import { createVoiceSource, type NamedTts } from './voice-source.ts'

/**
 * Speaks the fixed texts of a pipeline into the cache before the first call, one after the other, so that a greeting
 * starts at once on every call. A text that cannot be spoken is told and left out: the call will try again.
 */
export async function presynthesize(
  texts: readonly string[],
  parts: {
    voices: readonly NamedTts[]
    format: AudioFormat
    firstAudioTimeoutMs: number
    /** How calls say these texts, and in which language. */
    speechText: CallSettings['conversation']['speechText']
    /** BCP 47. */
    spokenLanguage: string
    cache: SpeechCache
    clock: Clock
    log: Logger
    metrics: Metrics
    signal: AbortSignal
  },
): Promise<void> {
  // A speech-to-speech model says everything itself.
  if (parts.voices.length === 0) return
  await warmSpokenForm(parts.spokenLanguage)
  const voice = createVoiceSource({
    ...parts,
    voices: () => parts.voices,
    callId: 'presynthesis',
    language: () => undefined,
    pronouncer: createPronouncer(parts.speechText, () => parts.spokenLanguage),
    telemetry: createCallTelemetry(parts),
  })
  for (const text of new Set(texts)) {
    if (parts.signal.aborted) return
    try {
      // The audio goes to the cache; nobody listens.
      for await (const _audio of voice.speak(text, { fixed: true, signal: parts.signal }));
    } catch (thrown) {
      const error = asProviderError(thrown, 'tts')
      parts.log.warn(
        { code: error.code, ...bugStack(error), private: { error: error.message, text } },
        'TTS: a fixed text was not prepared',
      )
    }
  }
}
