import type { AudioReplay } from './audio-replay.ts'

/** Quiet that is kept before speech is found, so that its first sound is in it. */
const LEAD_IN_MS = 1_000

/**
 * Which of the caller's audio the model has written down, and so need not be heard again by a new connection.
 * Server offsets count from the first byte of a connection; ours from the first byte of the session.
 */
export interface CallerTurns {
  /** Both return the session's offset; what the server does not say is now. */
  started(audioStartMs: number | undefined): number
  stopped(itemId: string, audioEndMs: number | undefined): number
  committed(itemId: string): void
  written(itemId: string): void
  /** After each write: quiet is forgotten. */
  wrote(): void
  /** A new connection begins with what is kept. True when the caller was speaking; it will find that out anew. */
  restart(): boolean
  readonly speaking: boolean
  /** Turns whose text is still to come. */
  readonly unwritten: number
}

export function createCallerTurns(replay: AudioReplay, bytesPerMs: number): CallerTurns {
  let baseMs = 0
  let speaking = false
  const unwritten = new Set<string>()
  const endsMs = new Map<string, number>()
  let writtenUntilMs = 0

  const sentMs = () => replay.endBytes / bytesPerMs
  const inSession = (offsetMs: number | undefined) => (offsetMs === undefined ? sentMs() : baseMs + offsetMs)

  function forget(): void {
    if (unwritten.size > 0) return
    const quietFromMs = sentMs() - LEAD_IN_MS
    replay.trimTo(
      Math.floor((speaking ? writtenUntilMs : Math.max(writtenUntilMs, quietFromMs)) * bytesPerMs),
    )
  }

  return {
    started(audioStartMs) {
      speaking = true
      return inSession(audioStartMs)
    },
    stopped(itemId, audioEndMs) {
      speaking = false
      const endMs = inSession(audioEndMs)
      endsMs.set(itemId, endMs)
      return endMs
    },
    committed(itemId) {
      unwritten.add(itemId)
      if (!endsMs.has(itemId)) endsMs.set(itemId, sentMs())
    },
    written(itemId) {
      unwritten.delete(itemId)
      // An end behind what was sent would have words forgotten that are still to be said.
      writtenUntilMs = Math.max(writtenUntilMs, Math.min(endsMs.get(itemId) ?? 0, sentMs()))
      endsMs.delete(itemId)
      forget()
    },
    wrote: forget,
    restart() {
      baseMs = replay.fromBytes / bytesPerMs
      unwritten.clear()
      endsMs.clear()
      const wasSpeaking = speaking
      speaking = false
      return wasSpeaking
    },
    get speaking() {
      return speaking
    },
    get unwritten() {
      return unwritten.size
    },
  }
}
