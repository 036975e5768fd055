import type { SoundOf } from './private-sounds.ts'

/** A text of the agent that was told while it was heard. */
export interface TextBefore {
  readonly atMs: number
  /** When its reply began. */
  readonly replyMs: number
  /** When a piece of it was heard; asked for once it is over. */
  readonly soundOf: SoundOf
  readonly chars: number
}

/** The last texts of the agent, in one of which a number may have begun that goes on. */
export interface AgentTextsBefore {
  /** The time by which the text that comes is known: no other has the same. */
  timeOf(atMs: number): number
  add(text: TextBefore): void
  /** The first text of the reply since then; of none when the number began in the text at hand. */
  firstOf(replyMs: number, sinceMs: number | undefined): readonly TextBefore[]
  /** When the reply began of which a text was told then; the time itself where nobody knows. */
  replyOf(atMs: number): number
}

/** A number is said in fewer. */
const MOST_TEXTS = 50
/** Texts of one moment are told apart. */
const APART_MS = 0.001

export function createAgentTextsBefore(): AgentTextsBefore {
  return new Before()
}

class Before implements AgentTextsBefore {
  #texts: readonly TextBefore[] = []

  timeOf(atMs: number): number {
    return Math.max(atMs, (this.#texts.at(-1)?.atMs ?? 0) + APART_MS)
  }

  add(text: TextBefore): void {
    this.#texts = [...this.#texts.slice(1 - MOST_TEXTS), text]
  }

  firstOf(replyMs: number, sinceMs: number | undefined): readonly TextBefore[] {
    if (sinceMs === undefined) return []
    return this.#texts.filter((text) => text.replyMs === replyMs && text.atMs >= sinceMs).slice(0, 1)
  }

  replyOf(atMs: number): number {
    return this.#texts.find((text) => text.atMs >= atMs && text.replyMs <= atMs)?.replyMs ?? atMs
  }
}
