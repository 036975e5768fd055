import { parseJson } from '@kav/core/kit'

/** Servers fail at a conversation with arguments that are no object, whoever wrote them. */
export function sentArguments(text: string): string {
  const read = parseJson(text)
  const value = typeof read === 'string' ? parseJson(read) : read
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '{}'
  return value === read ? text : JSON.stringify(value)
}
