import { Type, type Static } from '@sinclair/typebox'

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
      final_times: Type.Optional(
        Type.Integer({ description: 'How often the final is told. Default 1.', minimum: 1, maximum: 5 }),
      ),
      confidence: Type.Optional(
        Type.Number({
          description: 'How sure the recogniser is of it. Default: it tells none.',
          minimum: 0,
          maximum: 1,
        }),
      ),
      turn_ended: Type.Optional(
        Type.Number({
          description:
            'The recogniser says behind the last words that the caller is done, so surely: behind the final where it is sure (1), else behind the partial. Default: it says nothing of it.',
          minimum: 0,
          maximum: 1,
        }),
      ),
      turn_resumed_after_ms: Type.Optional(ms('So long after `turn_ended` the recogniser takes it back.')),
    },
    { ...CLOSED, description: 'What the caller says, and how the recogniser hears it.' },
  ),
])

const Happened = Type.Object(
  {
    event: text('Name of an event (docs/events.md).'),
    text: Type.Optional(Expected('What was said.')),
    heard: Type.Optional(Expected('What the caller heard.')),
    fields: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'Fields of the event: the value, or a bound on a number such as `"<= 600"`.',
      }),
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
    who: Type.Union([Type.Literal('caller'), Type.Literal('agent'), Type.Literal('tool')]),
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
    presses: Type.Optional(
      Type.String({ description: 'Keys the caller presses.', pattern: '^[0-9*#A-D]+$' }),
    ),
    recogniser_dies: Type.Optional(
      Type.Literal(true, { description: 'The recogniser’s connection breaks.' }),
    ),
    says: Type.Optional(Expected('The agent begins a clause like this within five seconds.')),
    pronounces: Type.Optional(Expected('What the voice is given to speak, for the pronunciation table.')),
    finishes: Type.Optional(Type.Literal(true, { description: 'The agent has been heard to its end.' })),
    says_nothing_ms: Type.Optional(ms('The agent is silent this long.')),
    expects: Type.Optional(Happened),
    clears: Type.Optional(
      Type.Integer({
        description: 'How often the far end was told so far to throw away what it had not played.',
        minimum: 0,
      }),
    ),
    remembers: Type.Optional(
      Type.Array(Remembered, {
        description: 'The end of the context of the model’s last request.',
        minItems: 1,
      }),
    ),
    prompted: Type.Optional(Expected('The system prompt of the model’s last request.')),
    hangs_up: Type.Optional(
      Type.Union(
        [Type.Literal('agent'), Type.Literal('caller'), Type.Literal('limit'), Type.Literal('gave-up')],
        {
          description: 'Who ends the call; limit: `max_call_ms`.',
        },
      ),
    ),
    transfers_to: Type.Optional(text('The call is handed over to this number.')),
  },
  { ...CLOSED, description: 'One step: exactly one of these.' },
)

export type ConversationStep = Static<typeof StepSchema>
export type ExpectedEvent = Static<typeof Happened>
export type RememberedLine = Static<typeof Remembered>
export type CallerSaying = Static<typeof Hears>
