import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { createForeignReader } from '@kav/core/kit'
import { MAX_TEXT_CHARS } from '../foreign-fields.ts'

/** A day: longer than any session, and any call. */
const MAX_OFFSET_MS = 86_400_000

const id = Type.String({ minLength: 1, maxLength: 1_000 })
const text = Type.String({ maxLength: MAX_TEXT_CHARS })
const maybe = <Schema extends TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]))
const event = <Name extends string, Fields extends Record<string, TSchema>>(name: Name, fields: Fields) =>
  Type.Object({ type: Type.Literal(name), ...fields })
const ASR = 'conversation.item.input_audio_transcription'

/**
 * The events that are read, and every field of them that is. What is left `Unknown` is read where it is used, by
 * `serverFaultOf`, `countOf` and the like: an odd detail must not hide that a reply has ended.
 */
const SCHEMAS = [
  event('session.created', { session: maybe(Type.Object({ expires_at: Type.Optional(Type.Unknown()) })) }),
  event('session.updated', {}),
  event('error', { error: Type.Optional(Type.Unknown()) }),
  event('input_audio_buffer.speech_started', {
    item_id: Type.Optional(id),
    audio_start_ms: Type.Optional(Type.Unknown()),
  }),
  event('input_audio_buffer.speech_stopped', { item_id: id, audio_end_ms: Type.Optional(Type.Unknown()) }),
  event('input_audio_buffer.committed', { item_id: id }),
  event(`${ASR}.delta`, { item_id: id, delta: maybe(text) }),
  event(`${ASR}.completed`, {
    item_id: id,
    transcript: Type.Optional(Type.Unknown()),
    logprobs: Type.Optional(Type.Unknown()),
    usage: Type.Optional(Type.Unknown()),
  }),
  event(`${ASR}.failed`, { item_id: id, error: Type.Optional(Type.Unknown()) }),
  event('response.created', { response: Type.Optional(Type.Unknown()) }),
  event('response.output_item.added', {
    response_id: Type.Optional(id),
    item: Type.Object({ type: Type.String(), id: maybe(id) }),
  }),
  event('response.output_audio.delta', { response_id: Type.Optional(id), item_id: id, delta: Type.String() }),
  event('response.output_audio_transcript.delta', {
    response_id: Type.Optional(id),
    item_id: id,
    delta: text,
  }),
  event('response.output_text.delta', { response_id: Type.Optional(id), item_id: id, delta: text }),
  event('response.output_audio_transcript.done', {
    response_id: Type.Optional(id),
    item_id: id,
    transcript: text,
  }),
  event('response.output_text.done', { response_id: Type.Optional(id), item_id: id, text }),
  event('response.output_item.done', {
    response_id: Type.Optional(id),
    item: Type.Object({
      type: Type.String(),
      id: maybe(id),
      status: maybe(Type.String()),
      call_id: maybe(id),
      name: maybe(id),
      arguments: maybe(Type.String()),
    }),
  }),
  event('response.done', { response: Type.Optional(Type.Unknown()) }),
] as const

/** An event of the server that this version reads, checked. */
export type ServerEvent = Static<(typeof SCHEMAS)[number]>

type Reader = ReturnType<typeof createForeignReader<(typeof SCHEMAS)[number]>>
const READERS: ReadonlyMap<string, Reader> = new Map(
  SCHEMAS.map((schema) => [schema.properties.type.const, createForeignReader<typeof schema>(schema)]),
)

/** Names of the beta, which some compatible servers still speak, and what they are called now. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['transcription_session.created', 'session.created'],
  ['transcription_session.updated', 'session.updated'],
  ['response.audio.delta', 'response.output_audio.delta'],
  ['response.audio_transcript.delta', 'response.output_audio_transcript.delta'],
  ['response.audio_transcript.done', 'response.output_audio_transcript.done'],
  ['response.text.delta', 'response.output_text.delta'],
  ['response.text.done', 'response.output_text.done'],
])

/** An event, one that this version does not read, or one that is not what it should be. */
export type ServerEventRead =
  | { readonly kind: 'event'; readonly event: ServerEvent }
  | { readonly kind: 'unread' }
  /** `name` is one of those above, or `none`: fit for a label. */
  | { readonly kind: 'odd'; readonly name: string; readonly why: string }

/** One message of a Realtime server, parsed JSON of any kind. Never throws. */
export function readServerEvent(message: unknown): ServerEventRead {
  if (typeof message !== 'object' || message === null || !('type' in message)) return noEvent
  const { type } = message
  if (typeof type !== 'string') return noEvent
  const name = RENAMED.get(type) ?? type
  const reader = READERS.get(name)
  if (reader === undefined) return { kind: 'unread' }
  const read = reader(name === type ? message : { ...message, type: name })
  return read.ok ? { kind: 'event', event: read.value } : { kind: 'odd', name, why: read.why }
}

const noEvent = { kind: 'odd', name: 'none', why: 'a message without a type' } as const

/** Milliseconds of audio from a connection's first byte; `undefined` for what cannot be. */
export function offsetOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= MAX_OFFSET_MS ? value : undefined
}
