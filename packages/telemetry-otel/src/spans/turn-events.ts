import type { CallEvent } from '@kav/core/host'
import type { CallSpan } from './call-span.ts'
import { msOf, privateTextOf, textOf, turnOf, within } from './event-fields.ts'
import { restart, type Utterance } from './utterance.ts'
import type { UtteranceBook } from './utterance-book.ts'

export interface TurnEventsParts {
  readonly content: boolean
  readonly emit: (span: CallSpan) => void
  /** Who hears the call now. */
  readonly recogniser: () => string | undefined
}

/** What is kept of one text, in characters. */
const MAX_TEXT_CHARS = 4000

const STEPS = ['turn_end_ms', 'first_token_ms', 'first_audio_ms', 'first_frame_ms'] as const

type SaidKey = 'kav.pii.caller_text' | 'kav.pii.agent_text' | 'kav.pii.heard'

/** What the events of a conversation say of its turns. */
export class TurnEvents {
  readonly #book: UtteranceBook
  readonly #parts: TurnEventsParts
  /** The last words of the caller came then. */
  #wordsMs = 0

  constructor(book: UtteranceBook, parts: TurnEventsParts) {
    this.#book = book
    this.#parts = parts
  }

  /** A text of the configuration is being said. */
  prompt(turn: number, startMs: number, atMs: number): Utterance {
    return this.#book.begin('prompt', turn, startMs, atMs)
  }

  onEvent(event: CallEvent, atMs: number): void {
    const turn = turnOf(event)
    const open = this.#book.open(turn)
    if (open && turn !== undefined) open.lastMs = atMs
    switch (event.event) {
      case 'partial':
      case 'final':
        this.#wordsMs = atMs
        return
      case 'greeting_queued':
        return this.#said(this.#book.begin('greeting', 0, atMs, atMs), event)
      case 'greeting_end':
        return this.#over(event, atMs, open?.name === 'greeting' ? open : undefined)
      case 'prompt_ended':
        return this.#over(event, atMs, open?.name === 'prompt' ? open : undefined)
      case 'turn_ended':
      case 'turn_corrected':
        return this.#turnEnded(event, atMs)
      case 'reply_started':
        if (turn !== undefined && turn > 0 && !open) this.#book.begin('turn', turn, atMs, atMs)
        return
      case 'turn_latency':
        return this.#latency(event, atMs)
      case 'agent_said':
        if (turn === undefined) return
        return this.#said(open ?? (turn < 0 ? this.prompt(turn, atMs, atMs) : undefined), event)
      case 'reply_ended':
        return this.#over(event, atMs, open)
      case 'interrupted':
        return this.#over(event, atMs, open, 'interrupted')
      default:
    }
  }

  #turnEnded(event: CallEvent, atMs: number): void {
    const turn = turnOf(event)
    if (turn === undefined) return
    const told = msOf(event, 'speech_end_ms')
    const again = event.event === 'turn_corrected'
    const restarts = event.fields['restarted'] === true
    let utterance = this.#book.open(turn)
    if (utterance && again && restarts) restart(utterance, atMs, within(told ?? atMs, 0, atMs))
    else if (!utterance && (!again || restarts)) {
      utterance = this.#book.begin('turn', turn, within(told ?? atMs, 0, atMs), atMs)
      utterance.turnEndMs = atMs
      this.#heardUntil(utterance, atMs)
    }
    this.#text(utterance, 'kav.pii.caller_text', privateTextOf(event, 'text'))
  }

  /** What of the endpointing the recogniser took. */
  #heardUntil({ key, startMs }: Utterance, atMs: number): void {
    if (this.#wordsMs <= startMs) return
    const plugin = this.#parts.recogniser()
    this.#parts.emit({
      key: `${key}/stt`,
      parent: key,
      name: 'stt',
      startMs,
      endMs: Math.min(this.#wordsMs, atMs),
      attributes: plugin === undefined ? {} : { 'kav.plugin': plugin },
      error: undefined,
      events: [],
    })
  }

  #latency(event: CallEvent, atMs: number): void {
    const utterance = this.#book.open(turnOf(event))
    const frameMs = msOf(event, 'first_frame_ms')
    if (utterance?.name !== 'turn' || frameMs === undefined) return
    // A speech-to-speech model has its turn told late: when the speech ended this event alone says.
    if (utterance.turnEndMs === undefined) {
      utterance.speechEndMs = Math.max(0, atMs - frameMs)
      utterance.startMs = Math.min(utterance.startMs, utterance.speechEndMs)
    }
    const after = (name: string): number | undefined => {
      const ms = msOf(event, name)
      return ms === undefined ? undefined : within(utterance.speechEndMs + ms, 0, atMs)
    }
    utterance.turnEndMs = after('turn_end_ms') ?? utterance.turnEndMs
    utterance.firstTokenMs = after('first_token_ms')
    utterance.firstAudioMs = after('first_audio_ms')
    utterance.firstFrameMs = after('first_frame_ms')
    for (const step of STEPS) {
      const ms = msOf(event, step)
      if (ms !== undefined) utterance.attributes[`kav.latency.${step}`] = ms
    }
  }

  #said(utterance: Utterance | undefined, event: CallEvent): void {
    const before = utterance?.attributes['kav.pii.agent_text']
    const words = privateTextOf(event, 'text')
    const all = before === undefined || words === undefined ? words : `${before} ${words}`
    this.#text(utterance, 'kav.pii.agent_text', all)
  }

  #over(event: CallEvent, atMs: number, utterance: Utterance | undefined, outcome?: string): void {
    if (!utterance) return
    this.#text(utterance, 'kav.pii.heard', privateTextOf(event, 'heard'))
    this.#book.close(utterance, atMs, outcome ?? textOf(event, 'outcome') ?? 'heard')
  }

  #text(utterance: Utterance | undefined, key: SaidKey, words: string | undefined): void {
    if (this.#parts.content && utterance && words !== undefined)
      utterance.attributes[key] = words.slice(0, MAX_TEXT_CHARS)
  }
}
