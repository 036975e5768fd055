import { parseJson } from '../../kit/json-as-written.ts'
import { tagKind } from './mark-names.ts'
import { bracketEnd, readPythonicCalls } from './calls/pythonic-calls.ts'
import type { WrittenCall } from './calls/written-call.ts'
import { callsInJson, jsonEnd } from './calls/written-calls.ts'

/** What a place of the text is: `call` of `length` characters, which the calls stand in; `wait`: the next will tell. */
export type BareVerdict =
  | { readonly kind: 'wait' | 'text' }
  | { readonly kind: 'call'; readonly length: number; readonly calls: readonly WrittenCall[] }

/**
 * Finds calls that a model has written with no mark around them, by the names of the tools that there are and a form
 * that words do not have: `hang_up()`, `book(size=4)`, `book {"size":4}`, `call:book{…}`, `>>>book⏎{…}`,
 * `Action: book⏎Action Input: {…}`, `[hang_up]`, `<hang_up/>`, `<book>{…}</book>`; and by no name at all Phi's `functools[{…}]`. A name alone is a word.
 */
export interface BareCalls {
  /** Where the next one may begin, `until` at the latest, or -1. `before`: the character in front of the text. */
  search(text: string, before: string, until: number): number
  /** Judges the beginning of a text. `ended`: nothing more will come. */
  judge(text: string, ended: boolean): BareVerdict
}

const WAIT: BareVerdict = { kind: 'wait' }
const TEXT: BareVerdict = { kind: 'text' }
/** What is longer and not yet whole is none. */
const MAX_CHARS = 8_192
/** In front of the name: of Functionary, of Gemma where the tags are gone, of ReAct. */
const PREFIXES = ['', '>>>', 'call:', 'functions.', 'Action: ']
const BEGINNING = /(?<![\w.:/>-])[A-Za-z_>]|[[<]/g
const INPUT = 'Action Input: '
/** What Phi has in front of a list of calls. */
const LIST = 'functools['

/** `names`: of the tools, as they are declared. */
export function createBareCalls(names: readonly string[]): BareCalls {
  // A tool may be called as a tag of a template is.
  const tags = names.filter((name) => tagKind(name.toLowerCase()) === undefined)
  const heads = PREFIXES.flatMap((prefix) => names.map((name) => ({ written: prefix + name, name })))

  function mayBegin(text: string): boolean {
    if (/^[[<]/.test(text)) return judgeMarked(text, tags).kind !== 'text'
    return [LIST, ...heads.map(({ written }) => written)].some(
      (written) => written.startsWith(text) || text.startsWith(written),
    )
  }

  return {
    search(text, before, until) {
      BEGINNING.lastIndex = 0
      for (let found = BEGINNING.exec(text); found; found = BEGINNING.exec(text)) {
        if (found.index > until) return -1
        if (found.index === 0 && /[\w.:/>-]/.test(before)) continue
        if (mayBegin(text.slice(found.index, found.index + MAX_CHARS))) return found.index
      }
      return -1
    },
    judge(text, ended) {
      const verdict = judge(text.slice(0, MAX_CHARS), ended)
      return verdict === WAIT && (ended || text.length >= MAX_CHARS) ? TEXT : verdict
    },
  }

  function judge(text: string, ended: boolean): BareVerdict {
    if (/^[[<]/.test(text)) return judgeMarked(text, tags)
    if (text.startsWith(LIST)) return judgeList(text, ended)
    const head = heads.find(({ written }) => text.startsWith(written) && !isOfName(text, written))
    if (head === undefined)
      return LIST.startsWith(text) || heads.some(({ written }) => written.startsWith(text)) ? WAIT : TEXT
    return judgeBehind(text, head.written.length, head.name, ended)
  }
}

/** One that was cut off is no word either. */
function judgeList(text: string, ended: boolean): BareVerdict {
  const end = jsonEnd(text, LIST.length - 1)
  if (end === undefined) return ended ? { kind: 'call', length: text.length, calls: [] } : WAIT
  const calls = callsInJson(parseJson(text.slice(LIST.length - 1, end)), 0, true)
  return calls.length === 0 ? TEXT : { kind: 'call', length: end, calls }
}

function isOfName(text: string, written: string): boolean {
  return /[\w-]/.test(text.charAt(written.length))
}

function judgeBehind(text: string, from: number, name: string, ended: boolean): BareVerdict {
  const behind = text.slice(from)
  if (behind.startsWith('(')) return judgeBrackets(text, from, name)
  // ReAct's, of a tool without arguments.
  if (ended && behind.trim() === '' && text.startsWith('Action: ')) return callOf(name, '{}', text.length)
  const space = /^\s{0,3}/.exec(behind)![0].length
  const said = behind.slice(space)
  const input = said.startsWith(INPUT) ? INPUT.length : 0
  const json = said.slice(input)
  if (INPUT.startsWith(said)) return WAIT
  if (!json.startsWith('{')) return TEXT
  const start = from + space + input
  const end = jsonEnd(text, start)
  if (end === undefined) return WAIT
  const args = text.slice(start, end)
  return parseJson(args) === undefined ? TEXT : callOf(name, args, end)
}

/** `hang_up()`, `book(size=4)`, `book({"size": 4})`; and not the `book(s)` of which somebody speaks. */
function judgeBrackets(text: string, from: number, name: string): BareVerdict {
  const inside = text.slice(from + 1)
  if (!/^\s{0,8}(?:\)|\{|[A-Za-z_]\w{0,80}\s?=|[A-Za-z_]?\w{0,80}\s?$)/.test(inside)) return TEXT
  const end = bracketEnd(text, from)
  if (end === undefined) return WAIT
  const call = readPythonicCalls(name + text.slice(from, end))?.calls[0]
  return call === undefined ? TEXT : callOf(name, call.arguments, end)
}

/** `[hang_up]`, `<hang_up/>`, `<book>{"size":4}</book>`. */
function judgeMarked(text: string, tags: readonly string[]): BareVerdict {
  const part = /^[[<]([\w-]{0,80})\s?\/?$/.exec(text)?.[1]
  if (part !== undefined) return tags.some((name) => name.startsWith(part)) ? WAIT : TEXT
  const [whole = '', bracketed, tagged, closed] =
    /^(?:\[([\w-]{1,80})\]|<([\w-]{1,80})(\s?\/)?>)/.exec(text) ?? []
  const name = tags.find((each) => each === (bracketed ?? tagged))
  if (name === undefined) return TEXT
  if (bracketed !== undefined || closed !== undefined) return callOf(name, '{}', whole.length)
  const closing = `</${name}>`
  const end = text.indexOf(closing)
  if (end < 0) return WAIT
  const args = text.slice(whole.length, end).trim() || '{}'
  return parseJson(args) === undefined ? TEXT : callOf(name, args, end + closing.length)
}

function callOf(name: string, args: string, length: number): BareVerdict {
  return { kind: 'call', length, calls: [{ name, arguments: args }] }
}
