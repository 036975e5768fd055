import type { Metrics } from '../contracts/metrics.ts'
import { createPressedKeys } from '../redaction/pressed-keys.ts'
import { redactValue, redactWritten, withoutSpans } from '../redaction/redact-text.ts'
import type { FoundPrivate, Redaction } from '../redaction/redaction.ts'
import { createSaidText, type TextOrder } from '../redaction/said-text.ts'
import type { CallEvent, CallEventName } from './call-events.ts'

declare const redacted: unique symbol

/**
 * Went through the one place where what is private is taken out. Whoever writes, keeps, sends or shows an event takes
 * it so, and cannot be given one that came past it.
 */
export type Redacted<T> = T & { readonly [redacted]: true }

/** An event of a call as everybody but the call itself sees it. */
export type RedactedEvent = Redacted<CallEvent>

/** Sound in which something was said, or pressed, that must not be heard. Times of the call. */
export interface PrivateSound {
  readonly who: 'caller' | 'agent'
  readonly kind: string
  readonly from_ms: number
  /** Absent: until the agent's turn is over. */
  readonly to_ms?: number
  readonly turn?: number
}

/** The one place: makes of each event of a call what may be seen of it. */
export interface CallRedactor {
  take(event: CallEvent): RedactedEvent
  /** Keys that were pressed make an entry. */
  keysTaken(entry: string): void
  /** What was found since the last time. */
  takeSounds(): readonly PrivateSound[]
}

/** Texts of the caller, and how they follow each other: finals and turns say the same words, each for itself. */
const CALLER: Partial<Record<CallEventName, readonly ['final' | 'turn', TextOrder]>> = {
  partial: ['final', 'passing'],
  final: ['final', 'next'],
  stt_final_unclear: ['final', 'passing'],
  words_overheard: ['final', 'passing'],
  turn_ended: ['turn', 'next'],
  turn_corrected: ['turn', 'again'],
}
const AGENT: Partial<Record<CallEventName, TextOrder>> = {
  greeting_queued: 'next',
  agent_said: 'next',
  filler_spoken: 'passing',
}
/** Numbers of the call, which say who called and not what was said. */
const CALL_VALUES: ReadonlySet<string> = new Set(['from', 'to', 'callId', 'callSid', 'streamSid'])
/** Names of the operator's and of Kav's own. */
const OWN_NAMES: ReadonlySet<string> = new Set(
  'plugin provider region from to code format kind stage stack who outcome'.split(' '),
)
/** A tone that was pressed is heard a little before it is told, and after. */
const KEY_BEFORE_MS = 600
const KEY_AFTER_MS = 400

/** What is off costs nothing: nothing is looked at. */
export const NO_REDACTION: CallRedactor = {
  take: (event) => event as RedactedEvent,
  keysTaken: () => undefined,
  takeSounds: () => [],
}

