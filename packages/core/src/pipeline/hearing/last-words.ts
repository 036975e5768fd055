import { type AudioFormat, durationMs } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { withDeadline } from '../../kit/deadline.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { CallerAudioMemory } from './caller-audio.ts'
import { LAST_WORDS_LIMIT_MS } from './hearing-link.ts'
import type { OwedWords } from './owed-words.ts'
import type { RxWorker } from './rx-worker.ts'
import { DRAIN_MS, type SttSessions } from './stt-sessions.ts'

export interface LastWordsParts {
  readonly sessions: Pick<SttSessions, 'current' | 'searched'>
  /** No session will open: resolves when the utterance recogniser has told all. `undefined`: it does not hear. */
  readonly byUtterance: () => Promise<void> | undefined
  readonly owed: Pick<OwedWords, 'partialOpen' | 'unansweredVoice' | 'silentFrom' | 'silence'>
  readonly memory: Pick<CallerAudioMemory, 'acknowledged' | 'readPosition' | 'end' | 'leaveRest'>
  readonly worker: Pick<RxWorker, 'catchUpMs'>
  readonly format: AudioFormat
  readonly clock: Clock
  readonly telemetry: CallTelemetry
}

/** For sessions to open, all of them, and for one request; beside what it takes to read the words. */
const LAST_WORDS_MS = 3500

/**
 * The call is over, and what the caller said is in the ring: waits until that was heard to its end, for as long as it
 * takes to be read, and its words to come. Where they do not, that is told.
 */
export async function hearLastWords(parts: LastWordsParts): Promise<void> {
  const { memory, format, clock, telemetry } = parts
  const sinceMs = clock.nowMs()
  const came = await within(clock, LAST_WORDS_LIMIT_MS, lastWords(parts))
  const unreadBytes = memory.end - memory.readPosition
  if (!owesWords(parts) || (came && unreadBytes === 0)) return
  memory.leaveRest()
  telemetry.stt.lastWordsUnheard({
    waitedMs: clock.nowMs() - sinceMs,
    unreadMs: durationMs(format, unreadBytes),
  })
}

/** Of the session that hears last: one that dies before them has a successor, as in mid-call. False: they do not come. */
async function lastWords(parts: LastWordsParts): Promise<boolean> {
  const { sessions, memory, clock } = parts
  let searchedMs = 0
  for (;;) {
    const told = parts.byUtterance()
    if (told) return within(clock, LAST_WORDS_MS + readingMs(parts, memory.acknowledged), toTrue(told))
    const live = sessions.current
    if (live) {
      const reading = readingMs(parts, memory.readPosition)
      const ended = await within(clock, DRAIN_MS + reading, toTrue(live.ended))
      if (live === sessions.current) return ended
    } else {
      if (!owesWords(parts)) return true
      const fromMs = clock.nowMs()
      if (!(await within(clock, LAST_WORDS_MS - searchedMs, toTrue(sessions.searched())))) return false
      searchedMs += clock.nowMs() - fromMs
    }
  }
}

/** Where nobody tells of voice, there may be words in whatever no recogniser has been given. */
function owesWords({ owed, memory }: LastWordsParts): boolean {
  if (owed.partialOpen() || owed.unansweredVoice()) return true
  return owed.silence() === undefined && memory.end > memory.readPosition
}

/** How long it takes to read all from here on; none where no words can be in it. */
function readingMs({ owed, memory, worker }: LastWordsParts, from: number): number {
  const mayHoldWords = (owed.silentFrom() ?? memory.end) > from
  return mayHoldWords ? worker.catchUpMs(memory.end - from) : 0
}

function toTrue(done: Promise<void>): Promise<boolean> {
  return done.then(() => true)
}

function within(clock: Clock, limitMs: number, done: Promise<boolean>): Promise<boolean> {
  return withDeadline(clock, limitMs, 'last words', done).catch(() => false)
}
