import { readPythonValue } from '../language/model-text/index.ts'
import type { CheckedArguments } from './argument-check.ts'
import { parseJson } from '../kit/json-as-written.ts'

const MAX_ARGUMENT_TEXT = 65_536
/** Some models and gateways write JSON text into JSON text. */
const MAX_ENCODINGS = 3

/**
 * The arguments of a call from the text that the model wrote: one JSON object, also where it was encoded again, or
 * stands in a code fence. Models write nothing, null or an empty list for a tool without arguments.
 */
export function readArguments(text: string): CheckedArguments {
  if (text.length > MAX_ARGUMENT_TEXT) return { ok: false, reason: 'they are too long' }
  let value: unknown = withoutFence(text)
  for (let depth = 0; depth < MAX_ENCODINGS && typeof value === 'string'; depth++) {
    if (isNothing(value)) return { ok: true, args: {} }
    value = valueOf(value)
    if (value === undefined) return { ok: false, reason: 'they are not valid JSON' }
  }
  if (value === null || (Array.isArray(value) && value.length === 0)) return { ok: true, args: {} }
  // One object in a list is meant as that object.
  if (Array.isArray(value) && value.length === 1) value = value[0]
  if (isObject(value)) {
    return { ok: true, args: value }
  }
  return { ok: false, reason: 'they must be one JSON object' }
}

/** JSON, or what was meant as some: with line feeds in its texts, with the quotes of Python, with a comma too many. */
function valueOf(text: string): unknown {
  const value = parseJson(text)
  if (value !== undefined) return value
  const object = withoutMarks(text)
  // White space in a text of JSON has to be written as `\n`: between values a blank is as good.
  return parseJson(object.replace(/[\n\r\t]/g, ' ')) ?? readPythonValue(object)
}

/** Up to the last bracket: behind it stands a token, or a tag. */
function withoutMarks(text: string): string {
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'))
  return /^\s*(?:<|$)/.test(text.slice(end + 1)) ? text.slice(0, end + 1) : text
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNothing(text: string): boolean {
  return ['', 'None', 'undefined'].includes(text.trim())
}

function withoutFence(text: string): string {
  const inside = text.trim()
  if (inside.length < 6 || !inside.startsWith('```') || !inside.endsWith('```')) return text
  return inside.slice(3, -3).replace(/^json/, '')
}
