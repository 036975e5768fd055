import type { CallRecord, TranscriptLine } from '@kav/client'

/** The moment to play a line from, and whether it is what is heard at a moment. */
export interface TimedLine extends TranscriptLine {
  readonly startMs: number
}

/** How long after it was told an agent's line may begin to be heard. */
const SPOKEN_WITHIN_MS = 5000

/**
 * A caller's line is told when the turn is over, an agent's when it is about to be spoken. To hear one, the voice is
 * looked for: the caller's stretches since the line before it, the agent's first one after. Without a voice
 * detector it is played from where it was told.
 */
export function timedLines({ transcript, voice }: CallRecord): readonly TimedLine[] {
  return transcript.map((line, index) => {
    const before = transcript[index - 1]?.atMs ?? 0
    const spans = voice[line.who]
    const span =
      line.who === 'caller'
        ? spans.find(({ startMs, endMs }) => endMs > before && startMs < line.atMs)
        : spans.find(({ startMs }) => startMs >= line.atMs - 60 && startMs < line.atMs + SPOKEN_WITHIN_MS)
    return { ...line, startMs: span?.startMs ?? line.atMs }
  })
}

/** The line that is heard at a moment: the last one that has begun. -1: none. */
export function lineAt(lines: readonly TimedLine[], atMs: number): number {
  return lines.findLastIndex(({ startMs }) => startMs <= atMs + 30)
}
