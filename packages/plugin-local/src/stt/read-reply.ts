import { Type, type TSchema } from '@sinclair/typebox'
import { createForeignReader, type ForeignRead } from '@kav/core/kit'
import type { RecogniserReply } from './worker-messages.ts'

const session = Type.Integer({ minimum: 1 })
const ms = Type.Number({ minimum: 0 })
const words = Type.Array(Type.String())

const EVENTS: Readonly<Record<string, TSchema>> = {
  'speech-started': Type.Object({ atMs: Type.Optional(Type.Number()) }),
  'speech-stopped': Type.Object({ atMs: Type.Optional(Type.Number()) }),
  partial: Type.Object({ text: Type.String() }),
  final: Type.Object({
    text: Type.String(),
    endMs: Type.Optional(ms),
    confidence: Type.Optional(Type.Number()),
  }),
}

const REPLIES: Readonly<Record<RecogniserReply['type'], TSchema>> = {
  opened: Type.Object({
    session,
    unknownWords: words,
    derivedWords: words,
    vocabulary: Type.Integer({ minimum: 0 }),
  }),
  taken: Type.Object({ session, bytes: Type.Integer({ minimum: 0 }), busyMs: ms }),
  event: Type.Object({ session, event: Type.Object({ type: Type.String() }) }),
  rejected: Type.Object({ session, margin: Type.Optional(Type.Number()), speechMs: ms }),
  ended: Type.Object({ session }),
  failed: Type.Object({
    session,
    errorClass: Type.Union([Type.Literal('bad-data'), Type.Literal('bad-request')]),
    message: Type.String(),
  }),
  closed: Type.Object({ session }),
}

const readType = createForeignReader(Type.Object({ type: Type.String() }))
const replyReaders = readersOf(REPLIES)
const eventReaders = readersOf(EVENTS)

/** What a worker sent, or what is wrong with it. Never throws. */
export function readRecogniserReply(value: unknown): ForeignRead<RecogniserReply> {
  const read = readAs(value, replyReaders)
  if (!read.ok || read.value.type !== 'event') return read as ForeignRead<RecogniserReply>
  const event = readAs((value as { event: unknown }).event, eventReaders)
  return event.ok ? (read as ForeignRead<RecogniserReply>) : { ok: false, why: `its event: ${event.why}` }
}

/** Whose message it is, if that can be told. */
export function sessionOf(value: unknown): number | undefined {
  const found: unknown = typeof value === 'object' && value !== null && 'session' in value && value.session
  return typeof found === 'number' ? found : undefined
}

type Readers = ReadonlyMap<string, ReturnType<typeof createForeignReader>>

function readersOf(schemas: Readonly<Record<string, TSchema>>): Readers {
  return new Map(Object.entries(schemas).map(([type, schema]) => [type, createForeignReader(schema)]))
}

function readAs(value: unknown, readers: Readers): ForeignRead<{ readonly type: string }> {
  const typed = readType(value)
  if (!typed.ok) return typed
  const read = readers.get(typed.value.type)?.(value)
  if (read === undefined) return { ok: false, why: 'it is of no known type' }
  return read.ok ? typed : read
}
