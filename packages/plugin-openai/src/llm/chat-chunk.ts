import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { ProviderError } from '@kav/core'
import { createForeignReader } from '@kav/core/kit'
import { fieldsOf, textOf } from '../foreign-fields.ts'

/** Servers say null as often as nothing. */
const maybe = <Schema extends TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]))

/** A text, or parts of one. */
const Content = Type.Union([
  Type.String(),
  Type.Array(Type.Union([Type.String(), Type.Record(Type.String(), Type.Unknown())])),
  Type.Record(Type.String(), Type.Unknown()),
])

const FunctionDelta = Type.Object({
  name: maybe(Type.String()),
  /** Text in pieces; an object where the server sends calls whole. */
  arguments: maybe(Type.Union([Type.String(), Type.Record(Type.String(), Type.Unknown())])),
})

const ToolCallDeltaSchema = Type.Object({
  index: maybe(Type.Number()),
  id: maybe(Type.Union([Type.String(), Type.Number()])),
  type: Type.Optional(Type.Unknown()),
  function: maybe(FunctionDelta),
})

const DeltaSchema = Type.Object({
  content: maybe(Content),
  refusal: maybe(Type.String()),
  tool_calls: maybe(Type.Union([Type.Array(ToolCallDeltaSchema), ToolCallDeltaSchema])),
  /** What tool calls were before there were several. */
  function_call: maybe(FunctionDelta),
})

/** What is read of one `chat.completion.chunk`; of a whole `chat.completion`, whose delta is called message. */
const ChatChunkSchema = Type.Object({
  choices: maybe(
    Type.Array(
      Type.Object({
        delta: maybe(DeltaSchema),
        message: maybe(DeltaSchema),
        finish_reason: maybe(Type.String()),
      }),
    ),
  ),
  usage: Type.Optional(Type.Unknown()),
})

export type ToolCallDelta = Static<typeof ToolCallDeltaSchema>

/** One piece of an answer, whatever way the server put it. */
export interface ChatPiece {
  readonly text: string
  readonly calls: readonly ToolCallDelta[]
  readonly finishReason: string | undefined
  readonly usage: unknown
  /** The message, or piece of one, as it came: what of it is nobody's business is kept. */
  readonly message: unknown
}

const read = createForeignReader(ChatChunkSchema)

/** One chunk of a streamed answer, checked. Throws `bad-data` naming the field: a word of it may be missing. */
export function readChatChunk(chunk: unknown, doing: string): ChatPiece {
  const result = read(chunk)
  if (!result.ok) {
    throw new ProviderError('bad-data', `${doing}: a piece of the answer cannot be read: ${result.why}`)
  }
  const choice = result.value.choices?.[0]
  const delta = choice?.delta ?? choice?.message
  const calls = delta?.tool_calls ?? []
  return {
    text: textOfContent(delta?.content) || (delta?.refusal ?? ''),
    calls: [
      ...(Array.isArray(calls) ? calls : [calls]),
      ...(delta?.function_call ? [{ index: 0, function: delta.function_call }] : []),
    ],
    finishReason: choice?.finish_reason || undefined,
    usage: result.value.usage,
    message: delta,
  }
}

/** Parts that are text, joined; thoughts, images and sounds are not said. */
function textOfContent(content: Static<typeof Content> | null | undefined): string {
  if (content === undefined || content === null) return ''
  if (typeof content === 'string') return content
  const parts = Array.isArray(content) ? content : [content]
  return parts
    .map((part) => {
      if (typeof part === 'string') return part
      const { type, text, refusal } = fieldsOf(part)
      const isText = type === undefined || type === null || /^(?:output_)?text$|^refusal$/.test(String(type))
      return isText ? (textOf(text) ?? textOf(refusal) ?? textOf(fieldsOf(text).value) ?? '') : ''
    })
    .join('')
}
