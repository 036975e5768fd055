import type { CheckedArguments } from './argument-check.ts'

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
    try {
      value = JSON.parse(value)
    } catch {
      return { ok: false, reason: 'they are not valid JSON' }
    }
  }
  if (value === null || (Array.isArray(value) && value.length === 0)) return { ok: true, args: {} }
  if (typeof value === 'object' && !Array.isArray(value)) {
    return { ok: true, args: value as Readonly<Record<string, unknown>> }
  }
  return { ok: false, reason: 'they must be one JSON object' }
}

function isNothing(text: string): boolean {
  return ['', 'None', 'undefined'].includes(text.trim())
}

function withoutFence(text: string): string {
  const inside = text.trim()
  if (inside.length < 6 || !inside.startsWith('```') || !inside.endsWith('```')) return text
  return inside.slice(3, -3).replace(/^json/, '')
}
