import { Type } from '@sinclair/typebox'
import { CLOSED, CLOSED_WITH_DEFAULTS, oneOf } from './field.ts'

const url = Type.String({
  description: 'Where it is sent, by POST. Redirects are not followed.',
  minLength: 1,
  maxLength: 2000,
})
const headers = Type.Record(Type.String(), Type.String(), {
  description: 'More headers. Write ${NAME} for what is secret.',
  default: {},
})
const secretText =
  'What the header kav-signature is made with, by which the receiver knows who sent it. Write ${NAME}, never the secret itself.'
const secret = Type.String({ description: secretText, minLength: 16, maxLength: 1000 })
const optionalSecret = Type.Optional(
  Type.String({ description: `${secretText} Absent: not signed.`, minLength: 16, maxLength: 1000 }),
)

const BeforeCallSchema = Type.Object(
  {
    url,
    headers,
    secret: optionalSecret,
    timeout_ms: Type.Integer({
      description: 'How long the caller waits for it at most; the carrier hangs up after some seconds.',
      minimum: 50,
      maximum: 5000,
      default: 800,
    }),
    on_error: oneOf(['answer', 'refuse'], {
      description: 'What becomes of a call when it fails or is late: answered without it, or turned away.',
      default: 'answer',
    }),
    values: Type.Array(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_.-]{0,63}$' }), {
      description: 'The names that it may give values for, as {{name}}. Others are left out.',
      maxItems: 50,
      uniqueItems: true,
      default: [],
    }),
  },
  { ...CLOSED, description: 'Is asked when a call comes, before it is answered.' },
)

const OutboxSchema = Type.Object(
  {
    dir: Type.String({
      description: 'Where what waits is kept. Relative to the directory the process runs in.',
      minLength: 1,
      default: '.kav/outbox',
    }),
    max_items: Type.Integer({
      description: 'Calls that may wait; the oldest is dropped for a new one.',
      minimum: 1,
      maximum: 1_000_000,
      default: 10_000,
    }),
    max_mb: Type.Integer({
      description: 'The same in megabytes.',
      minimum: 1,
      maximum: 100_000,
      default: 256,
    }),
    max_age_hours: Type.Integer({
      description: 'What could not be delivered for so long is given up and put aside.',
      minimum: 1,
      maximum: 8760,
      default: 72,
    }),
  },
  { ...CLOSED_WITH_DEFAULTS, description: 'Where calls wait until they were told.' },
)

const AfterCallSchema = Type.Object(
  {
    url,
    headers,
    secret,
    include: Type.Array(oneOf(['record', 'transcript', 'events'], { description: 'A part of the record.' }), {
      description: 'What of the record of the call is sent.',
      uniqueItems: true,
      default: ['record', 'transcript'],
    }),
    fields: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description:
          'JSON Schema of an object that the llm fills from the transcript. Absent: it is not asked.',
      }),
    ),
    fields_timeout_ms: Type.Integer({
      description: 'How long the llm may take for them.',
      minimum: 1000,
      maximum: 120_000,
      default: 30_000,
    }),
    timeout_ms: Type.Integer({
      description: 'How long one try may take.',
      minimum: 100,
      maximum: 60_000,
      default: 10_000,
    }),
    outbox: OutboxSchema,
  },
  { ...CLOSED, description: 'Is told of each call when it is over, until it has it.' },
)

const OnEventSchema = Type.Object(
  {
    url,
    headers,
    secret: optionalSecret,
    events: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      description: 'Names of docs/events.md. Empty: all but those that come every second.',
      maxItems: 200,
      uniqueItems: true,
      default: [],
    }),
    private: Type.Boolean({
      description: 'Also what was said, and numbers.',
      default: false,
    }),
    batch_ms: Type.Integer({
      description: 'Events are gathered for so long, and sent together.',
      minimum: 50,
      maximum: 60_000,
      default: 1000,
    }),
    max_queue: Type.Integer({
      description: 'Events that may wait; the oldest are dropped for new ones, and counted.',
      minimum: 10,
      maximum: 100_000,
      default: 2000,
    }),
    timeout_ms: Type.Integer({
      description: 'How long one request may take. What fails is not sent again.',
      minimum: 100,
      maximum: 60_000,
      default: 5000,
    }),
  },
  { ...CLOSED, description: 'Is told of the events of calls as they happen.' },
)

export const HooksSchema = Type.Object(
  {
    before_call: Type.Optional(BeforeCallSchema),
    after_call: Type.Optional(AfterCallSchema),
    on_event: Type.Optional(OnEventSchema),
  },
  { ...CLOSED_WITH_DEFAULTS, description: 'HTTP services of yours that are asked and told of calls.' },
)
