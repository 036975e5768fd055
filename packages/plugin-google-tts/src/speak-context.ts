import type { AudioFormat, PluginContext } from '@kav/core'
import type { TextToSpeechClient } from '@google-cloud/text-to-speech'
import type { ConnectionPool, SdkConnection } from '@kav/google-cloud'
import type { ErrorPlace } from './grpc-errors.ts'
import type { ResolvedParams } from './params.ts'
import type { Voice } from './voice.ts'

/** Everything one piece of speech is made with. */
export interface SpeakContext {
  readonly params: ResolvedParams
  readonly context: PluginContext
  readonly pool: ConnectionPool<SdkConnection<TextToSpeechClient>>
  readonly voice: Voice
  readonly format: AudioFormat
  readonly signal: AbortSignal
  readonly callId: string
}

export function placeOf(speak: SpeakContext, doing: string): ErrorPlace {
  return {
    doing,
    region: speak.params.region,
    voice: speak.voice.name,
    language: speak.voice.languageCode,
  }
}
