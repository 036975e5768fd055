import type { LlmToolCall } from '@kav/core'
import { fieldsOf } from '../foreign-fields.ts'
import type { LlmParams } from './llm-params.ts'

/**
 * Servers that keep thoughts apart from the text want them back, as they came, with the tool calls that came of them:
 * DeepSeek and Kimi refuse the next request with 400 otherwise, Gemini and OpenRouter lose the thread. They travel as
 * an opaque part of the answer's first call: nobody speaks, remembers or records them, and with the call they go.
 */
export interface KeptThought {
  /** Fields of a message or of a piece of one. Answers whether they hold a thought. */
  add(message: unknown): boolean
  /** As the server wants it back; `undefined`: there was none. */
  readonly fields: Readonly<Record<string, unknown>> | undefined
}

/** Where servers put thoughts, or what stands for them. */
const FIELDS = [
  'reasoning_content', // DeepSeek, Kimi, Qwen, GLM, vLLM, SGLang, llama.cpp, xAI
  'reasoning', // OpenRouter, Groq, Cerebras, Ollama, newer vLLM
  'reasoning_details', // OpenRouter, MiniMax
  'reasoning_text', // Copilot
  'reasoning_opaque',
  'thinking_blocks', // LiteLLM
  'thought_signature',
  'extra_content', // Gemini
]
/** More is no thought that a phone call has time for; what is beyond is left out. */
const MAX_CHARS = 262_144

export function createKeptThought(): KeptThought {
  let kept: Record<string, unknown> | undefined
  let chars = 0
  return {
    add(message) {
      const sent = fieldsOf(message)
      let holdsThought = false
      for (const name of FIELDS) {
        const value = sent[name]
        if (value === undefined || value === null) continue
        holdsThought ||= value !== '' && name !== 'extra_content'
        chars += typeof value === 'string' ? value.length : JSON.stringify(value).length
        if (chars <= MAX_CHARS) kept = { ...kept, [name]: merged(kept?.[name], value) }
      }
      return holdsThought
    },
    get fields() {
      return kept
    },
  }
}

/** Texts come in pieces, lists too; of anything else the last one counts. */
function merged(before: unknown, piece: unknown): unknown {
  if (typeof before === 'string' && typeof piece === 'string') return before + piece
  if (Array.isArray(piece)) {
    const all: unknown[] = Array.isArray(before) ? [...(before as unknown[])] : []
    for (const part of piece as unknown[]) {
      const last = all.at(-1)
      if (continues(last, part)) all[all.length - 1] = joined(last, part)
      else all.push(part)
    }
    return all
  }
  if (isObject(before) && isObject(piece)) return { ...before, ...piece }
  return piece
}

const TEXTS = ['text', 'summary', 'thinking']

function continues(last: unknown, part: unknown): boolean {
  const [one, other] = [fieldsOf(last), fieldsOf(part)]
  const isText = TEXTS.some((name) => typeof other[name] === 'string') || other.signature !== undefined
  const isSame = (name: string) =>
    one[name] === undefined || other[name] === undefined || one[name] === other[name]
  return last !== undefined && isText && one.type === other.type && isSame('index') && isSame('id')
}

function joined(last: unknown, part: unknown): unknown {
  const one = fieldsOf(last)
  const entries = Object.entries(fieldsOf(part))
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => {
      const before = one[name]
      const isPiece = TEXTS.includes(name) && typeof before === 'string' && typeof value === 'string'
      return [name, isPiece ? before + value : value] as const
    })
  return { ...one, ...Object.fromEntries(entries) }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The calls of one answer, each with what its server wants back, and whose server it is. */
export function withThought(
  calls: readonly LlmToolCall[],
  { fields }: KeptThought,
  params: LlmParams,
): readonly LlmToolCall[] {
  return calls.map((call, index) => {
    const opaque = { ...call.opaque, ...(index === 0 && fields && { message: fields }) }
    const isEmpty = Object.keys(opaque).length === 0
    return isEmpty ? call : { ...call, opaque: { ...opaque, origin: originOf(params) } }
  })
}

/** What one server has shown of how it wants thoughts back, over all its answers. */
export interface ThoughtHabits {
  /** It refuses calls without this field, whoever made them. */
  wants: 'reasoning_content' | undefined
  /** It does not know the field it sent. */
  refuses: boolean
}

/** A call of another model, or one without a thought, where the server takes none without: some refuse an empty one. */
const NO_THOUGHT = ' '

/** Of a message with calls: what goes back beside them. */
export function thoughtFields(
  calls: readonly LlmToolCall[],
  params: LlmParams,
  { wants, refuses }: ThoughtHabits,
): Readonly<Record<string, unknown>> {
  const own = calls.find((call) => ownOpaque(call, params)?.message !== undefined)
  const kept = refuses || own === undefined ? {} : fieldsOf(ownOpaque(own, params)?.message)
  return wants !== undefined && kept[wants] === undefined ? { ...kept, [wants]: NO_THOUGHT } : kept
}

/** Whose answer a call came in: other servers refuse what they have not sent. */
function originOf({ base_url, model }: LlmParams): string {
  return `${base_url} ${model}`
}

export function ownOpaque(call: LlmToolCall, params: LlmParams): LlmToolCall['opaque'] {
  return call.opaque?.origin === originOf(params) ? call.opaque : undefined
}

const OF_THOUGHTS = /reasoning|thinking|thought/i
const IS_WANTED = /must be (?:passed|provided|included|present)|missing|required/i
const IS_REFUSED =
  /unsupported|not (?:supported|permitted|allowed|accepted)|extra|unknown|unrecogni[sz]ed|unexpected|invalid (?:field|property|key)|additional propert/i

/** Whether the server's refusal taught something, so that asking once more has a chance. */
export function learnFrom(refusal: string, habits: ThoughtHabits): boolean {
  if (!OF_THOUGHTS.test(refusal)) return false
  if (IS_REFUSED.test(refusal)) {
    const isNew = !habits.refuses || habits.wants !== undefined
    habits.refuses = true
    habits.wants = undefined
    return isNew
  }
  if (!IS_WANTED.test(refusal) || habits.wants !== undefined) return false
  habits.wants = 'reasoning_content'
  return true
}
