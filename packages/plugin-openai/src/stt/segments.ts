import { bytesPerSecond, type AudioFormat } from '@kav/core'
import { createPauseFinder } from './pause-finder.ts'

/** The server takes no commit of less than 100 ms of audio. */
const MIN_COMMIT_MS = 100
const CUT_MARGIN_MS = 200

/** The audio of one session in segments: how much was sent, and up to where the server, or we, have cut it. */
export interface Segments {
  /** Audio was sent; cuts at a pause where that is ours to do. */
  sent(audio: Uint8Array): void
  /** By the server's word the audio up to here is in a segment. */
  serverCut(endMs: number): void
  /** A commit of ours was answered. Where it was made; `undefined` when none is open. */
  answered(): number | undefined
  /** Commits of ours that have no answer yet. */
  readonly unanswered: number
  /** No more audio. `server-cuts`: the server is expected to cut by itself; otherwise what was said is committed. */
  finish(): 'server-cuts' | 'committed'
  /** The server was expected to cut, and has not done so yet. */
  readonly awaitsCut: boolean
  stopAwaiting(): void
}

export function createSegments(options: {
  readonly format: AudioFormat
  /** Pause that closes a segment. */
  readonly silenceMs: number
  /** Nobody cuts but us. */
  readonly cutsItself: boolean
  /** The server cuts when it has heard that much silence. */
  readonly serverFindsSilence: boolean
  commit(): void
}): Segments {
  const pauses = createPauseFinder(options.format, options.silenceMs)
  const bytesPerMs = bytesPerSecond(options.format) / 1000
  /** Where each commit of ours was made. */
  const commitsMs: number[] = []
  let sentMs = 0
  let segmentedMs = 0
  let awaitedCutMs = 0

  /** Closes a segment if anything was said in it: models find words in silence. */
  function commit(): void {
    if (pauses.voicedUntilMs <= segmentedMs || sentMs - segmentedMs < MIN_COMMIT_MS) return
    segmentedMs = sentMs
    commitsMs.push(sentMs)
    options.commit()
  }

  /** The last words are followed by so much silence that the server cuts there, if it has not done so already. */
  function serverWillCut(): boolean {
    if (!options.serverFindsSilence) return false
    return sentMs - pauses.voicedUntilMs >= options.silenceMs + CUT_MARGIN_MS
  }

  return {
    sent(audio) {
      sentMs += audio.length / bytesPerMs
      if (pauses.push(audio) && options.cutsItself) commit()
    },
    serverCut(endMs) {
      // A cut behind what was sent would keep all that follows from being committed.
      segmentedMs = Math.max(segmentedMs, Math.min(endMs, sentMs))
    },
    answered: () => commitsMs.shift(),
    get unanswered() {
      return commitsMs.length
    },
    finish() {
      if (serverWillCut()) {
        awaitedCutMs = pauses.voicedUntilMs
        return 'server-cuts'
      }
      commit()
      return 'committed'
    },
    get awaitsCut() {
      return segmentedMs < awaitedCutMs
    },
    stopAwaiting() {
      awaitedCutMs = 0
    },
  }
}
