import { Type, type Static } from '@sinclair/typebox'
import { ConversationSchema } from '../../config/schema/conversation.ts'
import { TxQueueSchema } from '../../config/schema/queues.ts'
import { CoreSttParamsSchema } from '../../config/schema/stage.ts'
import { ToolsSchema } from '../../config/schema/tools.ts'
import { overlaySchema } from './overlay-schema.ts'
import { StepSchema } from './step-schema.ts'

const CLOSED = { additionalProperties: false } as const
const ms = (description: string) => Type.Integer({ description, minimum: 0, maximum: 3_600_000 })
const text = (description: string) => Type.String({ description })

const Reply = Type.Union([
  text('What the model answers.'),
  Type.Object(
    {
      text: Type.Optional(text('What the model answers.')),
      first_token_ms: Type.Optional(ms('How long it thinks.')),
      token_ms: Type.Optional(ms('Between tokens.')),
      tool: Type.Optional(text('A tool it calls after its words.')),
      arguments: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Of the tool.' })),
      fails: Type.Optional(Type.Boolean({ description: 'The request fails after the text.' })),
      stalls: Type.Optional(Type.Boolean({ description: 'After the text nothing more comes, ever.' })),
    },
    { ...CLOSED, description: 'One answer of the model.' },
  ),
])

const ToolAnswer = Type.Union([
  text('What the tool answers.'),
  Type.Object(
    {
      text: Type.Optional(text('What the tool answers.')),
      after_ms: Type.Optional(ms('How long it takes.')),
      fails: Type.Optional(text('It fails, and this is why.')),
    },
    { ...CLOSED, description: 'How one tool answers.' },
  ),
])

const Voice = Type.Object(
  {
    ms_per_character: Type.Optional(ms('How fast the voice speaks. Default 60.')),
    first_audio_ms: Type.Optional(ms('How long the voice takes to its first audio.')),
    fails_on: Type.Optional(text('Clauses with this in them cannot be spoken.')),
    fails_times: Type.Optional(
      Type.Integer({ description: 'How many times that fails. Absent: always.', minimum: 1 }),
    ),
    words: Type.Optional(Type.Boolean({ description: 'Whether it tells when each word starts.' })),
  },
  { ...CLOSED, description: 'A voice on fakes.' },
)

const Recogniser = Type.Object(
  {
    opens_after_ms: Type.Optional(ms('How long it takes until it listens; it then hears what was held.')),
    never_opens: Type.Optional(Type.Boolean({ description: 'It cannot be reached for the whole call.' })),
    judges_turns: Type.Optional(
      Type.Boolean({ description: 'It says when the caller is done (`turn_ended`), for `turns.by: stt`.' }),
    ),
  },
  { ...CLOSED, description: 'The recogniser on fakes.' },
)

export const ScriptSchema = Type.Object(
  {
    name: text('A sentence: what the agent does.'),
    about: Type.Optional(text('Why it matters.')),
    pipeline: Type.Optional(
      text('A pipeline file whose conversation is tested, beside this one. Absent: the defaults.'),
    ),
    call: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Values that come with the call, for `{{from}}` and the like.',
      }),
    ),
    conversation: Type.Optional(
      overlaySchema(ConversationSchema, 'Over the pipeline’s own, setting by setting.'),
    ),
    stt: Type.Optional(overlaySchema(CoreSttParamsSchema, 'The four numbers, over the pipeline’s own.')),
    'tx-queue': Type.Optional(overlaySchema(TxQueueSchema, 'Over the pipeline’s own.')),
    tools: Type.Optional(overlaySchema(ToolsSchema, 'Over the pipeline’s own, setting by setting.')),
    languages: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$' }), {
        description: 'Languages the model may switch to, besides the pipeline’s own.',
      }),
    ),
    agent: Type.Optional(
      Type.Array(Reply, { description: 'What the model answers, in turn; the last repeats.', minItems: 1 }),
    ),
    fallback_agent: Type.Optional(
      Type.Array(Reply, {
        description: 'What the second model answers when the first cannot begin. Absent: there is none.',
        minItems: 1,
      }),
    ),
    preemptive: Type.Optional(
      Type.Boolean({ description: 'Whether the model allows prepared replies. Default false.' }),
    ),
    tool_answers: Type.Optional(
      Type.Record(Type.String(), ToolAnswer, {
        description: 'What HTTP tools and tool plugins answer, by name; no service is ever reached.',
      }),
    ),
    transfers_fail: Type.Optional(
      Type.Integer({
        description: 'So many attempts to hand the caller over are refused. Default 0.',
        minimum: 0,
      }),
    ),
    voice: Type.Optional(Voice),
    fallback_voice: Type.Optional(Voice),
    recogniser: Type.Optional(Recogniser),
    steps: Type.Array(StepSchema, { minItems: 1, description: 'What happens, in order.' }),
  },
  { ...CLOSED, description: 'One scripted conversation.' },
)

export type ConversationScript = Static<typeof ScriptSchema>
