import {
  BRACKET_NAMES,
  barredKind,
  HALF_BARRED,
  isOwnRole,
  type MarkKind,
  TAG_NAMES,
  tagKind,
} from './mark-names.ts'

/**
 * What stands at one place of a model's text. A verdict other than `wait` never changes, whatever text follows: this
 * is what makes the words independent of how the text was split into tokens.
 * - `text`: words, `length` characters of them.
 * - `wait`: the next characters will tell, `MAX_MARK_CHARS` at the most.
 * - `json`: an object or list that may be a tool call begins `length` characters further on (behind a fence);
 *   `python`: the same of a list of calls as Python writes them.
 * - others: a mark of `length` characters.
 */
export type MarkVerdict =
  | { readonly kind: 'wait' }
  | { readonly kind: 'text' | 'json' | 'python'; readonly length: number }
  | {
      readonly kind: Exclude<MarkKind, 'turn'>
      readonly length: number
      /** In small letters: which one ends which. */
      readonly name: string
      readonly closes: boolean
    }

/** Where a mark may begin. */
export const MARK_START = /[<[{`◁✿\n]/
/** A mark that is longer is none. */
export const MAX_MARK_CHARS = 128

const WAIT: MarkVerdict = { kind: 'wait' }
const TEXT: MarkVerdict = { kind: 'text', length: 1 }

/** The keys one of which a tool call written as JSON begins with. */
const CALL_KEYS = [
  'name',
  'function',
  'tool',
  'tool_name',
  'function_name',
  'tool_call',
  'tool_uses',
  'functionCall',
  'toolUse',
  'type',
  'arguments',
  'parameters',
  'tool_calls',
  'action',
]
const CALL_KEY_LIST = [...CALL_KEYS, 'id', 'recipient_name', 'function_call']

/** Judges the place `at`, where a character of `MARK_START` stands. `ended`: nothing more will come. */
export function judgeMark(text: string, at: number, ended: boolean): MarkVerdict {
  const rest = text.slice(at, at + MAX_MARK_CHARS)
  const verdict = judge(rest)
  const isFinal = ended || rest.length === MAX_MARK_CHARS
  return verdict.kind === 'wait' && isFinal ? (judgeLast(rest) ?? TEXT) : verdict
}

function judge(rest: string): MarkVerdict {
  if (rest.startsWith('{')) return judgeJson(rest, 0)
  if (rest.startsWith('`')) return judgeFence(rest)
  if (rest.startsWith('[')) return judgeBracket(rest)
  if (rest.startsWith('◁')) return judgeTriangle(rest)
  if (rest.startsWith('✿')) return judgeFlower(rest)
  if (rest.startsWith('\n')) return judgeLine(rest)
  if (rest.length === 1) return WAIT
  return (
    judgeDsml(rest) ?? judgeHalfBarred(rest) ?? (/^<[|｜]/u.test(rest) ? judgeBarred(rest) : judgeTag(rest))
  )
}

/** DeepSeek's newer tags have this in front of their names: `<｜DSML｜invoke name="book">`. */
function judgeDsml(rest: string): MarkVerdict | undefined {
  const marker = /^<\/?([|｜]DSML[|｜])/u.exec(rest)?.[1]
  if (marker === undefined) return /^<\/?[|｜](?:D|DS|DSM|DSML)$|^<\/[|｜]$/u.test(rest) ? WAIT : undefined
  const verdict = judgeTag(rest.replace(marker, ''))
  return verdict.kind === 'text' || verdict.kind === 'wait'
    ? verdict
    : { ...verdict, length: verdict.length + marker.length }
}

/** `<|channel>thought`, `<channel|>`, `<|turn>model`. */
function judgeHalfBarred(rest: string): MarkVerdict | undefined {
  const [whole, opens, closes] = /^<(?:\|([a-z_]{2,16})>|([a-z_]{2,16})\|>)/u.exec(rest) ?? []
  if (whole === undefined) return /^<[a-z_]{2,16}\|$/u.test(rest) ? WAIT : undefined
  const name = opens ?? closes!
  const kind = HALF_BARRED.get(name)
  if (kind === undefined) return undefined
  if (kind === 'turn' && closes !== undefined)
    return { kind: 'token', name: 'end_of_turn', length: whole.length, closes: true }
  return markOf({ kind, name, length: whole.length, closes: closes !== undefined }, rest)
}

/** What was waited for will not come: a turn mark without its role is a token. */
function judgeLast(rest: string): MarkVerdict | undefined {
  const mark = /^<[^<>\n]{1,64}>/u.exec(rest)?.[0]
  return mark && /start/i.test(mark)
    ? { kind: 'token', length: mark.length, name: 'turn', closes: false }
    : undefined
}

function judgeTag(rest: string): MarkVerdict {
  if (rest.startsWith('<<')) return judgeDouble(rest)
  const citation = /^<\/?co:\s?(?:\d{1,3}[,\s]{0,2}){0,8}(>)?/u.exec(rest)
  // Command R names the sources of its words: `<co: 0>at nine</co: 0>`.
  if (citation?.[1]) return { kind: 'token', name: 'co', length: citation[0].length, closes: false }
  if (citation?.[0] === rest) return WAIT
  const whole = /^<\s?(\/?)\s?([a-z][\w:.-]*|0x[0-9a-f]{2})(=[^<>{\s]*|\s[^<>]*)?\s?\/?>/iu.exec(rest)
  if (whole) {
    const name = whole[2]!.toLowerCase().replace(/^.*:/, '')
    const kind = tagKind(name)
    if (kind === undefined) return TEXT
    const { length } = whole[0]
    // Nothing is in it.
    if (whole[0].endsWith('/>')) return { kind: 'token', name, length, closes: false }
    return markOf(
      { kind, name, length, closes: whole[1] === '/' || /^unused95$|^end_function/.test(name) },
      rest,
    )
  }
  // Models that are refused for it write `<function=book{"size":4}</function>`.
  if (/^<function=[\w.-]+[{\s]/u.test(rest)) {
    return { kind: 'call', name: 'function', length: 9, closes: false }
  }
  const part = /^<\s?\/?\s?([a-z][\w:.-]*|0x?[0-9a-f]{0,2})?(=[^<>{\s]*|\s[^<>]*|\s?\/)?$/iu.exec(rest)
  if (!part) return TEXT
  const name = part[1]?.toLowerCase().replace(/^.*:/, '') ?? ''
  const isWhole = part[2] !== undefined
  if (isWhole) return tagKind(name) === undefined ? TEXT : WAIT
  const mayBe = [...TAG_NAMES.keys()].some((known) => known.startsWith(name)) || OWN_NAME.test(name)
  return mayBe ? WAIT : TEXT
}

/** Llama 2 writes `<<SYS>>`. */
function judgeDouble(rest: string): MarkVerdict {
  for (const [mark, closes] of [
    ['<<SYS>>', false],
    ['<</SYS>>', true],
  ] as const) {
    if (rest.startsWith(mark)) return { kind: 'token', name: 'sys', length: mark.length, closes }
    if (mark.startsWith(rest)) return WAIT
  }
  return TEXT
}

/** `seed:think`, `longcat_think`, `0x0a`, `think_never_used_…`: what such a name may begin with. */
const OWN_NAME = /^[a-z0-9]{1,10}(?:_[a-z_]{0,9})?$|^think\w{0,100}$/

function judgeBarred(rest: string): MarkVerdict {
  const whole = /^<[|｜]([^|｜<>\n]{1,48})[|｜]>/u.exec(rest)
  if (!whole) return /^<[|｜][^|｜<>\n]{0,48}[|｜]?$/u.test(rest) ? WAIT : TEXT
  const name = whole[1]!.toLowerCase().replaceAll('▁', '_').trim()
  const closes = /^\/|^end|[_-](?:end|suffix)$/.test(name)
  return markOf({ kind: barredKind(name.replace(/^\//, '')), name, length: whole[0].length, closes }, rest)
}

/** A mark of its kind; one that begins a turn together with the role it is for. */
function markOf(
  mark: { kind: MarkKind; name: string; length: number; closes: boolean },
  rest: string,
): MarkVerdict {
  if (mark.kind !== 'turn') return { ...mark, kind: mark.kind }
  const role = /^[ \t]*([a-z_]+)(?![a-z_])(.|\n)/iu.exec(rest.slice(mark.length))
  if (!role) return /^[ \t]*[a-z_]*$/iu.test(rest.slice(mark.length)) ? WAIT : { ...mark, kind: 'token' }
  // The line of the role ends with it.
  const roleLength = role[2] === '\n' ? role[0].length : role[0].length - role[2]!.length
  return { ...mark, kind: isOwnRole(role[1]!) ? 'token' : 'foreign', length: mark.length + roleLength }
}

function judgeBracket(rest: string): MarkVerdict {
  // EXAONE writes its tokens so: `[|assistant|]`.
  if (rest.startsWith('[|')) {
    return judgeBarred(rest.replace('[|', '<|').replace(/^(<\|[^|<>\n]{1,48}\|)\]/u, '$1>'))
  }
  const whole = /^\[(\/?)([A-Z_]{2,16}|think|tool_calls?)\]/u.exec(rest)
  const kind = whole ? BRACKET_NAMES.get(whole[2]!) : undefined
  if (whole && kind) {
    const closes = whole[1] === '/' || whole[2]!.startsWith('END_')
    const isToken = kind === 'foreign' && closes
    return {
      kind: isToken ? 'token' : (kind as Exclude<MarkKind, 'turn'>),
      name: whole[2]!.toLowerCase(),
      length: whole[0].length,
      closes,
    }
  }
  const part = /^\[\/?([A-Z_]*|[a-z_]*)$/u.exec(rest)
  if (part && [...BRACKET_NAMES.keys()].some((name) => name.startsWith(part[1]!))) return WAIT
  return judgePython(rest, 0) ?? judgeJson(rest, 0)
}

function judgeTriangle(rest: string): MarkVerdict {
  for (const [mark, closes] of [
    ['◁think▷', false],
    ['◁/think▷', true],
  ] as const) {
    if (rest.startsWith(mark)) return { kind: 'thought', name: 'think', length: mark.length, closes }
    if (mark.startsWith(rest)) return WAIT
  }
  return TEXT
}

/** Qwen-Agent: `✿FUNCTION✿: book`, and on the next line `✿ARGS✿: {…}`. */
function judgeFlower(rest: string): MarkVerdict {
  const whole = /^✿(FUNCTION|ARGS|RESULT|RETURN)✿:?/u.exec(rest)
  if (!whole) return /^✿[A-Z]{0,8}✿?$/u.test(rest) ? WAIT : TEXT
  return { kind: 'call', name: 'flower', length: whole[0].length, closes: /^RE/.test(whole[1]!) }
}

/** A line that begins a turn which the model made up: `Human: And on Sunday?`. */
function judgeLine(rest: string): MarkVerdict {
  const whole = /^\n\s{0,8}(?:#{1,4} ?(?:Human|User|Instruction|Input)|Human|HUMAN|User|USER):/u.exec(rest)
  if (whole) return { kind: 'foreign', name: 'line', length: whole[0].length, closes: false }
  const part = /^\n\s{0,8}(?:#{1,4} ?)?([A-Za-z]{0,11})$/u.exec(rest)
  return part && MADE_UP.some((role) => role.startsWith(part[1]!)) ? WAIT : TEXT
}

const MADE_UP = ['Human', 'HUMAN', 'User', 'USER', 'Instruction', 'Input']

/** `[weather(city="Haifa")]`: Llama 4 and others. */
function judgePython(rest: string, from: number): MarkVerdict | undefined {
  const part = /^\[\s{0,8}(?:[A-Za-z_][\w.]{0,80}(\()?)?/u.exec(rest.slice(from))?.[0]
  if (part?.endsWith('(')) return { kind: 'python', length: from }
  return part !== undefined && part.length === rest.length - from ? WAIT : undefined
}

function judgeFence(rest: string): MarkVerdict {
  // Gemma's; what is in it is Python.
  if (rest.startsWith('```tool_code\n')) return { kind: 'python', length: 13 }
  const fence = /^```[a-z_-]{0,16}\s{0,8}(?=[{[])/iu.exec(rest)
  if (fence) return judgeJson(rest, fence[0].length)
  return /^`{1,2}$|^```[a-z_-]{0,16}\s{0,8}$/iu.test(rest) ? WAIT : TEXT
}

function judgeJson(rest: string, from: number): MarkVerdict {
  const json = rest.slice(from)
  const key = /^(?:\[\s{0,8})?\{\s{0,8}"(\w+)"\s{0,8}:/u.exec(json)
  if (key) return CALL_KEY_LIST.includes(key[1]!) ? { kind: 'json', length: from } : TEXT
  const part = /^(?:\[\s{0,8})?(?:\{\s{0,8}(?:"(\w*)"?\s{0,8})?)?$/u.exec(json)
  if (!part) return TEXT
  // A list may hold anything; words in brackets are no list of objects.
  return CALL_KEY_LIST.some((known) => known.startsWith(part[1] ?? '')) ? WAIT : TEXT
}
