import { ProviderError } from '@kav/core'
import { createSseParser, parseJson, type ServerSentEvent } from '@kav/core/kit'
import { providerErrorOf } from '../provider-error.ts'
import { isHtml, titleOf } from '../refusal.ts'
import { faultWithin, serverFaultOf } from '../server-fault.ts'

/** `done`: the server said `[DONE]`. `whole`: the one piece of an answer that is no stream. */
export type AnswerPiece =
  | { readonly type: 'piece'; readonly value: object; readonly whole: boolean }
  | { readonly type: 'done' }
  | { readonly type: 'fault'; readonly error: ProviderError }

/** Of an event, and of an answer that is no stream of events: no model says so much at once. */
const MAX_BODY_CHARS = 4_000_000
const MAX_TOLD_CHARS = 300

/**
 * The pieces of an answer as they come: server-sent events, or what servers send in their place, told by what the body
 * begins with, since its type is often wrong: one whole JSON answer, JSON line by line, a page of HTML, a text.
 * Keep-alives are left out in whatever form. A fault of the server, in an event or with status 200, is thrown
 * with its own class; what came before it is given first.
 */
export async function* answerPieces(
  body: AsyncIterable<Uint8Array> | null,
  doing: string,
): AsyncGenerator<Exclude<AnswerPiece, { type: 'fault' }>, void> {
  const decoder = new TextDecoder()
  const ready: AnswerPiece[] = []
  const parser = createSseParser({
    doing,
    maxEventChars: MAX_BODY_CHARS,
    onEvent: (message) => ready.push(...eventPieces(message, doing)),
  })
  let form: 'events' | 'json' | 'page' | undefined
  let text = ''
  let pieces = 0

  function* given() {
    for (const piece of ready.splice(0)) {
      if (piece.type === 'fault') throw piece.error
      pieces++
      yield piece
    }
  }

  for await (const chunk of body ?? []) {
    const more = decoder.decode(chunk, { stream: true })
    if (form !== 'events') text = (text + more).slice(0, MAX_BODY_CHARS)
    if (form === 'events') parser.push(more)
    else if (form === undefined && (form = formOf(text)) === 'events') parser.push(text)
    yield* given()
  }
  if (form === 'events') parser.end()
  else if (form !== undefined) ready.push(...bodyPieces(text, form, doing))
  yield* given()
  if (pieces === 0 && text.trim() !== '')
    throw noAnswer(`with text instead of a stream: ${told(text)}`, doing)
}

/** By its first character that is not white space; `undefined`: it has not come yet. */
function formOf(text: string): 'events' | 'json' | 'page' | undefined {
  const first = text.trimStart().slice(0, 1)
  if (first === '') return undefined
  if (first === '<') return 'page'
  return first === '{' || first === '[' ? 'json' : 'events'
}

function eventPieces({ event, data }: ServerSentEvent, doing: string): AnswerPiece[] {
  // Proxies put the name of the field in front once more.
  const text = data.trim().replace(/^(?:data:\s{0,4}){1,4}/u, '')
  if (IS_DONE.test(text) || IS_END_EVENT.test(event)) return [{ type: 'done' }]
  const isError = event === 'error' || IS_ERROR_TEXT.test(text)
  // `: keepalive`, `ping`, `[PING]`, `OPENROUTER PROCESSING`: what is no JSON is no part of the answer.
  if (!/^[{[]/u.test(text) || IS_SIGN.test(text)) {
    return isError ? [{ type: 'fault', error: serverFault(serverFaultOf(text), doing) }] : []
  }
  const whole = jsonOf(text)
  if (whole !== undefined)
    return whole.flatMap((value) => valuePieces(value, { isError, whole: false, doing }))
  // Two events without an empty line between them come as lines of one.
  if (text.includes('\n'))
    return text.split('\n').flatMap((line) => eventPieces({ event, data: line, id: '' }, doing))
  if (isError) return [{ type: 'fault', error: serverFault(serverFaultOf(text), doing) }]
  return [{ type: 'fault', error: notJson(doing) }]
}

const IS_DONE = /^"?\[?done\]?"?$/i
const IS_END_EVENT = /^(?:done|end|complete|completed|close)$/
const IS_ERROR_TEXT = /^(?:\[error\]|error:)/i
/** A word in brackets or braces. */
const IS_SIGN = /^(?:\[[a-z_ ]{1,40}\]|\{[a-z_ ]{1,40}\})$/i

function bodyPieces(text: string, form: 'json' | 'page', doing: string): AnswerPiece[] {
  if (form === 'page') {
    const what = isHtml(text) ? `a page of HTML${titleOf(text)}` : 'markup'
    return [{ type: 'fault', error: noAnswer(`with ${what}, not JSON (check base_url)`, doing) }]
  }
  const whole = jsonOf(text)
  const values = whole ?? linesOf(text)
  if (values === undefined) return [{ type: 'fault', error: notJson(doing) }]
  return values.flatMap((value) => valuePieces(value, { isError: false, whole: whole !== undefined, doing }))
}

function valuePieces(
  value: unknown,
  { isError, whole, doing }: { isError: boolean; whole: boolean; doing: string },
): AnswerPiece[] {
  const fault = isError ? serverFaultOf(value) : faultWithin(value)
  if (fault) return [{ type: 'fault', error: serverFault(fault, doing) }]
  if (Array.isArray(value)) return value.flatMap((each) => valuePieces(each, { isError, whole, doing }))
  if (typeof value !== 'object' || value === null) return []
  return [{ type: 'piece', value, whole }]
}

/** One value, in a list; `undefined`: not JSON. */
function jsonOf(text: string): unknown[] | undefined {
  const value = parseJson(text)
  return value === undefined ? undefined : [value]
}

function linesOf(text: string): unknown[] | undefined {
  const values: unknown[] = []
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim()
    if (trimmed === '' || IS_DONE.test(trimmed)) continue
    const value = jsonOf(trimmed)
    if (value === undefined) return undefined
    values.push(...value)
  }
  return values
}

function serverFault(fault: ReturnType<typeof serverFaultOf>, doing: string): ProviderError {
  return providerErrorOf({ ...fault, message: fault.message ?? 'error in the stream' }, doing)
}

function notJson(doing: string): ProviderError {
  return new ProviderError('bad-data', `${doing}: the server sent something that is not JSON`)
}

function noAnswer(how: string, doing: string): ProviderError {
  return new ProviderError('bad-data', `${doing}: the server answered ${how}`)
}

function told(text: string): string {
  return JSON.stringify(text.trim().slice(0, MAX_TOLD_CHARS))
}
