import { type ClauseOutcome, type ClauseSpeakerParts, type ClauseTurn, speakWhole } from './clause-speaker.ts'
import { speakRecordedLine } from './recorded-line.ts'
import type { ScriptClause } from './reply-script.ts'
import type { StreamSpeaker } from './stream-speaker.ts'

/** `spoken`: some that a model wrote were heard, or will be. `unspoken`: none, although there were some. */
export type SpokenWords = 'none' | 'spoken' | 'unspoken'

/** Says the clauses of one reply, as part of a stream or each by itself, and knows what became of them. */
export interface ClauseVoice {
  say(clause: ScriptClause, how: ClauseTurn): Promise<void>
  words(): SpokenWords
}

export function createClauseVoice(parts: ClauseSpeakerParts, streams: StreamSpeaker): ClauseVoice {
  let words: SpokenWords = 'none'
  let mute = false

  async function say(clause: ScriptClause, how: ClauseTurn): Promise<void> {
    if (mute) return goOn(clause, how)
    let begun = false
    const watched: ClauseTurn = {
      ...how,
      onFirstAudio() {
        begun = true
        how.onFirstAudio()
      },
    }
    const stream = clause.fixed ? undefined : streams.stream()
    const outcome = stream
      ? await streams.speak(stream, clause, watched)
      : await speakWhole(clause, parts, watched, words !== 'spoken')
    note(outcome, clause, begun)
  }

  function note(outcome: ClauseOutcome | 'put back', { fixed }: ScriptClause, begun: boolean): void {
    mute ||= outcome === 'mute'
    if (outcome === 'spoken' && begun && !fixed) words = 'spoken'
    if (outcome === 'put back' || outcome === 'spoken' || words === 'spoken') return
    words = 'unspoken'
  }

  /** No voice works. Of what was put back after a noise, the recording is played again; the rest cannot be said. */
  async function goOn(clause: ScriptClause, how: ClauseTurn): Promise<void> {
    const recorded = parts.whenMute?.recorded()
    if (clause.text !== '' && recorded?.text.endsWith(clause.text))
      await speakRecordedLine(recorded, parts, { ...how, round: clause.round })
  }

  return { say, words: () => words }
}
