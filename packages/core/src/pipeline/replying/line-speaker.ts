import { cutBy } from '../../kit/cut.ts'
import type { ClauseSpeakerParts, ClauseTurn } from './clause-speaker.ts'
import { createClauseVoice, type SpokenWords } from './clause-voice.ts'
import { createFillerSpeaker } from './filler-speaker.ts'
import { playTones } from './play-tones.ts'
import { noTonesPlayed, type ReplyScript, type ScriptLine, type Tones } from './reply-script.ts'
import type { ReplyWords } from './reply-words.ts'
import type { SpeakingRight } from './speaking-right.ts'
import { createStreamSpeaker } from './stream-speaker.ts'

export interface LineHandlers {
  onFirstAudio?(): void
  /** The first frame that is no filler goes out on the wire, since the start or the last resume. */
  onAnswerFrame?(): void
  /** The first frame of anything does. */
  onFirstFrame?(): void
}

/** When the first frames of a run go out. */
interface RunFrames {
  readonly any: () => void
  readonly answer: () => void
}

/** Speaks the lines of one reply's script, each in its own way: clause by clause, as a stream, as tones. */
export interface LineSpeaker {
  /** Speaks until the script is empty or `signal` aborts. */
  speakAll(signal: AbortSignal): Promise<void>
  /** Resolves when nothing of a filler is written any more, with what could be heard, or can be. */
  spoken(): Promise<'answer' | 'filler' | 'nothing'>
  /** What became of the words it was given. */
  words(): SpokenWords
  /** The script has changed, or has to be said to its end. */
  more(): void
}

export function createLineSpeaker(
  turn: number,
  parts: ClauseSpeakerParts,
  of: {
    readonly script: ReplyScript
    readonly words: ReplyWords
    readonly right: SpeakingRight
    readonly handlers: LineHandlers
    /** What is in the script has to be said to its end: nothing else comes for now. */
    readonly closing: () => boolean
  },
): LineSpeaker {
  const { script, right, handlers } = of
  const streams = createStreamSpeaker(parts, script, of.closing)
  const filler = createFillerSpeaker(turn, parts, right, script.empty)
  const clauseVoice = createClauseVoice(parts, streams)
  let spoke = false
  let clauses = 0

  function onFirstAudio(): void {
    spoke = true
    handlers.onFirstAudio?.()
  }

  async function speak(line: ScriptLine, signal: AbortSignal, frames: RunFrames): Promise<void> {
    if (line.kind === 'tones') return play(line.tones, signal, frames.answer)
    if (line.kind === 'filler') return filler.fill(line.filler, signal, frames.any)
    const how: ClauseTurn = {
      turn,
      utterance: of.words.utterance(),
      signal,
      granted: filler.granted,
      onFirstAudio,
      onFirstFrame: frames.answer,
    }
    await clauseVoice.say(line.clause, how)
    if (signal.aborted || !spoke) return
    void right.grant()?.mark(`clause_${turn}_${++clauses}`)
  }

  async function play(tones: Tones, signal: AbortSignal, onFirstFrame: () => void): Promise<void> {
    const grant = await filler.granted(signal)
    if (!grant || tones.signal.aborted)
      return tones.settle(noTonesPlayed(cutBy(grant ? tones.signal : signal)))
    if (tones.frames.length > 0) {
      spoke = true
      void grant.cue().then((outcome) => {
        if (outcome === 'played') onFirstFrame()
      })
    }
    tones.settle(await playTones(grant, tones))
  }

  return {
    async speakAll(signal) {
      const any = once(signal, () => {
        // What has begun to be heard cannot be held back any more.
        right.release()
        handlers.onFirstFrame?.()
      })
      const answers = once(signal, () => handlers.onAnswerFrame?.())
      const frames = {
        any,
        answer(): void {
          answers()
          any()
        },
      }
      for (let line = script.take(); line !== undefined; line = script.take()) {
        await speak(line, signal, frames)
        if (signal.aborted) return
      }
    },
    async spoken() {
      await filler.end()
      if (spoke) return 'answer'
      return filler.filled() ? 'filler' : 'nothing'
    },
    words: clauseVoice.words,
    more: () => streams.more(),
  }
}

/** The first time, unless `signal` has aborted by then. */
function once(signal: AbortSignal, tell: () => void): () => void {
  let told = false
  return () => {
    if (told || signal.aborted) return
    told = true
    tell()
  }
}
