import type { Loss } from '../speaking/floor-grant.ts'
import type { AgentEntry } from './history.ts'
import { type AgentUtterance, createUtterance, type MutedIn, type UnheardText } from './utterance.ts'

/**
 * The words of one reply. Each time it takes the floor they are an utterance of their own; each utterance is cut when
 * the floor is lost, once, and what was heard of the reply is the sum: nothing is counted twice, whoever asks.
 */
export interface ReplyWords {
  /** The utterance being spoken. */
  utterance(): AgentUtterance
  /** A prepared reply leaves no trace in the history until it may be heard. */
  remember(): void
  /** The floor was lost. Returns what is left to say, from the word the caller did not hear out. */
  cut(at: Pick<Loss, 'heardMs' | 'sentMs'>): readonly UnheardText[]
  /** It ends here without being interrupted: what was written will be heard, up to this position. */
  endAt(wroteToMs: number | undefined): void
  /** The reply goes on after a cut. */
  goOn(): void
  /** All the caller heard of the reply. */
  heard(): string
  /** The same by this position, while it goes on. */
  heardBy(heardMs: number): string
  /** The same, where that is not all that was to be said: it was muted, cut, given up or could not be spoken. */
  heardInPart(): string | undefined
}

export function createReplyWords(entry: Pick<AgentEntry, 'speaks'>, mutedIn?: MutedIn): ReplyWords {
  return new Words(entry, mutedIn)
}

class Words implements ReplyWords {
  readonly #entry: Pick<AgentEntry, 'speaks'>
  readonly #mutedIn: MutedIn | undefined
  readonly #utterances: AgentUtterance[]
  #remembered = 0

  constructor(entry: Pick<AgentEntry, 'speaks'>, mutedIn: MutedIn | undefined) {
    this.#entry = entry
    this.#mutedIn = mutedIn
    this.#utterances = [createUtterance(mutedIn)]
  }

  utterance(): AgentUtterance {
    return this.#utterances[this.#utterances.length - 1]!
  }

  remember(): void {
    while (this.#remembered < this.#utterances.length)
      this.#entry.speaks(this.#utterances[this.#remembered++]!)
  }

  cut({ heardMs, sentMs }: Pick<Loss, 'heardMs' | 'sentMs'>): readonly UnheardText[] {
    const current = this.utterance()
    current.cut(heardMs, sentMs)
    return current.rest()
  }

  endAt(wroteToMs: number | undefined): void {
    if (wroteToMs !== undefined) this.utterance().cut(wroteToMs, wroteToMs)
  }

  goOn(): void {
    this.#utterances.push(createUtterance(this.#mutedIn))
    this.remember()
  }

  heard(): string {
    return join(this.#utterances.map((utterance) => utterance.heard()))
  }

  heardBy(heardMs: number): string {
    return join(this.#utterances.map((utterance) => utterance.heardBy(heardMs)))
  }

  heardInPart(): string | undefined {
    // What was left of one that was cut is said in the next.
    const last = this.utterance()
    const isAll =
      last.heard() === last.generated() && !this.#utterances.some((utterance) => utterance.muted())
    return isAll ? undefined : this.heard()
  }
}

function join(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(' ')
}
