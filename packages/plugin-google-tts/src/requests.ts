import { ProviderError, type AudioFormat } from '@kav/core'
import type { protos } from '@google-cloud/text-to-speech'
import type { ResolvedParams } from './params.ts'
import { MAX_INPUT_BYTES, splitText } from './split-text.ts'
import { isChirpHd, type Voice } from './voice.ts'

type Opening = protos.google.cloud.texttospeech.v1.IStreamingSynthesizeRequest

/** Encodings by request: whole answers come with a WAV header for these, streams come bare (cloud_tts.proto). */
const UNARY_ENCODING = { mulaw: 'MULAW', alaw: 'ALAW', linear16: 'LINEAR16' } as const
const STREAM_ENCODING = { mulaw: 'MULAW', alaw: 'ALAW', linear16: 'PCM' } as const

/** One piece of a clause, as it goes to the provider. */
export interface Piece {
  readonly kind: 'text' | 'ssml' | 'markup'
  readonly content: string
}

/**
 * A clause in pieces the API takes. SSML cannot be cut: throws `bad-request` when it is over the limit.
 * Empty when there is nothing to pronounce.
 */
export function toPieces(clause: string, params: ResolvedParams): Piece[] {
  const text = clause.trim()
  if (params.input === 'auto' && /^<speak[\s>]/i.test(text)) {
    const bytes = Buffer.byteLength(text)
    if (bytes > MAX_INPUT_BYTES) {
      throw new ProviderError(
        'bad-request',
        `Google Text-to-Speech: SSML of ${bytes} bytes is over the limit of ${MAX_INPUT_BYTES} and cannot be cut`,
      )
    }
    return [{ kind: 'ssml', content: text }]
  }
  const kind = params.input === 'markup' ? 'markup' : 'text'
  return splitText(text).map((content) => ({ kind, content }))
}

function voiceSelection(voice: Voice): protos.google.cloud.texttospeech.v1.IVoiceSelectionParams {
  return {
    languageCode: voice.languageCode,
    ...(voice.name !== '' && { name: voice.name }),
    ...(voice.model !== '' && { modelName: voice.model }),
  }
}

export function unaryRequest(
  piece: Piece,
  voice: Voice,
  format: AudioFormat,
  params: ResolvedParams,
): protos.google.cloud.texttospeech.v1.ISynthesizeSpeechRequest {
  return {
    input: { [piece.kind]: piece.content },
    voice: voiceSelection(voice),
    audioConfig: {
      audioEncoding: UNARY_ENCODING[format.encoding],
      sampleRateHertz: format.sampleRateHz,
      speakingRate: params.speaking_rate,
      ...(!isChirpHd(voice.name) && { pitch: params.pitch }),
      volumeGainDb: params.volume_gain_db,
      effectsProfileId: params.effects_profile,
    },
  }
}

/** First message of a stream: voice and format, no text. */
export function streamOpening(voice: Voice, format: AudioFormat, params: ResolvedParams): Opening {
  return {
    streamingConfig: {
      voice: voiceSelection(voice),
      streamingAudioConfig: {
        audioEncoding: STREAM_ENCODING[format.encoding],
        sampleRateHertz: format.sampleRateHz,
        speakingRate: params.speaking_rate,
      },
    },
  }
}
