import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { ProviderError } from '@kav/core'
import { createForeignReader } from '@kav/core/kit'

/** Servers say null as often as nothing. */
const maybe = <Schema extends TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]))

const ToolCallDeltaSchema = Type.Object({
  index: maybe(Type.Number()),
  id: maybe(Type.String()),
  function: maybe(Type.Object({ name: maybe(Type.String()), arguments: maybe(Type.String()) })),
})

/** What is read of one `chat.completion.chunk`. */
const ChatChunkSchema = Type.Object({
  object: Type.Optional(Type.Unknown()),
  choices: maybe(
    Type.Array(
      Type.Object({
        delta: maybe(
          Type.Object({
            content: maybe(Type.String()),
            refusal: maybe(Type.String()),
            tool_calls: maybe(Type.Array(ToolCallDeltaSchema)),
          }),
        ),
        finish_reason: maybe(Type.String()),
      }),
    ),
  ),
  usage: Type.Optional(Type.Unknown()),
})

export type ChatChunk = Static<typeof ChatChunkSchema>
export type ToolCallDelta = Static<typeof ToolCallDeltaSchema>

const read = createForeignReader(ChatChunkSchema)

/** One chunk of a streamed answer, checked. Throws `bad-data` naming the field: a word of it may be missing. */
export function readChatChunk(chunk: unknown, doing: string): ChatChunk {
  const result = read(chunk)
  if (result.ok) return result.value
  throw new ProviderError('bad-data', `${doing}: a piece of the answer cannot be read: ${result.why}`)
}
