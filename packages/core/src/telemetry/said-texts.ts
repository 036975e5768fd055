import type { PressedKeys } from '../redaction/pressed-keys.ts'
import { withoutSpans } from '../redaction/redact-text.ts'
import { type FoundPrivate, joinSpans, type Redaction } from '../redaction/redaction.ts'
import { createSaidText, type SaidText, type TextOrder } from '../redaction/said-text.ts'
import { type SaidTimes, stretchOf } from '../redaction/said-times.ts'
import { createAgentTextsBefore, type TextBefore } from './agent-texts-before.ts'
import type { CallEvent } from './call-events.ts'
import {
  createOwedSounds,
  type HeardSound,
  type OwedSounds,
  type PrivateSound,
  type SoundBy,
  type SoundOf,
} from './private-sounds.ts'

interface SaidParts {
  readonly keys: PressedKeys
  readonly count: (kind: string) => void
  readonly onSound: (sound: PrivateSound) => void
}

/** What the caller said: finals and turns say the same words, each for itself. */
export class CallerTexts {
  readonly #parts: SaidParts
  readonly #final: SaidText
  readonly #turn: SaidText
  readonly #owed: OwedSounds

  constructor(redaction: Redaction, parts: SaidParts) {
    this.#parts = parts
    this.#final = createSaidText(redaction, false)
    this.#turn = createSaidText(redaction, false)
    this.#owed = createOwedSounds(parts.onSound)
  }

