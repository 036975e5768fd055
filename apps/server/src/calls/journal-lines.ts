import type { AudioFormat } from '@kav/core'
import type { CallEvent, CallFacts, RedactedEvent } from '@kav/core/host'
import { publicFields } from '../privacy/public-fields.ts'
import { withoutSecrets } from '../privacy/secrets.ts'
import type { ProcessMark } from '../process/process-mark.ts'

/**
 * The lines of a call's journal, one JSON value each: a head, then events as the call's record takes them, and times
 * at which the call was still running. Nothing stands in it that the record would not hold.
 */
export interface JournalHead {
  readonly version: typeof JOURNAL_VERSION
  readonly callId: string
  readonly pipeline: string
  readonly startedAtWallMs: number
  readonly kept: { readonly transcript: boolean; readonly callRecord: boolean }
  /** Format of the recording's file; absent when there is none. */
  readonly audio?: AudioFormat
  /** Of the call's record. */
  readonly facts?: CallFacts
  /** What is private is taken out of the call's texts, so it must be taken out of its recording, too. */
  readonly redacted?: boolean
  readonly owner: ProcessMark
}

export interface JournalContent {
  /** Absent when it cannot be read. */
  readonly head?: JournalHead
  readonly events: readonly CallEvent[]
  /** The last moment that is known of the call. */
  readonly lastAtMs: number
  /** Whether a line is missing, or cannot be read. */
  readonly damaged: boolean
  /** Whether one is missing before the last. */
  readonly gaps: boolean
  /** The head is of another version: what is read of the rest is by chance. */
  readonly foreign: boolean
}

export const JOURNAL_VERSION = 1

/** Too many to keep, and the record does not. */
const UNKEPT: ReadonlySet<string> = new Set(['partial', 'rx_second', 'tx_second'])

/** What a record takes of an event's private part beside a provider's error; everything else private stays out. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  call_started: ['from', 'to', 'direction'],
  greeting_queued: ['text'],
  agent_said: ['text'],
  turn_ended: ['text'],
  turn_corrected: ['text'],
  interrupted: ['heard'],
  reply_ended: ['heard'],
  reply_dropped: ['heard'],
  prompt_ended: ['heard'],
  greeting_end: ['heard'],
  tool_called: ['tool', 'arguments'],
  tool_ended: ['tool', 'result'],
  tool_late: ['tool', 'result'],
}
/** Of a call of which nothing private is kept. */
const DIRECTION: readonly string[] = ['direction']

export const headLine = (head: JournalHead): string => withoutSecrets(line(head))

/** `undefined`: the record keeps nothing of this event. It comes without secrets (`eventWithoutSecrets`). */
export function eventLine(event: RedactedEvent, transcript: boolean): string | undefined {
  if (UNKEPT.has(event.event)) return undefined
  const said = saidIn(event, transcript)
  return line({
    event: event.event,
    atMs: Math.round(event.atMs),
    fields: transcript ? event.fields : publicFields(event.fields),
    ...(Object.keys(said).length === 0 ? {} : { private: said }),
  })
}

/** Texts alone, as they are read back. */
function saidIn(
  { event, private: hidden }: CallEvent,
  transcript: boolean,
): Readonly<Record<string, string>> {
  const kept = transcript ? [...(SAID[event] ?? []), 'error'] : event === 'call_started' ? DIRECTION : []
  return Object.fromEntries(
    kept.filter((name) => hidden[name] !== undefined).map((name) => [name, String(hidden[name])]),
  )
}

/** The call is still running. */
export const timeLine = (atMs: number): string => line({ atMs })

/** Stands where lines are missing. */
export const gapLine = (): string => line({ gap: true })

/** Takes any bytes for a journal; what cannot be read of it is left out, and told of. Never throws. */
export function readJournal(text: string): JournalContent {
  const lines = text.split('\n')
  // Behind the last line's end there is nothing, unless it was torn.
  const torn = lines.pop() !== ''
  const [first, ...rest] = lines.map(parsed)
  const head = isHead(first) ? first : undefined
  const events: CallEvent[] = []
  let lastAtMs = 0
  let gaps = head === undefined
  for (const value of rest) {
    if (isEvent(value)) events.push({ ...value, private: value.private ?? {} })
    else if (!isTime(value)) gaps = true
    if (isTime(value)) lastAtMs = Math.max(lastAtMs, value.atMs)
  }
  const foreign = head === undefined && isFields(first) && first['version'] !== JOURNAL_VERSION
  return { ...(head && { head }), events, lastAtMs, damaged: torn || gaps, gaps, foreign }
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`
}

/** Every line that Kav writes is an object; a file full of others is not worth an exception each. */
function parsed(text: string): unknown {
  if (!text.startsWith('{')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTime(value: unknown): value is { atMs: number } {
  return isFields(value) && Number.isFinite(value['atMs']) && Number(value['atMs']) >= 0
}

function isEvent(value: unknown): value is Omit<CallEvent, 'private'> & { private?: Fields } {
  if (!isTime(value)) return false
  const { event, fields, private: said } = value as { event?: unknown; fields?: unknown; private?: unknown }
  return typeof event === 'string' && isFields(fields) && (said === undefined || isTexts(said))
}

function isTexts(value: unknown): value is Fields {
  return isFields(value) && Object.values(value).every((text) => typeof text === 'string')
}

function isHead(value: unknown): value is JournalHead {
  if (!isFields(value) || value['version'] !== JOURNAL_VERSION) return false
  const { kept, owner, audio, facts, startedAtWallMs } = value
  return (
    typeof value['callId'] === 'string' &&
    typeof value['pipeline'] === 'string' &&
    isDate(startedAtWallMs) &&
    isFields(kept) &&
    typeof kept['transcript'] === 'boolean' &&
    typeof kept['callRecord'] === 'boolean' &&
    isMark(owner) &&
    (facts === undefined || isFields(facts)) &&
    (audio === undefined || isFormat(audio))
  )
}

function isMark(value: unknown): value is ProcessMark {
  return (
    isFields(value) &&
    Number.isSafeInteger(value['pid']) &&
    typeof value['startedTicks'] === 'string' &&
    typeof value['space'] === 'string'
  )
}

function isFormat(value: unknown): value is AudioFormat {
  return (
    isFields(value) &&
    ['mulaw', 'linear16'].includes(String(value['encoding'])) &&
    Number.isSafeInteger(value['sampleRateHz']) &&
    Number(value['sampleRateHz']) > 0 &&
    Number(value['sampleRateHz']) <= 192_000
  )
}

/** What `Date` can tell as a text. */
function isDate(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(new Date(value).getTime())
}
