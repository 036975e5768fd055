import type { ClauseOutcome, ClauseSpeakerParts, ClauseTurn } from './clause-speaker.ts'
import type { ReplyScript, ScriptClause } from './reply-script.ts'
import { type StreamedSpeech, startStreamedSpeech } from './streamed-speech.ts'
import type { VoiceStream } from './voice-source.ts'

/** Gives a voice that can take it what the model writes as one stream: as far as it goes. */
export interface StreamSpeaker {
  /** The stream to use for the next clause, if there is one. After one has failed there is none. */
  stream(): VoiceStream | undefined
  /**
   * From this clause to the end of the text, a line of another kind, or a change of voice. A stream that fails leaves
   * in the script what has to be said in its place: `put back` as it was, or `replaced` by the fallback line.
   */
  speak(voice: VoiceStream, first: ScriptClause, how: ClauseTurn): Promise<StreamedOutcome>
  /** The script has changed, or has to be said to its end. */
  more(): void
}

export type StreamedOutcome = Exclude<ClauseOutcome, 'mute'> | 'put back'

export function createStreamSpeaker(
  parts: ClauseSpeakerParts,
  script: ReplyScript,
  /** What is in the script has to be said to its end: nothing else comes for now. */
  closing: () => boolean,
): StreamSpeaker {
  let streamed: StreamedSpeech | undefined
  let failed = false
  return {
    stream: () => (failed ? undefined : parts.voice.stream()),
    async speak(voice, first, how) {
      const supply = {
        take: () => (voice.current() ? script.takeWritten(first.round)?.text : undefined),
        complete: () => closing() || !voice.current() || script.hasOther(first.round),
      }
      streamed = startStreamedSpeech(voice, parts, {
        ...how,
        first: first.text,
        round: first.round,
        supply,
      })
      const { taken, done } = streamed
      const outcome = await done
      if (how.signal.aborted || outcome === 'spoken') return 'spoken'
      failed = true
      if (outcome === 'unspoken') {
        script.putBack(taken.map((text) => ({ ...first, text })))
        return 'put back'
      }
      // Which words are missing, nobody knows.
      if (parts.fallbackLine === '') return 'left out'
      script.putBack([{ ...first, text: parts.fallbackLine, fixed: true }])
      return 'replaced'
    },
    more: () => streamed?.more(),
  }
}
