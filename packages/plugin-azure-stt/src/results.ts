import type { Metrics, SttEvent } from '@kav/core'
import { createLagWatch } from './lag-watch.ts'
import type { SessionLife } from './session-life.ts'

const BYTES_PER_MS = 8
/** Offsets are exact; a segment may end in silence that the service adds. */
const OFFSET_TOLERANCE_MS = 500
/** While nobody speaks, how often the recogniser's state is looked at, in audio. */
const LOOK_EVERY_MS = 1000

/** What came of the audio of one session: results on their way to the reader, and how far behind they are. */
export interface Results {
  wrote(bytes: number): void
  deliver(event: Exclude<SttEvent, { type: 'closing' }>): void
  /** A phrase in which no words were found: `endMs` of the audio is done with. */
  noMatch(endMs: number): void
  /** Nothing more will come: words that only a partial showed are the last ones. */
  endWithOpenWords(): void
}

export interface ResultsParts {
  readonly life: SessionLife
  readonly metrics: Metrics
  readonly region: string
  /** Results may lag so far before a fresh recogniser is asked for. */
  readonly maxLagMs: number
  /** A result cannot be true: what was heard of the audio is not known. */
  onWrongOffset(what: string): void
}

export function createResults(parts: ResultsParts): Results {
  const { life, metrics, region } = parts
  const lag = createLagWatch(parts.maxLagMs)
  let writtenMs = 0
  let nextLookMs = LOOK_EVERY_MS
  /** What the latest partial showed and no final has closed. */
  let openWords = ''
  let speaking = false
  let replacementAsked = false

  /** In a pause: asks the core for a fresh recogniser where this one has fallen behind. */
  function lookForLag(): void {
    if (replacementAsked || life.phase !== 'open' || openWords !== '') return
    const reason = lag.reason(writtenMs)
    if (reason === undefined) return
    replacementAsked = true
    metrics.count('azure_stt_recycled_total', 1, { region })
    life.events.push({ type: 'closing', reason })
  }

  function deliverFinal(event: Extract<SttEvent, { type: 'final' }>, endMs: number): void {
    // Results that were on their way when the service closed its connection may be counted from a wrong start by the
    // SDK, which then drops the audio up to there. The core still has it.
    if (endMs > writtenMs + OFFSET_TOLERANCE_MS) {
      const ends = `a result ends at ${Math.round(endMs)} ms of ${Math.round(writtenMs)} ms`
      return parts.onWrongOffset(ends)
    }
    openWords = ''
    lag.heard(endMs, writtenMs)
    lag.answered(endMs)
    metrics.gauge('azure_stt_lag_ms', Math.round(lag.lagMs), { region })
    // Without an offset nobody knows where it ends, and the core must not take it for an answer to all it wrote.
    life.events.push(event.endMs === undefined ? event : { ...event, endMs: Math.min(endMs, writtenMs) })
    lookForLag()
  }

  return {
    wrote(bytes) {
      writtenMs += bytes / BYTES_PER_MS
      if (writtenMs < nextLookMs) return
      nextLookMs = writtenMs + LOOK_EVERY_MS
      lookForLag()
    },
    deliver(event) {
      if (event.type === 'final') return deliverFinal(event, event.endMs ?? writtenMs)
      // A turn that a fault cut in mid-speech ends without having begun.
      if (event.type === 'speech-stopped' && !speaking) return
      if (event.type === 'speech-started') speaking = true
      if (event.type === 'speech-stopped') speaking = false
      if (event.type === 'partial') openWords = event.text
      life.events.push(event)
    },
    noMatch(endMs) {
      lag.answered(endMs)
      // Words that a partial showed turned out to be none: the core must not wait for their final.
      if (openWords !== '') life.events.push({ type: 'partial', text: '' })
      openWords = ''
      lookForLag()
    },
    endWithOpenWords() {
      if (openWords !== '') life.events.push({ type: 'final', text: openWords })
      life.end()
    },
  }
}
