import { type Static, Type } from '@sinclair/typebox'
import { connectionParams } from '../connection.ts'
import { defaulted } from '@kav/core/kit'
import { hearingParams, serverVadParams } from '../realtime/turn-detection-params.ts'

export const sttParams = Type.Object(
  {
    ...connectionParams,
    mode: defaulted(
      Type.Union([Type.Literal('realtime'), Type.Literal('utterances'), Type.Literal('file')], {
        default: 'realtime',
        description:
          '`realtime`: a live session. `utterances`: one request each, cut at pauses here, for Whisper servers. `file`: no sessions at all, only single requests (a fallback).',
      }),
    ),
    model: defaulted(
      Type.String({
        minLength: 1,
        default: 'gpt-4o-transcribe',
        description:
          'gpt-4o-transcribe, gpt-4o-mini-transcribe, gpt-realtime-whisper, gpt-live-transcribe, whisper-1, …',
      }),
    ),
    file_model: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Model of single requests. Left out: `model`, or gpt-4o-transcribe where that is live only.',
      }),
    ),
    language: Type.Optional(
      Type.String({
        description: 'Spoken language, `he-IL` or `he`. Left out: the model guesses, slower and worse.',
      }),
    ),
    prompt: Type.Optional(
      Type.String({
        description:
          'Guides the model: names and words to expect. The first 1,000 characters of the pipeline’s hints are added.',
      }),
    ),
    turn_detection: defaulted(
      Type.Union(
        ['auto', 'server_vad', 'semantic_vad', 'none'].map((one) => Type.Literal(one)),
        {
          default: 'auto',
          description:
            'Who cuts the audio into segments. `none`: this plugin, at pauses. `auto`: `none` for live models (they refuse the rest), else `server_vad`.',
        },
      ),
    ),
    ...serverVadParams,
    silence_ms: defaulted(
      Type.Integer({
        minimum: 100,
        maximum: 10_000,
        default: 300,
        description:
          'Pause that closes a segment (`server_vad` and `none`). The turn itself is the core’s to end.',
      }),
    ),
    ...hearingParams,
    confidence: defaulted(
      Type.Boolean({
        default: false,
        description: 'Asks for log probabilities, from which confidence is made.',
      }),
    ),
    delay: Type.Optional(
      Type.Union(
        ['minimal', 'low', 'medium', 'high', 'xhigh'].map((one) => Type.Literal(one)),
        { description: 'How long live models wait before they write: less delay, less accuracy.' },
      ),
    ),
    max_session_ms: defaulted(
      Type.Integer({
        minimum: 60_000,
        maximum: 86_400_000,
        default: 3_300_000,
        description: 'Life of one session; the next one opens before it ends. OpenAI allows 60 minutes.',
      }),
    ),
    upload_encoding: defaulted(
      Type.Union([Type.Literal('linear16'), Type.Literal('mulaw')], {
        default: 'linear16',
        description:
          'How utterances are wrapped in WAV. mu-law is half the size, and not every server reads it.',
      }),
    ),
    upload_rate_hz: defaulted(
      Type.Union([Type.Literal(8_000), Type.Literal(16_000)], {
        default: 8_000,
        description:
          'Sample rate of uploaded utterances; 16000 for servers that read nothing else (whisper.cpp).',
      }),
    ),
    request_timeout_ms: defaulted(
      Type.Integer({
        minimum: 500,
        maximum: 120_000,
        default: 10_000,
        description: 'Limit of one file request.',
      }),
    ),
  },
  { additionalProperties: false },
)

export type SttParams = Static<typeof sttParams>
