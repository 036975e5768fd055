import { parseJson } from '@kav/core/kit'
import { countOf, fieldsOf, textOf } from '../foreign-fields.ts'
import { type FinishReason, finishReasonOf } from './finish-reason.ts'

/** A piece of a tool call, whatever names its server gave to the parts. */
export interface ToolCallDelta {
  readonly index: number | undefined
  readonly id: string
  readonly name: string
  /** A piece of text; all of them, where the server sends calls whole. */
  readonly arguments: string
  /** As it came: what of it is nobody's business is kept. */
  readonly call: unknown
  readonly function: unknown
}

/** One piece of an answer, whatever way the server put it. */
export interface ChatPiece {
  readonly text: string
  /** It is the message as far as it goes, not the next piece of it. */
  readonly isMessage: boolean
  readonly calls: readonly ToolCallDelta[]
  readonly finish: FinishReason | undefined
  readonly usage: unknown
  /** The message, or piece of one, as it came: what of it is nobody's business is kept. */
  readonly message: unknown
  /** It has none of the fields that an answer is made of. */
  readonly isNoAnswer: boolean
}

/** Gateways put the whole answer into one of these. */
const WRAPPERS = ['data', 'result'] as const

/**
 * What is read of one `chat.completion.chunk`, or of a whole `chat.completion`, whose delta is called message. Servers
 * say null, false, an empty text or an empty object where there is nothing: what is not of the type that is looked
 * for is nothing.
 */
export function readChatChunk(sent: unknown): ChatPiece {
  const chunk = unwrapped(fieldsOf(sent))
  const choice = choiceOf(chunk.choices)
  const message = choice.delta ?? choice.message
  const delta = typeof message === 'string' ? { content: message } : fieldsOf(message)
  const text =
    contentText(delta.content) || textOf(delta.text) || textOf(choice.text) || textOf(delta.refusal)
  return {
    text: text ?? '',
    isMessage: (choice.delta === undefined || choice.delta === null) && choice.message !== undefined,
    calls: callsOf(delta, choice),
    finish: finishReasonOf(choice.finish_reason),
    usage: chunk.usage ?? choice.usage ?? fieldsOf(chunk.x_groq).usage,
    message: delta,
    isNoAnswer: chunk.choices === undefined && chunk.usage === undefined,
  }
}

function unwrapped(chunk: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (chunk.choices !== undefined) return chunk
  const inner = WRAPPERS.map((name) => fieldsOf(chunk[name])).find(({ choices }) => Array.isArray(choices))
  return inner ?? chunk
}

/** The only one that was asked for, should there be more. */
function choiceOf(choices: unknown): Readonly<Record<string, unknown>> {
  if (!Array.isArray(choices)) return fieldsOf(choices)
  const all = choices.map(fieldsOf)
  return all.find(({ index }) => index === 0) ?? all[0] ?? {}
}

/** Parts that are text, joined; thoughts, images and sounds are not said. */
function contentText(content: unknown): string {
  if (typeof content === 'number') return String(content)
  if (typeof content === 'string') return content
  const parts: readonly unknown[] = Array.isArray(content) ? content : [content]
  return parts
    .map((part) => {
      if (typeof part === 'string') return part
      const { type, text, refusal, thought, content: inner } = fieldsOf(part)
      const isText = type === undefined || type === null || TEXT_PART.test(String(type))
      if (!isText || thought === true) return ''
      return [text, refusal, fieldsOf(text).value, inner].map(textOf).find((each) => each !== undefined)
    })
    .join('')
}

const TEXT_PART = /^(?:output_)?text(?:_delta)?$|^refusal$/i

function callsOf(
  delta: Readonly<Record<string, unknown>>,
  choice: Readonly<Record<string, unknown>>,
): readonly ToolCallDelta[] {
  const calls = listed(delta.tool_calls ?? delta.tool_call ?? choice.tool_calls)
    .map(toolCallDelta)
    .filter(saysSomething)
  if (calls.length > 0) return calls
  // What tool calls were before there were several.
  const old = fieldsOf(delta.function_call)
  return isNamedOrGiven(old) ? [toolCallDelta({ index: 0, function: old })] : []
}

/** Empty places for a call, beside words, are none. */
function saysSomething({ id, name, arguments: args }: ToolCallDelta): boolean {
  return id !== '' || name !== '' || args !== ''
}

function isNamedOrGiven(called: Readonly<Record<string, unknown>>): boolean {
  return [called.name, called.arguments].some((value) => value !== undefined && value !== null)
}

/** A list of them, one alone, a map by their numbers, any of these as JSON text. */
function listed(calls: unknown): readonly unknown[] {
  if (typeof calls === 'string') return listed(parseJson(calls))
  if (Array.isArray(calls)) return calls.filter(isObject)
  if (!isObject(calls)) return []
  const isOne = ['id', 'index', 'type', 'function', 'name'].some(
    (name) => fieldsOf(calls)[name] !== undefined,
  )
  return isOne ? [calls] : Object.values(calls).filter(isObject)
}

function toolCallDelta(sent: unknown): ToolCallDelta {
  const call = fieldsOf(sent)
  const called = [call.function, call.custom].find(isObject)
  const { name, ...rest } = fieldsOf(called ?? call)
  const args = rest.arguments ?? rest.parameters ?? rest.args ?? rest.input
  return {
    index: indexOf(call.index),
    id: textOf(call.id) ?? (typeof call.id === 'number' ? String(call.id) : ''),
    name: textOf(name) ?? '',
    arguments:
      typeof args === 'string' ? args : args === undefined || args === null ? '' : JSON.stringify(args),
    call: called === undefined ? undefined : call,
    function: called,
  }
}

function indexOf(index: unknown): number | undefined {
  if (typeof index === 'string' && /^\d{1,4}$/.test(index)) return Number(index)
  return typeof index === 'number' ? countOf(index) : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
