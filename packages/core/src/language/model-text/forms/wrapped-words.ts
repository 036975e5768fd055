import { parseJson } from '../../../kit/json-as-written.ts'
import type { TextStage } from './text-stage.ts'
import { callsInJson, jsonEnd } from '../calls/written-calls.ts'

/** What models call their words where they were asked for JSON, or take it that they were. */
const WORDS = [
  ...['response', 'answer', 'reply', 'message', 'content', 'text', 'output', 'speech', 'say', 'spoken'],
  ...['assistant', 'final_answer', 'assistant_response', 'response_text'],
]
/** What they put before them: then the object is read as a whole. */
const BESIDE = [
  ...['thought', 'thoughts', 'thinking', 'reasoning', 'analysis', 'type', 'role', 'status', 'intent'],
  ...['emotion', 'language', 'action'],
]
/** Longer and not yet whole: it is left as it is. */
const MAX_CHARS = 8_192

const OPENING = /^\s{0,8}(?:```[a-z]{0,12}\s{0,8})?\{\s{0,8}"(\w{1,40})"\s{0,8}:\s{0,8}"/i
/** Of what may become an opening. */
const PART = /^\s{0,8}(?:`{1,3}[a-z]{0,12}\s{0,8})?(?:\{\s{0,8}(?:"(\w{0,40})(?:"\s{0,8}(?::\s{0,8})?)?)?)?$/i
const FENCE = /^\s{0,8}`{1,3}\s{0,8}/

/**
 * The words of an answer that is one object of JSON, with or without a fence around it: `{"response": "We open at nine."}`.
 * They come as they are written. Any other object, and one in the middle of words, is left as it is.
 */
export function createWrappedWords(): TextStage {
  let state: 'first' | 'string' | 'whole' | 'behind' | 'after' | 'off' = 'first'
  let held = ''
  /** The object so far, from its bracket on. */
  let object = ''

  function read(ended: boolean): string {
    if (state === 'first') begin(ended)
    switch (state) {
      case 'first':
        return ''
      case 'string':
        return inString(ended)
      case 'whole':
        return inWhole(ended)
      case 'behind':
        return behind(ended)
      case 'after':
        return after(ended)
      default:
        return given()
    }
  }

  function given(): string {
    const text = held
    held = ''
    return text
  }

  function begin(ended: boolean): void {
    const opening = OPENING.exec(held)
    state = kindOf(opening?.[1]?.toLowerCase()) ?? (ended || !mayOpen(held) ? 'off' : 'first')
    if (!opening || state !== 'string') return
    object = opening[0].slice(opening[0].indexOf('{'))
    held = held.slice(opening[0].length)
  }

  function inString(ended: boolean): string {
    const { text, written } = stringIn(held)
    object += written
    held = held.slice(written.length)
    if (held.startsWith('"')) {
      state = 'behind'
      return text + behind(ended)
    }
    // An escape that was cut.
    if (ended) held = ''
    return text
  }

  /** What else the object holds is not said; calls are made. */
  function behind(ended: boolean): string {
    object += given()
    const end = jsonEnd(object, 0)
    if (end === undefined && !ended && object.length < MAX_CHARS) return ''
    state = 'after'
    const calls = end === undefined ? [] : callsInJson(parseJson(object.slice(0, end)))
    held = end === undefined ? '' : object.slice(end)
    return written(calls) + after(ended)
  }

  /** The fence behind the object; what follows it is said. */
  function after(ended: boolean): string {
    if (held.length < 24 && /^\s{0,12}`{0,3}\s{0,12}$/.test(held)) {
      if (ended) held = ''
      return ''
    }
    state = 'off'
    return given().replace(FENCE, ' ')
  }

  function inWhole(ended: boolean): string {
    const from = held.indexOf('{')
    const end = jsonEnd(held, from)
    if (end === undefined && !ended && held.length < MAX_CHARS) return ''
    const words = end === undefined ? undefined : wordsIn(parseJson(held.slice(from, end)))
    state = words === undefined ? 'off' : 'after'
    if (words === undefined) return given()
    held = held.slice(end)
    return words + after(ended)
  }

  return {
    push(text) {
      held += text
      return read(false)
    },
    end: () => read(true),
  }
}

function kindOf(name: string | undefined): 'string' | 'whole' | undefined {
  if (name === undefined) return undefined
  if (WORDS.includes(name)) return 'string'
  return BESIDE.includes(name) ? 'whole' : undefined
}

function mayOpen(text: string): boolean {
  const part = PART.exec(text)
  if (!part) return false
  const name = part[1]?.toLowerCase() ?? ''
  return [...WORDS, ...BESIDE].some((known) => known.startsWith(name))
}

function wordsIn(value: unknown): string | undefined {
  const fields = (value ?? {}) as Readonly<Record<string, unknown>>
  // LangChain's way to say that there is nothing more to call.
  const isFinal = typeof fields['action'] === 'string' && /^final.?answer$/i.test(fields['action'])
  if (!isFinal && callsInJson(value).length > 0) return undefined
  const names = isFinal ? ['action_input', ...WORDS] : WORDS
  return names.map((name) => fields[name]).find((field) => typeof field === 'string')
}

function written(calls: ReturnType<typeof callsInJson>): string {
  return calls.map((call) => `<tool_call>${JSON.stringify(call)}</tool_call>`).join('')
}

/** As far as a string of JSON goes, or has come; an escape that is none is its letter. */
function stringIn(text: string): { readonly text: string; readonly written: string } {
  let said = ''
  let at = 0
  for (;;) {
    const piece = /^(?:[^"\\]+|\\u[\da-f]{4}|\\u(?![\da-f]{0,4}$)|\\[^u])/i.exec(text.slice(at))?.[0]
    if (piece === undefined) return { text: said, written: text.slice(0, at) }
    said += piece.startsWith('\\') ? String(parseJson(`"${piece}"`) ?? piece.slice(1)) : piece
    at += piece.length
  }
}
