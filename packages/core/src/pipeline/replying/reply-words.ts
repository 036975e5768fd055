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
  const utterances = [createUtterance(mutedIn)]
  let remembered = 0
  const current = (): AgentUtterance => utterances[utterances.length - 1]!

  function remember(): void {
    while (remembered < utterances.length) entry.speaks(utterances[remembered++]!)
  }

  const heard = (): string => join(utterances.map((utterance) => utterance.heard()))

  return {
    utterance: current,
    remember,
    cut({ heardMs, sentMs }) {
      current().cut(heardMs, sentMs)
      return current().rest()
    },
    endAt(wroteToMs) {
      if (wroteToMs !== undefined) current().cut(wroteToMs, wroteToMs)
    },
    goOn() {
      utterances.push(createUtterance(mutedIn))
      remember()
    },
    heard,
    heardBy: (heardMs) => join(utterances.map((utterance) => utterance.heardBy(heardMs))),
    heardInPart() {
      // What was left of one that was cut is said in the next.
      const last = current()
      const isAll = last.heard() === last.generated() && !utterances.some((utterance) => utterance.muted())
      return isAll ? undefined : heard()
    },
  }
}

function join(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(' ')
}
