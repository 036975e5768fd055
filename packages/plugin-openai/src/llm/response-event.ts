import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { ProviderError } from '@kav/core'
import { createForeignReader } from '@kav/core/kit'

const event = <Name extends string, Fields extends Record<string, TSchema>>(name: Name, fields: Fields) =>
  Type.Object({ type: Type.Literal(name), ...fields })

/** The events of the Responses API that are read, and every field of them that is. */
const SCHEMAS = [
  event('response.output_text.delta', { delta: Type.String() }),
  event('response.refusal.delta', { delta: Type.String() }),
  event('response.function_call_arguments.delta', {}),
  event('response.output_item.done', {
    item: Type.Object({
      type: Type.String(),
      status: Type.Optional(Type.Unknown()),
      call_id: Type.Optional(Type.String()),
      name: Type.Optional(Type.String()),
      arguments: Type.Optional(Type.String()),
    }),
  }),
  event('response.completed', { response: Type.Optional(Type.Unknown()) }),
  event('response.incomplete', { response: Type.Optional(Type.Unknown()) }),
  event('response.failed', { response: Type.Optional(Type.Unknown()) }),
  event('error', {}),
] as const

export type ResponseEvent = Static<(typeof SCHEMAS)[number]>

type Reader = ReturnType<typeof createForeignReader<(typeof SCHEMAS)[number]>>
const READERS: ReadonlyMap<unknown, Reader> = new Map(
  SCHEMAS.map((schema) => [schema.properties.type.const, createForeignReader<typeof schema>(schema)]),
)
const readType = createForeignReader(Type.Object({ type: Type.String() }))

/**
 * One event of a streamed answer, checked; `undefined` for those that nobody reads. Throws `bad-data` naming the
 * field: a word of it may be missing.
 */
export function readResponseEvent(sent: unknown, doing: string): ResponseEvent | undefined {
  const typed = readType(sent)
  if (!typed.ok) throw unreadable(typed.why, doing)
  const result = READERS.get(typed.value.type)?.(sent)
  if (result === undefined || result.ok) return result?.value
  throw unreadable(result.why, doing)
}

function unreadable(why: string, doing: string): ProviderError {
  return new ProviderError('bad-data', `${doing}: a piece of the answer cannot be read: ${why}`)
}
