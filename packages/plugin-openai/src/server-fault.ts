import { parseJson } from '@kav/core/kit'
import { fieldsOf, textOf } from './foreign-fields.ts'

/** A fault that a server describes in its own words: the fields of it that are texts, a numeric code as one. */
export interface ServerFault {
  readonly message?: string | undefined
  readonly code?: string | undefined
  readonly type?: string | undefined
}

/** Objects in lists in objects: a reason stands no deeper. */
const MAX_DEPTH = 5

/** Where servers write the reason, in the order of how much it says. */
const MESSAGE_FIELDS = [
  'message',
  'msg',
  'Message',
  'error_message',
  'error_msg',
  'error_description',
  'faultstring',
  'exception',
]
const MORE_MESSAGE_FIELDS = [
  'status_msg',
  'detail',
  'details',
  'reason',
  'title',
  'description',
  'text',
  'raw',
]
/** And what the fault is part of. */
const WRAPPERS = [
  'error',
  'errors',
  'detail',
  'details',
  'fault',
  'message',
  'base_resp',
  'data',
  'response',
  'metadata',
]
const CODE_FIELDS = ['code', 'error_code', 'errorCode', 'status_code', 'statusCode', 'status']

/**
 * A fault as it was sent, whatever its shape: `{error: {message}}`, `{error: "text"}`, `{detail: "text"}` or a list of
 * them with `msg`, `{object: "error", message}`, `{status: "failure", message}`, a list of any of these, a text.
 */
export function serverFaultOf(sent: unknown, depth = 0): ServerFault {
  if (typeof sent === 'string') return faultOfText(sent.trim(), depth)
  if (depth > MAX_DEPTH) return {}
  if (Array.isArray(sent)) return firstTold(sent.slice(0, 16), depth)
  const fields = fieldsOf(sent)
  const own = {
    message: firstText(fields, MESSAGE_FIELDS) ?? firstText(fields, MORE_MESSAGE_FIELDS),
    code: codeOf(fields),
    type:
      textOf(fields.type) ??
      textOf(fields.error_type) ??
      textOf(fields.__type) ??
      (typeof fields.error === 'string' ? undefined : textOf(fields.status)),
  }
  const inner = firstTold(
    WRAPPERS.map((name) => fields[name]).filter(
      (value) => typeof value === 'object' || isError(fields, value),
    ),
    depth,
  )
  return {
    // What is inside is nearer to the cause: `{message: "Provider returned error", error: {…}}`.
    message: inner.message ?? (own.message && faultOfText(own.message, depth).message),
    code: inner.code ?? own.code,
    type: inner.type ?? own.type,
  }
}

/** A server's text may be the JSON of the one behind it. */
function faultOfText(text: string, depth: number): ServerFault {
  const own = { message: textOf(text) || undefined }
  if (depth > MAX_DEPTH || !/^[{[]/.test(text)) return own
  const fault = serverFaultOf(parseJson(text), depth + 1)
  return fault.message === undefined ? own : fault
}

/** `{error: "text"}`. */
function isError(fields: Readonly<Record<string, unknown>>, value: unknown): boolean {
  return typeof value === 'string' && value === fields.error && value !== ''
}

function firstTold(values: readonly unknown[], depth: number): ServerFault {
  for (const value of values) {
    const fault = serverFaultOf(value, depth + 1)
    if (fault.message !== undefined) return fault
  }
  return {}
}

function firstText(fields: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = textOf(fields[name])
    if (value !== undefined && value.trim() !== '') return value.trim()
  }
  return undefined
}

function codeOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  // A word says more than a number: `{code: 400, status: "INVALID_ARGUMENT"}` keeps the number for its class.
  for (const name of CODE_FIELDS) {
    const value = fields[name]
    if (typeof value === 'number' && value !== 0) return String(value)
    const text = textOf(value)
    if (text !== undefined && text !== '' && name !== 'status') return text
  }
  return undefined
}

/** What a server says of itself where it fails with status 200, or in mid-stream. */
const FAILED = new Set(['error', 'failure', 'failed', 'fail'])

/** The fault in an answer, or in a piece of one, that should have been the model's; `undefined`: it is none. */
export function faultWithin(sent: unknown): ServerFault | undefined {
  if (Array.isArray(sent)) return sent.map(faultWithin).find((fault) => fault !== undefined)
  const fields = fieldsOf(sent)
  if (isTold(fields.error) || FAILED.has(String(fields.object))) return told(sent)
  if (Array.isArray(fields.choices) && fields.choices.length > 0) {
    const { error } = fieldsOf(fields.choices[0])
    return isTold(error) ? told({ error }) : undefined
  }
  const exception = Object.keys(fields).find((name) => /Exception$/.test(name))
  if (exception !== undefined) return told({ error: { type: exception, ...fieldsOf(fields[exception]) } })
  const isFailure =
    FAILED.has(String(fields.status)) ||
    fields.type === 'error' ||
    fields.success === false ||
    isTold(fields.errors) ||
    isTold(fields.detail) ||
    isTold(fields.__type) ||
    Number(fieldsOf(fields.base_resp).status_code ?? 0) !== 0 ||
    isTold(fields.error_code) ||
    [fields.code, fields.status, fields.statusCode].some((code) => typeof code === 'number' && code >= 400)
  if (!isFailure && fields.choices === undefined && fields.usage === undefined && fields.id === undefined) {
    // A message and a code, and nothing of an answer.
    return isTold(fields.code) && !IS_WELL.test(String(fields.code)) && fields.message !== undefined
      ? told(sent)
      : undefined
  }
  return isFailure ? told(sent) : undefined
}

/** Codes that say that all is well so far. */
const IS_WELL = /^(?:ok|success|[123]\d\d)$/i

function told(sent: unknown): ServerFault {
  const fault = serverFaultOf(sent)
  return { ...fault, message: fault.message ?? 'the server reports an error and no reason' }
}

/** Something, and not only empty places for it. */
function isTold(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value)
  return Object.values(value).some(isTold)
}
