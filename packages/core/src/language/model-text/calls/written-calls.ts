import { parseJson } from '../../../kit/json-as-written.ts'
import { readPythonicCalls, readPythonValue } from './pythonic-calls.ts'
import type { WrittenCall } from './written-call.ts'

/** Lists in objects in lists: a call stands no deeper. */
const MAX_DEPTH = 4
/** Brackets that are tried as the beginning of a call. */
const MAX_TRIES = 64

/** All calls in a text of any notation; none where it cannot be read. */
export function readWrittenCalls(text: string): readonly WrittenCall[] {
  const plain = text.replace(/(?<=<\/?)[|｜]DSML[|｜]/gu, '')
  for (const read of [readTagged, readGemma, readPythonic, readNamed, readJson, readLoose, readNameAlone]) {
    const calls = read(plain)
    if (calls.length > 0) return calls
  }
  return []
}

/** What stands behind each `call:` that a call begins with: one may stand in the texts of another. */
function gemmaCalls(text: string): readonly string[] {
  const calls: string[] = []
  for (const piece of text.split('call:').slice(1)) {
    if (/^[\w.:/-]{1,100}\{/u.test(piece)) calls.push(piece)
    else if (calls.length > 0) calls[calls.length - 1] += `call:${piece}`
  }
  return calls
}

/** `call:book{size:4,name:<escape>Dana<escape>}`, `<|"|>` for quotes in newer ones. */
function readGemma(text: string): WrittenCall[] {
  const calls: WrittenCall[] = []
  for (const part of gemmaCalls(text)) {
    const name = part.slice(0, part.indexOf('{'))
    const json = part
      .slice(name.length)
      .split(/<\|"\|>|<escape>/u)
      .map((piece, index) =>
        index % 2 === 1
          ? JSON.stringify(piece)
          : piece.replace(/([{,]\s{0,8})([A-Za-z_]\w{0,80})\s{0,8}:/gu, '$1"$2":'),
      )
      .join('')
    const args = json.slice(0, jsonEnd(json, 0))
    if (parseJson(args) === undefined) return []
    calls.push({ name, arguments: args })
  }
  return calls
}

/** JSON as models get it wrong: a map of Python, a comma or a line feed too many, a bracket too few. */
function readLoose(text: string): readonly WrittenCall[] {
  const from = text.search(/[{[]/u)
  if (from < 0) return []
  // Behind its last bracket stands a tag, or a fence.
  const body = text.slice(from, Math.max(text.lastIndexOf('}'), text.lastIndexOf(']')) + 1)
  const oneLine = body.replaceAll(/[\n\r]/gu, ' ')
  for (const value of [parseJson(oneLine), parseJson(`${body}}`), readPythonValue(oneLine)]) {
    const calls = callsInJson(value, 0, true)
    if (calls.length > 0) return calls
  }
  return []
}

/** A tool without arguments: `<tool_call>hang_up</tool_call>`, and `<name>book</name>` with arguments behind it. */
function readNameAlone(text: string): WrittenCall[] {
  const tagged = /<(?:tool_?)?name>\s{0,8}([\w./:-]{1,80})\s{0,8}</iu.exec(text)
  if (tagged)
    return [{ name: tagged[1]!, arguments: argumentsIn(text.slice(tagged.index + tagged[0].length)) }]
  const bare = text.replaceAll(/<[^<>\n]{1,64}>/gu, '').trim()
  return /^[A-Za-z_][\w./:-]{0,80}$/u.test(bare) ? [{ name: bare, arguments: '{}' }] : []
}

/** Fields with calls in them. */
const WITHIN = [
  'tool_calls',
  'tool_call',
  'tool_uses',
  'function_call',
  'functionCall',
  'toolUse',
  'function',
]

/**
 * Whether a JSON value has the shape of a call, whatever it is named. `isCall`: it stands where nothing but a call
 * does, so that one without arguments is one, too, and `{"book": {…}}`.
 */
export function callsInJson(value: unknown, depth = 0, isCall = false): readonly WrittenCall[] {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return []
  if (Array.isArray(value)) {
    const calls = value.map((each) => callsInJson(each, depth + 1, isCall))
    return calls.every((each) => each.length > 0) ? calls.flat() : []
  }
  const fields = value as Record<string, unknown>
  for (const inner of WITHIN) {
    const calls = callsInJson(fields[inner], depth + 1, isCall)
    if (calls.length > 0) return calls
  }
  const name = [
    fields['name'],
    fields['function'],
    fields['tool'],
    fields['tool_name'],
    fields['recipient_name'],
    fields['function_name'],
    fields['action'],
  ].find((each) => typeof each === 'string' && each !== '')
  const args = ARGUMENTS.map((each) => fields[each]).find((each) => each !== undefined && each !== null)
  const hasArgs = ARGUMENTS.some((each) => fields[each] !== undefined)
  if (name === undefined) return isCall ? namedByKey(fields) : []
  if (!hasArgs && !isCall) return []
  if (args === undefined) return [{ name: name as string, arguments: '{}' }]
  return [{ name: name as string, arguments: typeof args === 'string' ? args : JSON.stringify(args) }]
}

const ARGUMENTS = ['arguments', 'parameters', 'args', 'input', 'tool_input', 'action_input'] as const

/** `{"book": {"size": 4}}` */
function namedByKey(fields: Readonly<Record<string, unknown>>): WrittenCall[] {
  const [[name, args] = [], another] = Object.entries(fields)
  if (name === undefined || another !== undefined || typeof args !== 'object' || args === null) return []
  return [{ name, arguments: JSON.stringify(args) }]
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

/** `<function=book><parameter=size>4</parameter></function>`, `<invoke name="book">…`, `<arg_key>` and `<arg_value>`. */
function readTagged(text: string): WrittenCall[] {
  const calls: WrittenCall[] = []
  const heads =
    /<(?:[\w-]+:)?(?:function=|(?:function|invoke|tool_call|function_call|tool|call)\s+name=)["']?([\w./:-]+)["']?\s*>?/giu
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
  // Some leave the last one open.
  if (open !== undefined) yield [open.name, body.slice(open.from).replace(/<\/?[^<>]{1,64}>[^]*$/u, '')]
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
    .replace(/\[CALL_ID\][\w-]{0,64}/gu, ' ')
    .replace(/```[a-z]*|\[ARGS\]|✿ARGS✿:?/gu, '\n')
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
    calls.push(...callsInJson(value, 0, true))
    at = value === undefined ? at + 1 : end!
  }
  return calls
}
