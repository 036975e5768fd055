/** How long words of a voice that has stopped may still come. */
export interface WordsDue {
  voiceStarted(): void
  /** `endedMs`: when the voice ended. Gives how long from now; 0: its words are here. */
  voiceStopped(endedMs: number, nowMs: number): number
  came(words: { readonly type: 'partial' | 'final'; readonly text: string }, nowMs: number): void
}

/** No recogniser tells a word sooner behind its end than 150 ms; and that end is known to a frame of 20 ms. */
const SOONEST_MS = 130
/** Most have told it by then; one that was later in this call may be as late again. */
const LATEST_MS = 400

export function createWordsDue(): WordsDue {
  let lastText = ''
  let lastMs = -Infinity
  let latestMs = LATEST_MS
  let endedMs: number | undefined

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
      if (endedMs !== undefined && isNew) latestMs = Math.max(latestMs, nowMs - endedMs)
      lastText = type === 'partial' ? text : ''
      lastMs = nowMs
    },
  }
}
