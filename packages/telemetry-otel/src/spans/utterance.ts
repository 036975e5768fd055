import type { SpanAttributes } from './attribute-table.ts'
import type { SpanEvent } from './call-span.ts'

export type UtteranceName = 'turn' | 'greeting' | 'prompt'

/** What one voice says to the caller, as its span is gathered: an answer to a turn, the greeting, a prompt. */
export interface Utterance {
  readonly key: string
  readonly name: UtteranceName
  /** Its number: a turn's, 0 for the greeting, below for prompts. */
  readonly turn: number
  startMs: number
  /** The last moment that is known of it. */
  lastMs: number
  /** It is over, and only what belongs to it may still come. */
  closedMs: number | undefined
  speechEndMs: number
  restartedMs: number | undefined
  turnEndMs: number | undefined
  firstTokenMs: number | undefined
  firstAudioMs: number | undefined
  firstFrameMs: number | undefined
  error: string | undefined
  /** The code of the last fault in it. */
  fault: string | undefined
  readonly attributes: SpanAttributes
  readonly events: SpanEvent[]
}

export function createUtterance(about: Pick<Utterance, 'key' | 'name' | 'turn' | 'startMs'>): Utterance {
  return {
    ...about,
    lastMs: about.startMs,
    closedMs: undefined,
    speechEndMs: about.startMs,
    restartedMs: undefined,
    turnEndMs: undefined,
    firstTokenMs: undefined,
    firstAudioMs: undefined,
    firstFrameMs: undefined,
    error: undefined,
    fault: undefined,
    attributes: { 'kav.turn': about.turn },
    events: [],
  }
}

/** The answer is made anew, since the caller has said more. */
export function restart(utterance: Utterance, atMs: number, speechEndMs: number): void {
  const { attributes } = utterance
  attributes['kav.restarts'] = Number(attributes['kav.restarts'] ?? 0) + 1
  utterance.restartedMs = utterance.turnEndMs = atMs
  utterance.speechEndMs = speechEndMs
  utterance.firstTokenMs = utterance.firstAudioMs = utterance.firstFrameMs = undefined
}
