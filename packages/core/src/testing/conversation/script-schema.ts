import { Type, type Static } from '@sinclair/typebox'
import { ConversationSchema } from '../../config/schema/conversation.ts'
import { CoreSttParamsSchema } from '../../config/schema/stage.ts'

const CLOSED = { additionalProperties: false } as const
const ms = (description: string) => Type.Integer({ description, minimum: 0, maximum: 3_600_000 })
const text = (description: string) => Type.String({ description })

/** A text is contained in what happened; `/…/` is a regular expression. */
const Expected = (description: string) =>
  text(`${description} A part of the text, or \`/a regular expression/\`.`)

const Hears = Type.Union([
  text('What the caller says; voice and words take 60 ms a character.'),
  Type.Object(
    {
      text: text('What the caller says.'),
      voice_ms: Type.Optional(ms('How long the voice lasts.')),
      partials: Type.Optional(
        Type.Boolean({ description: 'Whether words come while they are spoken. Default true.' }),
      ),
      final: Type.Optional(text('What the final says, where it differs. Empty: no final comes.')),
      final_after_ms: Type.Optional(ms('How long after the voice the final comes. Default 150.')),
    },
    { ...CLOSED, description: 'What the caller says, and how the recogniser hears it.' },
  ),
])

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

const Happened = Type.Object(
  {
    event: text('Name of an event (docs/events.md).'),
    text: Type.Optional(Expected('What was said.')),
    heard: Type.Optional(Expected('What the caller heard.')),
    fields: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'Fields of the event.' }),
    ),
    count: Type.Optional(
      Type.Integer({ description: 'How often it happened so far in the call.', minimum: 0 }),
    ),
    within_ms: Type.Optional(
      ms('How long it may take from here. Default 5000; with `count`, nothing is waited for.'),
    ),
  },
  { ...CLOSED, description: 'Something that happens, or has happened, on the call.' },
)

const Remembered = Type.Object(
  {
    who: Type.Union([Type.Literal('caller'), Type.Literal('agent')]),
    text: Expected('What stands in the context.'),
  },
  CLOSED,
)

/** What one step may be: exactly one of these keys. */
export const StepSchema = Type.Object(
  {
    hears: Type.Optional(Hears),
    interrupts_at: Type.Optional(
      Type.Object(
        { ms: ms('Into what the agent is saying.'), hears: Hears },
        { ...CLOSED, description: 'The caller speaks over the agent.' },
      ),
    ),
    noise_ms: Type.Optional(ms('Voice without words: a cough, a door.')),
    silence_ms: Type.Optional(ms('The caller is silent.')),
    no_media_ms: Type.Optional(ms('The line sends nothing at all.')),
    keys: Type.Optional(Type.String({ description: 'Keys the caller presses.', pattern: '^[0-9*#A-D]+$' })),
    says: Type.Optional(Expected('The agent begins to say this within five seconds.')),
    finishes: Type.Optional(Type.Literal(true, { description: 'The agent has been heard to its end.' })),
    says_nothing_ms: Type.Optional(ms('The agent is silent this long.')),
    expects: Type.Optional(Happened),
    remembers: Type.Optional(
      Type.Array(Remembered, {
        description: 'The end of the context of the model’s last request.',
        minItems: 1,
      }),
    ),
    hangs_up: Type.Optional(
      Type.Union([Type.Literal('agent'), Type.Literal('caller')], { description: 'Who ends the call.' }),
    ),
  },
  { ...CLOSED, minProperties: 1, maxProperties: 1, description: 'One step: exactly one of these.' },
)

export const ScriptSchema = Type.Object(
  {
    name: text('A sentence: what the agent does.'),
    about: Type.Optional(text('Why it matters.')),
    pipeline: Type.Optional(
      text('A pipeline file whose conversation is tested, beside this one. Absent: the defaults.'),
    ),
    conversation: Type.Optional(
      Type.Partial(ConversationSchema, { default: undefined, description: 'Over the pipeline’s own.' }),
    ),
    stt: Type.Optional(
      Type.Partial(CoreSttParamsSchema, {
        ...CLOSED,
        description: 'The four numbers, over the pipeline’s own.',
      }),
    ),
    agent: Type.Optional(
      Type.Array(Reply, {
        description: 'What the model answers, in turn; the last repeats.',
        default: ['All right.'],
      }),
    ),
    preemptive: Type.Optional(
      Type.Boolean({ description: 'Whether the model allows prepared replies.', default: false }),
    ),
    voice: Type.Optional(
      Type.Object(
        {
          ms_per_character: Type.Optional(ms('How fast the voice speaks. Default 60.')),
          first_audio_ms: Type.Optional(ms('How long the voice takes to its first audio.')),
          fails_on: Type.Optional(Expected('Clauses that cannot be spoken.')),
          words: Type.Optional(Type.Boolean({ description: 'Whether it tells when each word starts.' })),
        },
        { ...CLOSED, description: 'The voice on fakes.' },
      ),
    ),
    steps: Type.Array(StepSchema, { minItems: 1, description: 'What happens, in order.' }),
  },
  { ...CLOSED, description: 'One scripted conversation.' },
)

export type ConversationScript = Static<typeof ScriptSchema>
export type ConversationStep = Static<typeof StepSchema>
export type CallerSaying = Static<typeof Hears>
