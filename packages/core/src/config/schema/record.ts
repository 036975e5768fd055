import { Type } from '@sinclair/typebox'
import { CLOSED_WITH_DEFAULTS, oneOf } from './field.ts'
import { UploadSchema } from './upload.ts'

export const RecordSchema = Type.Object(
  {
    dir: Type.String({
      description: 'Where the files of each call go. Relative to the directory the process runs in.',
      minLength: 1,
      default: 'recordings',
    }),
    transcript: Type.Boolean({ description: 'Write what both sides said, with times.', default: true }),
    audio: Type.Boolean({
      description: 'Write a stereo WAV: caller left, agent right.',
      default: false,
    }),
    format: oneOf(['pcm16', 'mulaw'], {
      description:
        'How the WAV is written, at the sample rate of the call: pcm16 is read by every tool, mulaw takes half the space.',
      default: 'pcm16',
    }),
    call_record: Type.Boolean({
      description: 'Write the facts and figures of the call as JSON.',
      default: true,
    }),
    upload: Type.Optional(UploadSchema),
  },
  { ...CLOSED_WITH_DEFAULTS, description: 'What is kept of each call.' },
)

export const SpeechCacheSchema = Type.Object(
  {
    dir: Type.String({
      description:
        'Where speech that is the same on every call is kept. Relative to the directory the process runs in.',
      minLength: 1,
      default: '.cache/speech',
    }),
    max_mb: Type.Integer({
      description:
        'How much is kept; the least recently used goes first. A minute of mu-law takes half a megabyte.',
      minimum: 1,
      maximum: 10_000,
      default: 32,
    }),
  },
  {
    ...CLOSED_WITH_DEFAULTS,
    description: 'Greeting, prompts and other fixed texts, spoken ahead of the calls.',
  },
)
