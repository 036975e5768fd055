import { wordsOf } from './turn-text.ts'

/** How long words of a voice that has stopped may still come, and which of them no voice was heard of. */
export interface WordsDue {
  voiceStarted(): void
  /** `endedMs`: when the voice ended. Gives how long from now; 0: its words are here. */
  voiceStopped(endedMs: number, nowMs: number): number
  /** Gives whether they were spoken since: they add to what was said, later than any words of that voice can be. */
  came(words: { readonly type: 'partial' | 'final'; readonly text: string }, nowMs: number): boolean
}

/** No recogniser tells a word sooner behind its end than 150 ms; and that end is known to a frame of 20 ms. */
const SOONEST_MS = 130
/** Most have told it by then; one that was later in this call may be as late again. */
const LATEST_MS = 400
/** Later by this than any before, they are no words of the voice that was heard. */
const UNHEARD_MS = 150

export function createWordsDue(): WordsDue {
  let lastText = ''
  let lastFinal = ''
  let lastMs = -Infinity
  let latestMs = LATEST_MS
  let endedMs: number | undefined

  /** A recogniser may change its mind about the last word, or repeat a final as a partial, without a sound. */
  function adds(text: string): boolean {
    const words = wordsOf(text)
    return words.length > wordsOf(lastText).length && !beginsWith(wordsOf(lastFinal), words)
  }

  return {
    voiceStarted() {
      endedMs = undefined
    },
    voiceStopped(atMs, nowMs) {
      endedMs = atMs
      return lastMs >= atMs + SOONEST_MS ? 0 : Math.max(0, atMs + latestMs - nowMs)
    },
    came({ type, text }, nowMs) {
      // A final says late what partials have said before: how late it is says nothing.
      const isNew = type === 'partial' && text !== lastText
      const lateMs = endedMs !== undefined && isNew ? nowMs - endedMs : 0
      const unheard = lateMs > latestMs + UNHEARD_MS && adds(text)
      latestMs = Math.max(latestMs, lateMs)
      lastText = type === 'partial' ? text : ''
      if (type === 'final') lastFinal = text
      lastMs = nowMs
      return unheard
    },
  }
}

function beginsWith(all: readonly string[], words: readonly string[]): boolean {
  return words.every((word, at) => all[at] === word)
}
