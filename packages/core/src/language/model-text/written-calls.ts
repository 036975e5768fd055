import { readPythonicCalls } from './pythonic-calls.ts'
import type { WrittenCall } from './written-call.ts'

/** Lists in objects in lists: a call stands no deeper. */
const MAX_DEPTH = 4
/** Brackets that are tried as the beginning of a call. */
const MAX_TRIES = 64

/** All calls in a text of any notation; none where it cannot be read. */
export function readWrittenCalls(text: string): readonly WrittenCall[] {
  const plain = text.replace(/(?<=<\/?)[|｜]DSML[|｜]/gu, '')
  for (const read of [readTagged, readPythonic, readNamed, readJson]) {
    const calls = read(plain)
    if (calls.length > 0) return calls
  }
  return []
}

/** Whether a JSON value has the shape of a call, whatever it is named. */
export function callsInJson(value: unknown, depth = 0): readonly WrittenCall[] {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return []
  if (Array.isArray(value)) {
    const calls = value.map((each) => callsInJson(each, depth + 1))
    return calls.every((each) => each.length > 0) ? calls.flat() : []
  }
  const fields = value as Record<string, unknown>
  for (const inner of [fields['tool_calls'], fields['function_call'], fields['function']]) {
    const calls = callsInJson(inner, depth + 1)
    if (calls.length > 0) return calls
  }
  const name = [
    fields['name'],
    fields['function'],
    fields['tool'],
    fields['tool_name'],
    fields['recipient_name'],
    fields['action_input'] === undefined ? undefined : fields['action'],
  ].find((each) => typeof each === 'string' && each !== '')
  const args =
    fields['arguments'] ?? fields['parameters'] ?? fields['args'] ?? fields['input'] ?? fields['action_input']
  if (name === undefined || args === undefined) return []
  return [{ name: name as string, arguments: typeof args === 'string' ? args : JSON.stringify(args) }]
}

/** The end of the object or list that begins at `from`; `undefined`: it is not whole. */
export function jsonEnd(text: string, from: number): number | undefined {
  let depth = 0
  let quoted = false
  for (let at = from; at < text.length; at++) {
    const char = text[at]!
    if (quoted) {
      if (char === '\\') at++
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') {
      depth--
      if (depth === 0) return at + 1
    }
  }
  return undefined
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `<function=book><parameter=size>4</parameter></function>`, `<invoke name="book">…`, `<arg_key>` and `<arg_value>`. */
function readTagged(text: string): WrittenCall[] {
  const calls: WrittenCall[] = []
  const heads =
    /<(?:[\w-]+:)?(?:function=|(?:function|invoke|tool_call)\s+name=)["']?([\w./:-]+)["']?\s*>?/giu
  const found = [...text.matchAll(heads)]
  for (const [index, head] of found.entries()) {
    const body = text.slice(head.index + head[0].length, found[index + 1]?.index)
    calls.push({ name: head[1]!, arguments: argumentsIn(body) })
  }
  if (calls.length > 0 || !text.includes('<arg_key>')) return calls
  const name = /^\s*(?:<[^<>]*>\s*)?([\w./:-]+)/u.exec(text)?.[1]
  return name === undefined ? [] : [{ name, arguments: argumentsIn(text) }]
}

function argumentsIn(body: string): string {
  const pairs: [string, unknown][] = []
  for (const [name, value] of namedParameters(body)) pairs.push([name, valueOf(value)])
  for (const [name, value] of keyedArguments(body)) pairs.push([name.trim(), valueOf(value)])
  if (pairs.length > 0) return JSON.stringify(Object.fromEntries(pairs))
  const from = body.indexOf('{')
  const end = from < 0 ? undefined : jsonEnd(body, from)
  return end === undefined ? '{}' : body.slice(from, end)
}

const PARAMETER_TAG =
  /<(\/)?(?:[\w-]{1,32}:)?parameter(?:(?:=|\s{1,8}name=)["']?([\w.-]{1,128})["']?[^<>]{0,200})?>/giu

/** `<parameter=size>4</parameter>`, `<parameter name="size">4</parameter>`. One look at each tag. */
function* namedParameters(body: string): Generator<readonly [name: string, value: string]> {
  let open: { readonly name: string; readonly from: number } | undefined
  for (const tag of body.matchAll(PARAMETER_TAG)) {
    const [whole, closes, name] = tag
    if (closes === undefined) {
      if (open === undefined && name !== undefined) open = { name, from: tag.index + whole.length }
    } else if (open !== undefined) {
      yield [open.name, body.slice(open.from, tag.index)]
      open = undefined
    }
  }
}

/** `<arg_key>size</arg_key><arg_value>4</arg_value>`, as GLM writes. */
function* keyedArguments(body: string): Generator<readonly [name: string, value: string]> {
  let at = 0
  for (;;) {
    const key = between(body, '<arg_key>', '</arg_key>', at)
    const value = key && between(body, '<arg_value>', '</arg_value>', key.end)
    if (!value) return
    yield [key.text, value.text]
    at = value.end
  }
}

function between(body: string, opening: string, closing: string, from: number) {
  const at = body.indexOf(opening, from)
  const end = at < 0 ? -1 : body.indexOf(closing, at)
  return end < 0 ? undefined : { text: body.slice(at + opening.length, end), end: end + closing.length }
}

/** The schema of the tool says later what a text was meant to be. */
function valueOf(text: string): unknown {
  const trimmed = text.replace(/^\n|\n$/g, '')
  return /^\s*[{[]/u.test(trimmed) ? (parseJson(trimmed) ?? trimmed) : trimmed
}

function readPythonic(text: string): readonly WrittenCall[] {
  const plain = text.replace(/<[^<>\n]{1,64}>|```[a-z_]*/gu, '').trim()
  return readPythonicCalls(plain)?.calls ?? []
}

/** A name before its arguments: `book{"size":4}`, `functions.book:0<|…|>{…}`, `function<｜…｜>book⏎{…}`. */
function readNamed(text: string): WrittenCall[] {
  const calls: WrittenCall[] = []
  const plain = text
    .replace(/<[|｜][^|｜<>\n]{1,48}[|｜]>/gu, '\n')
    .replace(/```[a-z]*|\[(?:ARGS|CALL_ID)\]/gu, '\n')
  const head = /(?:^|[\s;,\]>])([A-Za-z_][\w./:-]{0,80})\s*(?=\{)/gu
  for (let at = 0; ;) {
    head.lastIndex = at
    const found = head.exec(plain)
    if (!found) return calls
    const from = found.index + found[0].length
    const end = jsonEnd(plain, from)
    const args = end === undefined ? undefined : plain.slice(from, end)
    if (args === undefined || parseJson(args) === undefined) return calls
    calls.push({ name: found[1]!, arguments: args })
    at = end!
  }
}

function readJson(text: string): WrittenCall[] {
  const calls: WrittenCall[] = []
  let at = 0
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const begins = text.slice(at).search(/[{[]/u)
    if (begins < 0) break
    at += begins
    const end = jsonEnd(text, at)
    const value = end === undefined ? undefined : parseJson(text.slice(at, end))
    calls.push(...callsInJson(value))
    at = value === undefined ? at + 1 : end!
  }
  return calls
}
