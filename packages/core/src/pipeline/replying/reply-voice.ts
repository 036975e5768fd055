import type { CutBy } from '../../kit/cut.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { Floor } from '../speaking/floor.ts'
import type { Loss } from '../speaking/floor-grant.ts'
import type { WhenMute } from './clause-speaker.ts'
import type { Filler } from './filler-watch.ts'
import type { AgentEntry } from './history.ts'
import type { SpokenWords } from './clause-voice.ts'
import { createLineSpeaker, type LineHandlers } from './line-speaker.ts'
import { createReplyScript, type ScriptLine, type Tones } from './reply-script.ts'
import { createReplyWords } from './reply-words.ts'
import { createScriptRun } from './script-run.ts'
import { createSpeakingRight } from './speaking-right.ts'
import type { SpeechParts } from './speech.ts'

export interface ReplyVoiceParts extends SpeechParts {
  readonly floor: Floor
  /** Where the history keeps what it says. */
  readonly entry: Pick<AgentEntry, 'speaks' | 'spoke'>
  readonly telemetry: CallTelemetry
  /** The text of a clause without what cannot be spoken; empty when nothing is left. */
  readonly speakable: (text: string) => string
  /** Spoken in place of a clause that cannot be synthesised. Empty: nothing is. */
  readonly fallbackLine: string
  /** Absent: such a clause is left out where the fallback line cannot be spoken either. */
  readonly whenMute?: WhenMute
}

/** `heard`: all of it. `silent`: nothing could be spoken. `cancelled`: given up, or another voice has the floor. */
export type VoiceOutcome = 'heard' | 'silent' | 'cancelled'

/**
 * The voice of one reply: speaks clauses one after the other in the order they were given, and tones among them; can
 * be kept back, and goes on after an interruption from where the caller last heard it. A voice that can is given what
 * the model writes as one stream. It has the floor from `release` on; an interruption of the floor pauses it, and
 * whatever else takes the floor from it ends it.
 */
export interface ReplyVoice {
  /** `fixed`: a text of the configuration, the same on every call. `round`: of the reply that wrote it. */
  say(clause: string, fixed?: boolean, round?: number): void
  /** In place of what is not there to be said yet. */
  fill(filler: Filler): void
  /** Behind what was said. They are played once: tones that were cut are not taken up again. */
  playTones(tones: Tones): void
  /** Resolves when it has caught up with what it was given to say, or says no more; `undefined`: it is not behind. */
  room(): Promise<void> | undefined
  /** No more clauses will come. */
  end(): void
  /** Resolves when every clause given so far is in the tx-queue, or never will be. Ends the voice's stream. */
  queued(): Promise<void>
  /** Resolves when it is not paused, or will never go on. */
  unpaused(): Promise<void>
  /** Lets a reply that was prepared, or held back, be heard: takes the floor. */
  release(): void
  /** Keeps back what has not begun to be heard. */
  hold(): void
  /** After an interruption: takes the floor again. */
  resume(): void
  cancel(by: CutBy): void
  /** All that was heard of it by the last interruption. */
  heard(): string
  /** All that was heard of it by now, while it goes on. */
  heardSoFar(): string
  /** What was heard of it, where that was not all. */
  heardInPart(): string | undefined
  /** What became of the words it was given so far. */
  words(): SpokenWords
  readonly done: Promise<VoiceOutcome>
}

export function createReplyVoice(
  turn: number,
  parts: ReplyVoiceParts,
  handlers: LineHandlers,
  endMark = `reply_end_${turn}`,
): ReplyVoice {
  const script = createReplyScript()
  // Not by a function of this voice: the history keeps the words, and would keep the voice with them.
  const words = createReplyWords(parts.entry, parts.floor.mutedIn)
  const right = createSpeakingRight(parts.floor, lost)
  const run = createScriptRun({ signal: () => right.signal(), speak, script, onFailure })
  let ended = false
  const speech = { script, words, right, handlers, closing: () => ended || run.awaited() }
  const speaker = createLineSpeaker(turn, parts, speech)
  const outcome = createOutcome()

  async function speak(signal: AbortSignal): Promise<void> {
    await speaker.speakAll(signal)
    if (signal.aborted || !ended) return
    const spoken = await speaker.spoken()
    if (spoken === 'nothing') return finish('silent')
    if ((await right.grant()?.mark(endMark)) === 'played') finish(spoken === 'filler' ? 'silent' : 'heard')
  }

  function finish(how: VoiceOutcome, by: CutBy = 'other'): void {
    if (!outcome.settle(how)) return
    right.drop(by)
    run.close(by)
    parts.entry.spoke()
  }

  function lost(loss: Loss): void {
    run.stopped()
    const rest = words.cut(loss)
    if (loss.why !== 'interrupted') return finish('cancelled', loss.by)
    script.putBack(rest.map((unheard) => ({ ...unheard, fixed: false })))
  }

  function onFailure(error: unknown): void {
    parts.telemetry.stageFailed('reply voice', error)
    finish('silent')
  }

  function add(line?: ScriptLine): void {
    if (line) script.add(line)
    speaker.more()
    run.start()
  }

  return {
    say(text, fixed = false, round = 0) {
      const speakable = parts.speakable(text)
      if (speakable !== '') add({ kind: 'clause', clause: { text: speakable, fixed, round } })
    },
    fill: (filler) => add({ kind: 'filler', filler }),
    playTones: (tones) => add({ kind: 'tones', tones }),
    room: script.room,
    end() {
      ended = true
      add()
    },
    queued() {
      const idle = run.idle()
      speaker.more()
      return idle
    },
    release() {
      words.remember()
      right.release()
    },
    hold: () => right.hold(),
    resume() {
      if (outcome.settled()) return
      words.goOn()
      right.resume()
      run.start()
    },
    unpaused: () => right.regained(),
    cancel(by) {
      words.endAt(right.drop(by))
      finish('cancelled', by)
    },
    ...heardOf(words, parts.floor),
    words: speaker.words,
    done: outcome.done,
  }
}

function heardOf(
  words: ReturnType<typeof createReplyWords>,
  floor: Floor,
): Pick<ReplyVoice, 'heard' | 'heardSoFar' | 'heardInPart'> {
  return {
    heard: () => words.heard(),
    heardSoFar: () => words.heardBy(floor.heardMs()),
    heardInPart: () => words.heardInPart(),
  }
}

function createOutcome() {
  let resolve: (outcome: VoiceOutcome) => void = () => undefined
  let settled = false
  const done = new Promise<VoiceOutcome>((settle) => {
    resolve = settle
  })
  return {
    done,
    settled: () => settled,
    /** Only the first outcome counts; says whether this was it. */
    settle(outcome: VoiceOutcome): boolean {
      if (settled) return false
      settled = true
      resolve(outcome)
      return true
    },
  }
}
