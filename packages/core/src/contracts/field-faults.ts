import type { LlmEvent } from './llm.ts'
import type { RealtimeEvent } from './realtime.ts'
import { safely } from './safely.ts'
import type { SttEvent, SttWord } from './stt.ts'

/** What JavaScript lets a plugin send where its contract says something else. `null` is the same as absent. */
type Loose<Event> = { readonly [Key in Event extends unknown ? keyof Event : never]?: unknown }

const isAbsent = (value: unknown): boolean => value === undefined || value === null
const isText = (value: unknown): value is string => typeof value === 'string'
const isTextIfAny = (value: unknown): boolean => isAbsent(value) || isText(value)
const isNumberIfAny = (value: unknown): boolean => isAbsent(value) || typeof value === 'number'

/**
 * What is wrong with the fields of an event of a recogniser, in words that repeat none of it; `undefined`: nothing.
 * Only types are looked at: a time that is no number a clock could have is none.
 */
export function sttEventFault(event: SttEvent): string | undefined {
  return faultIn(event, (fields: Loose<SttEvent>) => {
    const { type } = fields
    if (!isText(type)) return 'an event without a type'
    const wrong = WRONG_FIELDS.find((name) => !FIELDS[name](fields[name]))
    if (wrong !== undefined) return `"${wrong}" of ${type} is not ${WHAT[wrong]}`
    return (type === 'partial' || type === 'final') && !isText(fields.text)
      ? `${type} without a text`
      : undefined
  })
}

type CheckedField =
  | 'text'
  | 'language'
  | 'atMs'
  | 'endMs'
  | 'confidence'
  | 'stability'
  | 'probability'
  | 'words'
  | 'alternatives'
  | 'reason'

const FIELDS: Readonly<Record<CheckedField, (value: unknown) => boolean>> = {
  text: isTextIfAny,
  language: isTextIfAny,
  atMs: isNumberIfAny,
  endMs: isNumberIfAny,
  confidence: isNumberIfAny,
  stability: isNumberIfAny,
  probability: isNumberIfAny,
  words: (value) => isAbsent(value) || (Array.isArray(value) && value.every(isWord)),
  alternatives: (value) => isAbsent(value) || (Array.isArray(value) && value.every(isText)),
  reason: isTextIfAny,
}
const WRONG_FIELDS = Object.keys(FIELDS) as readonly CheckedField[]
const WHAT: Readonly<Record<CheckedField, string>> = {
  text: 'a text',
  language: 'a text',
  atMs: 'a number',
  endMs: 'a number',
  confidence: 'a number',
  stability: 'a number',
  probability: 'a number',
  words: 'a list of words with their times',
  alternatives: 'a list of texts',
  reason: 'a text',
}

function isWord(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { word, startMs, endMs, confidence } = value as Loose<SttWord>
  return isText(word) && typeof startMs === 'number' && typeof endMs === 'number' && isNumberIfAny(confidence)
}

/** The same of an event of a language model. Its figures are not looked at: who counts them does. */
export function llmEventFault(event: LlmEvent): string | undefined {
  return faultIn(event, (fields: Loose<LlmEvent>) => {
    const { type } = fields
    if (!isText(type)) return 'an event without a type'
    if (type === 'text' && !isText(fields.text)) return 'text without a text'
    if (type === 'tool-call') {
      const wrong = (['id', 'name', 'arguments'] as const).find((name) => !isText(fields[name]))
      if (wrong !== undefined) return `"${wrong}" of tool-call is not a text`
    }
    if (!isAbsent(fields.opaque) && !isMap(fields.opaque)) return `"opaque" of ${type} is not an object`
    return undefined
  })
}

/** The same of an event of a speech-to-speech model. Audio is looked at by who plays it. */
export function realtimeEventFault(event: RealtimeEvent): string | undefined {
  return faultIn(event, (fields: Loose<RealtimeEvent>) => {
    const { type } = fields
    if (!isText(type)) return 'an event without a type'
    const wrong = Object.hasOwn(TEXTS, type)
      ? TEXTS[type as keyof typeof TEXTS].find((name) => !isText(fields[name]))
      : undefined
    if (wrong !== undefined) return `"${wrong}" of ${type} is not a text`
    return isNumberIfAny(fields.atMs) ? undefined : `"atMs" of ${type} is not a number`
  })
}

type TextsOf<Event extends { readonly type: string }> = {
  readonly [Type in Event['type']]: readonly Exclude<keyof Extract<Event, { readonly type: Type }>, 'type'>[]
}

/** The texts that each event has. A new event wants its row here. */
const TEXTS = {
  'speech-started': [],
  'speech-stopped': [],
  'caller-partial': ['itemId', 'text'],
  'caller-final': ['itemId', 'text'],
  'reply-started': ['replyId'],
  audio: ['itemId'],
  'agent-partial': ['itemId', 'text'],
  'agent-final': ['itemId', 'text'],
  'tool-call': ['id', 'name', 'arguments'],
  usage: [],
  'reply-ended': ['replyId', 'reason'],
  reconnected: ['reason'],
} as const satisfies TextsOf<RealtimeEvent>

function isMap(value: unknown): boolean {
  return typeof value === 'object' && !Array.isArray(value)
}

/** Whether a figure is one that can be summed: finite, and not below zero. */
export function isFigure(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function faultIn<Event>(event: unknown, judge: (fields: Event) => string | undefined): string | undefined {
  if (typeof event !== 'object' || event === null) return 'an event that is no object'
  // A getter, or a proxy, may throw.
  const judged = safely(() => ({ fault: judge(event as Event) }))
  return judged === undefined ? 'an event that cannot be read' : judged.fault
}
