import type { PressedKeys } from '../redaction/pressed-keys.ts'
import { withoutSpans } from '../redaction/redact-text.ts'
import type { FoundPrivate, Redaction } from '../redaction/redaction.ts'
import { createSaidText, type TextOrder } from '../redaction/said-text.ts'
import type { CallEvent } from './call-events.ts'

/** Sound in which something was said, or pressed, that must not be heard. Times of the call. */
export interface PrivateSound {
  readonly who: 'caller' | 'agent'
  readonly kind: string
  readonly from_ms: number
  /** Absent: until the agent's turn is over. */
  readonly to_ms?: number
  readonly turn?: number
}

interface SaidParts {
  readonly keys: PressedKeys
  readonly count: (kind: string) => void
  readonly onSound: (sound: PrivateSound) => void
}

/** What the caller said: finals and turns say the same words, each for itself. */
export function createCallerTexts(redaction: Redaction, { keys, count, onSound }: SaidParts) {
  const texts = { final: createSaidText(redaction, false), turn: createSaidText(redaction, false) }
  /** Since the last final, or turn, sound of it was told. */
  const told = { final: false, turn: false }

  function tellSound(event: CallEvent, stream: 'final' | 'turn', { spans, fromMs }: Found): void {
    // Keys in a turn were pressed; in a final somebody reads them out.
    const kind = spans.find((span) => stream === 'final' || span.kind !== 'key')?.kind
    if (kind === undefined) return
    const isPartial = event.event === 'partial'
    // What finals told of, the turn need not tell again; and a partial tells once, of what is whole.
    if (stream === 'turn' ? told.turn : isPartial && (told.final || kind === 'digits')) return
    onSound({ who: 'caller', kind, from_ms: fromMs, to_ms: event.atMs })
    told.final = told.turn = true
  }

  return {
    said(event: CallEvent, stream: 'final' | 'turn', order: TextOrder): unknown {
      const { text, alternatives } = event.private
      const find = (one: unknown, how: TextOrder): Found =>
        texts[stream].find(String(one), event.atMs, keys.secrets, how)
      const others = Array.isArray(alternatives)
        ? {
            alternatives: alternatives.map((one: unknown) => shown(String(one), find(one, 'passing'), count)),
          }
        : {}
      const found = find(text, order)
      tellSound(event, stream, found)
      if (stream === 'turn') {
        keys.told()
        told.turn = false
      }
      if (event.event === 'final') told.final = false
      const counted = event.event === 'partial' ? () => undefined : count
      return { ...event.private, text: shown(String(text), found, counted), ...others }
    },
    /** Digits that were said or pressed, to which the next may belong. */
    digitsBefore: (atMs: number): readonly string[] => texts.final.digitsBefore(atMs),
    /** Keys make an entry: a part of the same numbers as what is said before and behind it. */
    pressed(entry: string): void {
      const { isSecret, fromMs, toMs } = keys.taken(entry)
      const from = Math.max(0, fromMs - KEY_BEFORE_MS)
      // What nobody may read is no beginning of anything either.
      const found = isSecret ? undefined : texts.final.find(entry, toMs, keys.secrets, 'next', from)
      const kind = isSecret ? 'key' : found?.spans[0]?.kind
      if (kind === undefined) return
      onSound({ who: 'caller', kind, from_ms: found?.fromMs ?? from, to_ms: toMs + KEY_AFTER_MS })
      // The running turn holds keys whose sound was told of.
      told.turn = true
    },
  }
}

/** A tone that was pressed is heard a little before it is told, and after. */
const KEY_BEFORE_MS = 600
const KEY_AFTER_MS = 400

type Found = FoundPrivate & { readonly fromMs: number }

/** What the agent said, and what was heard of it. */
export function createAgentTexts(redaction: Redaction, { keys, count, onSound }: SaidParts) {
  const texts = createSaidText(redaction, true)
  let replyMs = 0
  let saidTurn = 0

  return {
    begins: (atMs: number) => void (replyMs = atMs),
    said(event: CallEvent, order: TextOrder): unknown {
      const text = String(event.private['text'])
      const turn = Number(event.fields['turn'] ?? 0)
      // A text of the configuration, or of an operator, is told before any of it is heard.
      if (turn < 0 && turn !== saidTurn) replyMs = event.atMs
      saidTurn = turn
      const found = texts.find(text, event.atMs, keys.secrets, order)
      const kind = found.spans[0]?.kind
      // A model that speaks may be heard before it is written: from the beginning of the reply on.
      if (kind !== undefined) onSound({ who: 'agent', kind, from_ms: replyMs, turn })
      return { ...event.private, text: shown(text, found, count) }
    },
    heard: (text: string): string => shown(text, redaction.find(text, ALONE, keys.secrets), count),
  }
}

/** It repeats what was said, from the beginning. */
const ALONE = { digits: [], card: false, sentences: true, sinceMs: 0 }

function shown(text: string, { spans }: FoundPrivate, count: (kind: string) => void): string {
  for (const { kind } of spans) count(kind)
  return spans.length === 0 ? text : withoutSpans(text, spans)
}
