import type { Metrics } from '../contracts/metrics.ts'
import { createPressedKeys, type PressedKeys } from '../redaction/pressed-keys.ts'
import { redactValue, redactWritten } from '../redaction/redact-text.ts'
import type { Redaction } from '../redaction/redaction.ts'
import type { TextOrder } from '../redaction/said-text.ts'
import type { SaidTimes } from '../redaction/said-times.ts'
import type { CallEvent, CallEventName } from './call-events.ts'
import type { PrivateSound, SoundOf } from './private-sounds.ts'
import { AgentTexts, CallerTexts } from './said-texts.ts'

declare const redacted: unique symbol

/**
 * Went through the one place where what is private is taken out. Whoever writes, keeps, sends or shows an event takes
 * it so, and cannot be given one that came past it.
 */
export type Redacted<T> = T & { readonly [redacted]: true }

/** An event of a call as everybody but the call itself sees it. */
export type RedactedEvent = Redacted<CallEvent>

/** When the text of an event was said. Asked for at once; `sound`, when the agent's turn is over. */
export interface SaidWhen {
  readonly times?: (() => SaidTimes) | undefined
  readonly sound?: SoundOf | undefined
}

/** The one place: makes of each event of a call what may be seen of it. */
export interface CallRedactor {
  take(event: CallEvent, when?: SaidWhen): RedactedEvent
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
/** What the agent said of the turn was heard, as far as it will be. */
const AGENT_ENDS: ReadonlySet<string> = new Set([
  'reply_ended',
  'reply_dropped',
  'prompt_ended',
  'greeting_end',
  'interrupted',
  'paused',
])
/** Numbers of the call, which say who called and not what was said. */
const CALL_VALUES: ReadonlySet<string> = new Set(['from', 'to', 'callId', 'callSid', 'streamSid'])
/** Names of the operator's and of Kav's own. */
const OWN_NAMES: ReadonlySet<string> = new Set(
  'plugin provider region from to code format kind stage stack who outcome'.split(' '),
)
/** What is off costs nothing: nothing is looked at. */
export const NO_REDACTION: CallRedactor = {
  take: (event) => event as RedactedEvent,
  keysTaken: () => undefined,
  takeSounds: () => [],
}

export function createCallRedactor(redaction: Redaction, metrics: Metrics): CallRedactor {
  return new Redactor(redaction, metrics)
}

class Redactor implements CallRedactor {
  readonly #redaction: Redaction
  readonly #keys: PressedKeys
  readonly #count: (kind: string) => void
  readonly #caller: CallerTexts
  readonly #agent: AgentTexts
  #sounds: readonly PrivateSound[] = []

  constructor(redaction: Redaction, metrics: Metrics) {
    const keys = createPressedKeys(redaction)
    const count = (kind: string): void => metrics.count('redactions_total', 1, { kind })
    const countSound = ({ who, by }: PrivateSound): void =>
      metrics.count('redacted_sounds_total', 1, { who, by })
    const onSound = (sound: PrivateSound): void => {
      this.#sounds = [...this.#sounds, sound]
      // Of what is still to be heard it is counted when that is over.
      if (!sound.isOpen) countSound(sound)
    }
    const parts = { keys, count, onSound, countSound }
    this.#redaction = redaction
    this.#keys = keys
    this.#count = count
    this.#caller = new CallerTexts(redaction, parts)
    this.#agent = new AgentTexts(redaction, parts)
  }

  take(event: CallEvent, { times: timesOf, sound }: SaidWhen = {}): RedactedEvent {
    const times = timesOf?.()
    if (AGENT_ENDS.has(event.event)) this.#agent.ends(event.fields['turn'])
    if (event.event === 'call_ended') {
      this.#caller.over()
      this.#agent.over()
    }
    if (event.event === 'reply_started' || event.event === 'greeting_queued') this.#agent.begins(event.atMs)
    const fields = mapEntries(event.fields, (key, value) =>
      typeof value !== 'string' || OWN_NAMES.has(key)
        ? value
        : redactWritten(value, this.#redaction, this.#keys.secrets, this.#count),
    )
    const ended = times?.endedMs === undefined ? undefined : { ended_ms: Math.round(times.endedMs) }
    const isEmpty = Object.keys(event.private).length === 0
    const hidden = isEmpty ? event.private : (this.#privateOf(event, times, sound) as CallEvent['private'])
    return { ...event, fields: ended ? { ...fields, ...ended } : fields, private: hidden } as RedactedEvent
  }

  keysTaken(entry: string): void {
    this.#caller.pressed(entry)
  }

  takeSounds(): readonly PrivateSound[] {
    const found = this.#sounds
    if (found.length > 0) this.#sounds = []
    return found
  }

  #privateOf(event: CallEvent, times: SaidTimes | undefined, sound: SoundOf | undefined): unknown {
    const { event: name, private: raw } = event
    const said = CALLER[name]
    if (said && typeof raw['text'] === 'string') return this.#caller.said(event, ...said, times)
    const order = AGENT[name]
    if (order && typeof raw['text'] === 'string') return this.#agent.said(event, order, sound)
    if (typeof raw['heard'] === 'string') return { ...raw, heard: this.#agent.heard(raw['heard']) }
    if (name === 'dtmf') return this.#key(event)
    if (name !== 'call_started') return this.#clean(raw)
    // Values that are the call's own are no part of anything either.
    const others = Object.fromEntries(Object.entries(raw).filter(([key]) => !CALL_VALUES.has(key)))
    return { ...raw, ...(this.#clean(others) as object) }
  }

  #key({ private: raw, atMs }: CallEvent): unknown {
    const key = String(raw['digit'])
    const digit = this.#keys.shown(key, atMs, this.#caller.digitsBefore(atMs))
    if (digit !== raw['digit']) this.#count('key')
    return { ...raw, digit }
  }

  #clean(value: unknown): unknown {
    return redactValue(value, this.#redaction, this.#keys.secrets, this.#count)
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
