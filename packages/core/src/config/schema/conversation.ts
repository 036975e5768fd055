import { Type } from '@sinclair/typebox'
import { CLOSED_WITH_DEFAULTS, oneOf } from './field.ts'

const BargeInSchema = Type.Object(
  {
    mode: oneOf(['speech', 'off'], {
      description: 'speech: the caller interrupts the agent by speaking. off: the agent always finishes.',
      default: 'speech',
    }),
    min_speech_ms: Type.Integer({
      description: 'Speech shorter than this does not interrupt.',
      minimum: 0,
      maximum: 5000,
      default: 200,
    }),
  },
  { ...CLOSED_WITH_DEFAULTS, description: 'How the caller may interrupt.' },
)

export const ConversationSchema = Type.Object(
  {
    greeting: Type.String({
      description: 'Spoken as soon as the call is connected. Empty: the caller speaks first.',
      default: '',
    }),
    system_prompt: Type.String({
      description: 'What the llm is told before the conversation.',
      default: '',
    }),
    language: Type.String({
      description: 'Language of the call as a BCP 47 tag, such as en-US or he-IL.',
      pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$',
      default: 'en-US',
    }),
    hints: Type.Array(Type.String({ minLength: 1 }), {
      description: "Phrases the recogniser should expect; they join the llm plugin's own.",
      maxItems: 5000,
      default: [],
    }),
    barge_in: BargeInSchema,
    fallback_line: Type.String({
      description: 'Spoken when the llm or the tts fails or misses its deadline.',
      minLength: 1,
      default: 'Sorry, something went wrong. Could you say that again?',
    }),
    first_token_timeout_ms: Type.Integer({
      description: 'How long the llm may take to its first token.',
      minimum: 100,
      maximum: 120_000,
      default: 8000,
    }),
    first_audio_timeout_ms: Type.Integer({
      description: 'How long the tts may take to its first audio.',
      minimum: 100,
      maximum: 120_000,
      default: 5000,
    }),
    max_call_ms: Type.Integer({
      description: 'A call is ended after this long.',
      minimum: 1000,
      maximum: 86_400_000,
      default: 3_600_000,
    }),
  },
  { ...CLOSED_WITH_DEFAULTS, description: 'What is said and when.' },
)