export function createCallRedactor(redaction: Redaction, metrics: Metrics): CallRedactor {
  const caller = { final: createSaidText(redaction, false), turn: createSaidText(redaction, false) }
  const agent = createSaidText(redaction, true)
  const keys = createPressedKeys(redaction)
  let sounds: PrivateSound[] = []
  /** Since the last final, or turn, sound of it was told. */
  const told = { final: false, turn: false }
  let replyMs = 0

  const count = (kind: string): void => metrics.count('redactions_total', 1, { kind })

  function replaced(text: string, { spans }: FoundPrivate): string {
    if (spans.length === 0) return text
    for (const { kind } of spans) count(kind)
    return withoutSpans(text, spans)
  }

  function callerSaid(event: CallEvent, [stream, order]: readonly ['final' | 'turn', TextOrder]): unknown {
    const { alternatives } = event.private
    const said = caller[stream]
    const others =
      Array.isArray(alternatives) &&
      alternatives.map((text) => replaced(text, said.find(text, event.atMs, keys.secrets, 'passing')))
    const text = String(event.private['text'])
    const found = said.find(text, event.atMs, keys.secrets, order)
    // Keys in a turn were pressed; in a final somebody reads them out.
    const kind = found.spans.find((span) => stream === 'final' || span.kind !== 'key')?.kind
    const isPartial = event.event === 'partial'
    // What finals told of, the turn need not tell again; and a partial tells once.
    const isNew = stream === 'final' ? !(isPartial && told.final) : !told.turn
    const isWhole = !(isPartial && kind === 'digits')
    if (kind !== undefined && isNew && isWhole) {
      sounds.push({ who: 'caller', kind, from_ms: found.fromMs, to_ms: event.atMs })
      told.final = told.turn = true
    }
    if (stream === 'turn') {
      keys.told()
      told.turn = false
    }
    if (event.event === 'final') told.final = false
    const shown = isPartial ? withoutSpans(text, found.spans) : replaced(text, found)
    return { ...event.private, text: shown, ...(others && { alternatives: others }) }
  }

  function agentSaid(event: CallEvent, order: TextOrder): unknown {
    const text = String(event.private['text'])
    const found = agent.find(text, event.atMs, keys.secrets, order)
    const kind = found.spans[0]?.kind
    const turn = Number(event.fields['turn'] ?? 0)
    if (kind !== undefined) {
      // A model that speaks may be heard before it is written: from the beginning of the reply on.
      const from_ms = Math.min(replyMs, event.atMs)
      sounds.push({ who: 'agent', kind, from_ms, turn })
    }
    return { ...event.private, text: replaced(text, found) }
  }

  function heard(text: string): string {
    return replaced(text, redaction.find(text, { digits: [], card: false, sentences: true }, keys.secrets))
  }

  function privateOf(event: CallEvent): unknown {
    const { event: name, private: raw } = event
    const said = CALLER[name]
    if (said && typeof raw['text'] === 'string') return callerSaid(event, said)
    const order = AGENT[name]
    if (order && typeof raw['text'] === 'string') return agentSaid(event, order)
    if (name === 'dtmf') {
      const shown = keys.shown(String(raw['digit']), event.atMs)
      if (shown !== raw['digit']) count('key')
      return { ...raw, digit: shown }
    }
    if (typeof raw['heard'] === 'string') return { ...raw, heard: heard(raw['heard']) }
    if (name !== 'call_started') return redactValue(raw, redaction, keys.secrets, count)
    return mapEntries(raw, (key, value) =>
      CALL_VALUES.has(key) ? value : redactValue(value, redaction, keys.secrets, count),
    )
  }

  return {
    take(event) {
      if (event.event === 'reply_started' || event.event === 'greeting_queued') replyMs = event.atMs
      const fields = mapEntries(event.fields, (key, value) =>
        typeof value !== 'string' || OWN_NAMES.has(key)
          ? value
          : redactWritten(value, redaction, keys.secrets, count),
      )
      const isEmpty = Object.keys(event.private).length === 0
      const hidden = isEmpty ? event.private : (privateOf(event) as CallEvent['private'])
      return { ...event, fields, private: hidden } as RedactedEvent
    },
    keysTaken(entry) {
      const found = keys.taken(entry)
      if (found === undefined) return
      const { kind, fromMs, toMs } = found
      const from_ms = Math.max(0, fromMs - KEY_BEFORE_MS)
      sounds.push({ who: 'caller', kind, from_ms, to_ms: toMs + KEY_AFTER_MS })
      told.turn = true
    },
    takeSounds() {
      if (sounds.length === 0) return sounds
      const found = sounds
      sounds = []
      return found
    },
  }
}

/** The same map where nothing changes: most events hold nothing private. */
function mapEntries(
  map: Readonly<Record<string, unknown>>,
  change: (key: string, value: unknown) => unknown,
): Readonly<Record<string, unknown>> {
  let changed: Record<string, unknown> | undefined
  for (const [key, value] of Object.entries(map)) {
    const shown = change(key, value)
    if (shown !== value) (changed ??= { ...map })[key] = shown
  }
  return changed ?? map
}