  said(event: CallEvent, stream: 'final' | 'turn', order: TextOrder, times?: SaidTimes): unknown {
    const { keys } = this.#parts
    const owed = this.#owed
    const { text, alternatives } = event.private
    const said = String(text)
    const stretch = stretches(said, times?.words, { fromMs: this.#final.endedMs(), toMs: event.atMs })
    const texts = stream === 'final' ? this.#final : this.#turn
    const find = (one: unknown, how: TextOrder): Found =>
      texts.find(String(one), event.atMs, keys.secrets, how, {
        endedMs: times?.endedMs,
        ...(one === text && { sinceOf: (part) => stretch(part)?.fromMs }),
      })
    const others = Array.isArray(alternatives) ? alternatives.map((one) => find(one, 'passing')) : []
    const found = find(text, order)
    const sounds = soundsOf(found, event.atMs, stretch)
    // A card that was misheard as words is heard all the same.
    if (sounds.length === 0) sounds.push(...others.flatMap((one) => soundsOf(one, event.atMs)))
    if (event.event === 'partial') owed.partial(said, sounds)
    else if (stream === 'final') owed.final(event.event, sounds)
    else owed.turn(order === 'again', sounds)
    if (stream === 'turn') keys.told()
    const counted = event.event === 'partial' ? () => undefined : this.#parts.count
    return {
      ...event.private,
      text: shown(said, found, counted),
      ...(Array.isArray(alternatives) && {
        alternatives: others.map((one, at) => shown(String(alternatives[at]), one, this.#parts.count)),
      }),
    }
  }

  /** Digits that were said or pressed, to which the next may belong. */
  digitsBefore(atMs: number): readonly string[] {
    return this.#final.digitsBefore(atMs)
  }

  /** Keys make an entry: a part of the same numbers as what is said before and behind it. */
  pressed(entry: string): void {
    const { keys } = this.#parts
    const { isSecret, fromMs, toMs } = keys.taken(entry)
    const sinceMs = Math.max(0, fromMs - KEY_BEFORE_MS)
    // What nobody may read is no beginning of anything either.
    const found = isSecret ? undefined : this.#final.find(entry, toMs, keys.secrets, 'next', { sinceMs })
    const kind = isSecret ? 'key' : found?.spans[0]?.kind
    if (kind === undefined) return
    this.#owed.pressed({
      who: 'caller',
      kind,
      from_ms: found?.fromMs ?? sinceMs,
      to_ms: toMs + KEY_AFTER_MS,
      by: 'keys',
    })
  }

  /** Nothing more will be said. */
  over(): void {
    this.#owed.over()
  }
}

/** A tone that was pressed is heard a little before it is told, and after. */
const KEY_BEFORE_MS = 600
const KEY_AFTER_MS = 400

type Found = FoundPrivate & { readonly fromMs: number }
type StretchOf = (part: { readonly start: number; readonly end: number }) => ReturnType<typeof stretchOf>

function stretches(
  text: string,
  words: SaidTimes['words'],
  within: { readonly fromMs: number; readonly toMs: number },
): StretchOf {
  return (part) => words && stretchOf(text, part, words, within)
}

/** What holds it, by its words; where of any the times are not known, all that was said since the last text. */
function soundsOf(found: Found, atMs: number, stretch?: StretchOf): PrivateSound[] {
  const { spans, sinceMs, fromMs } = found
  const sound = (kind: string, from_ms: number, to_ms: number, by: SoundBy): PrivateSound => ({
    ...{ who: 'caller', kind, from_ms, to_ms, by },
  })
  const timed = spans.map((span) => stretch?.(span))
  if (!timed.every((one) => one !== undefined))
    return spans.map(({ kind }) => sound(kind, fromMs, atMs, 'utterance'))
  const sounds = spans.map(({ kind }, at) => sound(kind, timed[at]!.fromMs, timed[at]!.toMs, 'words'))
  const card = sounds.find(({ kind }) => kind === 'card' || kind === 'digits') ?? sounds[0]
  // It began in texts before.
  if (card && sinceMs !== undefined && sinceMs < card.from_ms) sounds.push({ ...card, from_ms: sinceMs })
  return sounds
}

interface AgentParts extends SaidParts {
  readonly countSound: (sound: PrivateSound) => void
}

/** What the agent said, and what was heard of it. */
export class AgentTexts {
  readonly #redaction: Redaction
  readonly #parts: AgentParts
  readonly #texts: SaidText
  readonly #before = createAgentTextsBefore()
  #replyMs = 0
  #saidTurn = 0
  #sounds = 0
  /** Texts of the last turn that had something private in them. */
  #told: readonly ToldText[] = []
  /** What was told of, and waits to be heard. */
  #waiting: readonly WaitingSound[] = []

  constructor(redaction: Redaction, parts: AgentParts) {
    this.#redaction = redaction
    this.#parts = parts
    this.#texts = createSaidText(redaction, true)
  }

  begins(atMs: number): void {
    this.#replyMs = atMs
  }

  said(event: CallEvent, order: TextOrder, soundOf?: SoundOf): unknown {
    const { keys, count } = this.#parts
    const text = String(event.private['text'])
    const turn = Number(event.fields['turn'] ?? 0)
    // A text of the configuration, or of an operator, is told before any of it is heard.
    if (turn < 0 && turn !== this.#saidTurn) this.#replyMs = event.atMs
    this.#saidTurn = turn
    const replyMs = this.#replyMs
    const textMs = this.#before.timeOf(event.atMs)
    const found = restOf(
      this.#told.findLast((one) => one.turn === turn && one.text.endsWith(text)),
      text,
      this.#texts.find(text, event.atMs, keys.secrets, order, { sinceMs: soundOf ? textMs : replyMs }),
    )
    const { spans } = found
    if (spans.length > 0) this.#hasPrivate(turn, found, soundOf, { text, replyMs })
    if (soundOf && order === 'next') this.#before.add({ atMs: textMs, replyMs, soundOf, chars: text.length })
    return { ...event.private, text: shown(text, found, count) }
  }

  #hasPrivate(
    turn: number,
    { spans, sinceMs }: Found,
    soundOf: SoundOf | undefined,
    { text, replyMs }: { readonly text: string; readonly replyMs: number },
  ): void {
    const { onSound } = this.#parts
    const { kind } = spans[0]!
    // It began in replies before this one.
    if (sinceMs !== undefined && sinceMs < replyMs)
      onSound({
        ...{ who: 'agent', kind, turn, by: 'utterance' },
        from_ms: this.#before.replyOf(sinceMs),
        to_ms: replyMs,
      })
    // A model that speaks may be heard before it is written: from the beginning of the reply on.
    const whole = { who: 'agent', kind, from_ms: replyMs, turn, by: 'utterance' } as const
    const sound: PrivateSound = soundOf ? { ...whole, sound: ++this.#sounds } : whole
    onSound(soundOf ? { ...sound, isOpen: true } : sound)
    if (soundOf) {
      // In texts of this reply before this one it has no span, and is heard all the same.
      const begun = this.#before.firstOf(replyMs, sinceMs)
      this.#waiting = [...this.#waiting, { sound, begun, spans, soundOf }]
    }
    const told = this.#told[0]?.turn === turn ? this.#told : []
    this.#told = [...told, { turn, text, spans }]
  }

  /** All of the turn was heard, or will not be. */
  ends(turn: unknown): void {
    const over = this.#waiting.filter(({ sound }) => sound.turn === turn)
    if (over.length === 0) return
    this.#waiting = this.#waiting.filter((one) => !over.includes(one))
    for (const waiting of over) {
      const { sound } = waiting
      const found = heardOf(waiting)
      const stretches = found.filter((one) => one !== undefined)
      // Of what nobody knows the place, the whole reply has a tone.
      if (stretches.length < found.length) {
        this.#parts.countSound(sound)
        continue
      }
      const from_ms = Math.min(...stretches.map(({ fromMs }) => fromMs))
      const to_ms = Math.max(...stretches.map(({ toMs }) => toMs))
      const by = stretches.every(({ byWords }) => byWords) ? 'words' : 'utterance'
      this.#parts.onSound({ ...sound, from_ms, to_ms, by })
    }
  }

  over(): void {
    for (const { sound } of this.#waiting) this.#parts.countSound(sound)
    this.#waiting = []
  }

  heard(text: string): string {
    const { keys, count } = this.#parts
    return shown(text, this.#redaction.find(text, ALONE, keys.secrets), count)
  }
}

interface WaitingSound {
  readonly sound: PrivateSound
  /** Texts before it in which it began. */
  readonly begun: readonly TextBefore[]
  readonly spans: Found['spans']
  readonly soundOf: SoundOf
}

function heardOf({ begun, spans, soundOf }: WaitingSound): readonly (HeardSound | undefined)[] {
  const before = begun.map((one) => one.soundOf({ start: 0, end: one.chars }))
  return [...before, ...spans.map(soundOf)]
}

interface ToldText {
  readonly turn: number
  readonly text: string
  readonly spans: Found['spans']
}

/** After a pause the agent says the rest of a text again: of a number that it had begun, half. */
function restOf(whole: ToldText | undefined, text: string, found: Found): Found {
  if (whole === undefined) return found
  const offset = whole.text.length - text.length
  const more = whole.spans
    .filter(({ end }) => end > offset)
    .map(({ start, end, kind }) => ({ start: Math.max(0, start - offset), end: end - offset, kind }))
  return { ...found, spans: joinSpans([...found.spans, ...more]) }
}

/** It repeats what was said, from the beginning. */
const ALONE = { digits: [], card: false, sentences: true, sinceMs: 0 }

function shown(text: string, { spans }: FoundPrivate, count: (kind: string) => void): string {
  for (const { kind } of spans) count(kind)
  return spans.length === 0 ? text : withoutSpans(text, spans)
}
