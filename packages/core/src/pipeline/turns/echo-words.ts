import type { TurnRulesOptions, TurnState, WordsHeard } from './turn-state.ts'
import { textAfter, wordsOf } from './turn-text.ts'

/**
 * The turn rule 43: words that a recogniser made of the agent's own voice. Pure. Its sound is told apart before
 * (`hearing/echo`); here it is only known how much of what was heard of late was an echo.
 */

/** Where so much of the sound was the agent's own, so are the words that it said. */
const OWN_SHARE = 0.6
/** Where so much was, they are whatever they are: a recogniser mishears an echo. */
const ALL_SHARE = 0.9

/** So many of its words in a row begin the segment: a caller would not go on in them. */
const MIN_KNOWN_WORDS = 3

/** What of the words is the caller's, and the state that remembers what is not. `undefined`: nothing is. */
export function withoutEcho(
  state: TurnState,
  heard: WordsHeard,
  options: TurnRulesOptions,
): { readonly state: TurnState; readonly text: string | undefined } {
  const { text, ownShare = 0 } = heard
  if (isYetToShow(heard, options.agentSaid())) return { state, text: undefined }
  if (state.echoed === '' && ownShare < OWN_SHARE) return { state, text }
  // What was left out of a partial is in the next ones, and in the final.
  const beyond = textAfter(state.echoed, text)
  const isOwn = wordsOf(beyond).length === 0 || isEcho(state, text, beyond, ownShare, options.agentSaid())
  const echoed = heard.type === 'final' ? '' : isOwn ? text.trim() : state.echoed
  return { state: { ...state, echoed }, text: isOwn && wordsOf(text).length > 0 ? undefined : beyond }
}

/** Of the first echo words may come before it is known. The next partial has these, too, and then it is. */
function isYetToShow({ type, text, likelyOwn }: WordsHeard, agentSaid: string): boolean {
  return likelyOwn === true && type === 'partial' && wordsOf(text).length > 0 && beginsInside(agentSaid, text)
}

function isEcho(
  { echoed }: TurnState,
  text: string,
  beyond: string,
  ownShare: number,
  agentSaid: string,
): boolean {
  if (ownShare >= ALL_SHARE) return true
  if (ownShare >= OWN_SHARE) return beginsInside(agentSaid, beyond)
  // Where the delay changes its sound is not known for a moment: what goes on word for word is still the agent.
  return wordsOf(echoed).length >= MIN_KNOWN_WORDS && beginsInside(agentSaid, text)
}

/** The agent says these words in this order; a partial may have half of the last one. */
function beginsInside(said: string, text: string): boolean {
  return ` ${wordsOf(said).join(' ')} `.includes(` ${wordsOf(text).join(' ')}`)
}
