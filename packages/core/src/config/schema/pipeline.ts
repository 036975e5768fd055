import { Type, type Static } from '@sinclair/typebox'
import { BackgroundSchema } from './background.ts'
import { ComfortNoiseSchema } from './comfort-noise.ts'
import { ConversationSchema } from './conversation.ts'
import { CLOSED, phoneTarget } from './field.ts'
import { HooksSchema } from './hooks.ts'
import { KeepSchema } from './keep.ts'
import { LimitsSchema } from './limits.ts'
import { PricesSchema } from './prices.ts'
import { RxQueueSchema, TxQueueSchema } from './queues.ts'
import { RecordSchema, SpeechCacheSchema } from './record.ts'
import { RedactSchema } from './redact.ts'
import { SloSchema } from './slo.ts'
import {
  LanguageStagesSchema,
  LlmStageSchema,
  RealtimeStageSchema,
  StoreStageSchema,
  SttStageSchema,
  TransportStageSchema,
  TtsStageSchema,
  TurnStageSchema,
  VadStageSchema,
} from './stage.ts'
import { ToolsSchema } from './tools.ts'

/** The only statement of the pipeline file: types, defaults, checks, docs and editor help come from it. */
export const PipelineSchema = Type.Object(
  {
    version: Type.Literal(1, { description: 'Version of this format.' }),
    name: Type.String({
      description: 'Name of the pipeline in logs, metrics and file names.',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
      maxLength: 64,
    }),
    description: Type.Optional(Type.String({ description: 'For people.' })),
    numbers: Type.Optional(
      Type.Array(phoneTarget('A number as +15551234567 (in quotes), or a SIP address as sip:name@host.'), {
        description:
          'The called numbers that this pipeline answers; callers of others are refused. Pipelines of one service that share a transport are told apart by them.',
        minItems: 1,
        maxItems: 1000,
        uniqueItems: true,
      }),
    ),
    default: Type.Boolean({
      description: 'Whether this pipeline answers the numbers that no other of the service names.',
      default: false,
    }),
    transport: TransportStageSchema,
    'rx-queue': RxQueueSchema,
    // Which of these four stand together is the business of `stage-combinations.ts`.
    stt: Type.Optional(SttStageSchema),
    llm: Type.Optional(LlmStageSchema),
    tts: Type.Optional(TtsStageSchema),
    realtime: Type.Optional(RealtimeStageSchema),
    vad: Type.Optional(
      Type.Union([Type.Literal('off'), VadStageSchema], {
        description: 'Hears when the caller speaks. off: turns end by the words of STT alone.',
      }),
    ),
    turn: Type.Optional(TurnStageSchema),
    'tx-queue': TxQueueSchema,
    background: Type.Optional(BackgroundSchema),
    comfort_noise: Type.Optional(ComfortNoiseSchema),
    conversation: ConversationSchema,
    languages: Type.Record(
      Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$' }),
      LanguageStagesSchema,
      {
        description:
          'Languages the model may switch the call to, by BCP 47 tag; the tool `switch_language` is there when one is named.',
        additionalProperties: false,
        default: {},
      },
    ),
    tools: ToolsSchema,
    limits: LimitsSchema,
    hooks: HooksSchema,
    slo: Type.Optional(SloSchema),
    record: RecordSchema,
    store: Type.Optional(StoreStageSchema),
    keep: KeepSchema,
    prices: PricesSchema,
    redact: RedactSchema,
    'speech-cache': SpeechCacheSchema,
  },
  { ...CLOSED, description: 'One voice agent on the phone.' },
)

/**
 * A checked pipeline file with every default filled in and the environment substituted. It has either stt, llm and
 * tts, or realtime; their params are also the plugins' own.
 */
export type PipelineConfig = Static<typeof PipelineSchema>
