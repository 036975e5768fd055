import type { ClauseSpeakerParts, ClauseTurn } from './clause-speaker.ts'
import { createClauseVoice, type SpokenWords } from './clause-voice.ts'
import { playTones } from './play-tones.ts'
import { NO_TONES_PLAYED, type ReplyScript, type ScriptLine, type Tones } from './reply-script.ts'
import type { ReplyWords } from './reply-words.ts'
import type { SpeakingRight } from './speaking-right.ts'
import { createStreamSpeaker } from './stream-speaker.ts'

/** Speaks the lines of one reply's script, each in its own way: clause by clause, as a stream, as tones. */
export interface LineSpeaker {
  /** Speaks until the script is empty or `signal` aborts. */
  speakAll(signal: AbortSignal): Promise<void>
  /** Something of the reply could be heard, or can be. */
  spoke(): boolean
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
    readonly handlers: { onFirstAudio?(): void; onFirstFrame?(): void }
    /** What is in the script has to be said to its end: nothing else comes for now. */
    readonly closing: () => boolean
  },
): LineSpeaker {
  const { script, right, handlers } = of
  const streams = createStreamSpeaker(parts, script, of.closing)
  const clauseVoice = createClauseVoice(parts, streams)
  let spoke = false
  let clauses = 0

  function onFirstAudio(): void {
    spoke = true
    handlers.onFirstAudio?.()
  }

  async function speak(line: ScriptLine, signal: AbortSignal, onFirstFrame: () => void): Promise<void> {
    if (line.kind === 'tones') return play(line.tones, signal, onFirstFrame)
    const how: ClauseTurn = {
      turn,
      utterance: of.words.utterance(),
      signal,
      granted: right.granted,
      onFirstAudio,
      onFirstFrame,
    }
    await clauseVoice.say(line.clause, how)
    if (signal.aborted || !spoke) return
    void right.grant()?.mark(`clause_${turn}_${++clauses}`)
  }

  async function play(tones: Tones, signal: AbortSignal, onFirstFrame: () => void): Promise<void> {
    const grant = await right.granted(signal)
    if (!grant || tones.signal.aborted) return tones.settle(NO_TONES_PLAYED)
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
      let firstFrame = true
      const onFirstFrame = (): void => {
        if (!firstFrame || signal.aborted) return
        firstFrame = false
        // What has begun to be heard cannot be held back any more.
        right.release()
        handlers.onFirstFrame?.()
      }
      for (let line = script.take(); line !== undefined; line = script.take()) {
        await speak(line, signal, onFirstFrame)
        if (signal.aborted) return
      }
    },
    spoke: () => spoke,
    words: clauseVoice.words,
    more: () => streams.more(),
  }
}
