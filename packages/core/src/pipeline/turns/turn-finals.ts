import { isNumberWord } from '../../language/word-lists.ts'
import type { LastFinal, TurnRulesOptions, TurnState, TurnStep } from './turn-state.ts'
import { step } from './turn-steps.ts'
import { endOfTurn, joinText, sameWords, wordsOf } from './turn-text.ts'

/**
 * Finals that say what was said: the turn rules 26 to 28. Pure. A final is a segment, but recognisers send the same
 * one twice (raw, then with punctuation), correct one they had settled, or begin each with all that was said before.
 * The caller says things twice too, digits above all, so words are taken for the recogniser's only where the caller
 * has not been heard since, or where it would be odd to say so many of them again.
 */

/** As many different words at the start of a final as were said before are no coincidence. */
const MIN_REPEATED_WORDS = 3

/** Neither voice nor words came since the last final: what comes is about the same segment. */
function stands({ last, finalStands, voice }: TurnState): LastFinal | undefined {
  // In the same voice they may say it twice, where no partial would tell.
  return finalStands && (!voice || last?.partials === true) ? last : undefined
}

/** The last final once more, or put right; `undefined`: what was said is new. */
export function lastFinalAgain(state: TurnState, said: string): 'same' | 'corrected' | undefined {
  const last = stands(state)
  if (!last || wordsOf(said).length === 0) return undefined
  if (sameWords(last.said, said)) return 'same'
  return last.said === last.added && standsInPlaceOf(last.said, said) ? 'corrected' : undefined
}

/** A partial that came after its final. A detector must say that nobody has spoken since. */
export function isStalePartial(state: TurnState, said: string, { hasVad }: TurnRulesOptions): boolean {
  const last = hasVad && !state.noise && !state.voice ? stands(state) : undefined
  return last !== undefined && wordsOf(said).length > 0 && restOf(said, last.said) !== undefined
}

/**
 * The caller answers what was said since in the words of the turn before: "yes", and "yes". A recogniser that has not
 * closed that segment tells it as the same partial.
 */
export function saysItAgain(
  state: TurnState,
  heard: { readonly type: string; readonly text: string },
): boolean {
  const { segmentOpen, voiceSinceTurn, agent, continued, answeredPartial } = state
  if (heard.type !== 'partial' || !segmentOpen || !voiceSinceTurn || continued) return false
  return agent === 'silent' && sameWords(heard.text, answeredPartial)
}

/** The running turn with its last final put right; `undefined`: it is not in this turn. */
export function correctInTurn(state: TurnState, said: string): TurnState | undefined {
  const before = withoutLast(state.finals, state.last)
  if (before === undefined) return undefined
  return { ...state, finals: endOfTurn(joinText(before, said)), last: lastFinal(said, said) }
}

/** A recogniser whose finals hold the whole turn has changed its mind about the beginning. */
export function correctWhole(state: TurnState, said: string): TurnState | undefined {
  const { finals, cumulative } = state
  if (!cumulative || finals === '' || restOf(finals, said) !== undefined) return undefined
  if (inPlace(finals, said) * 2 < wordsOf(finals).length) return undefined
  return { ...state, finals: endOfTurn(said.trim()), last: lastFinal(said, said), segmentOpen: false }
}

/** The answered turn with its last final put right: the reply starts anew, or is told of it. */
export function correctAnswered(state: TurnState, said: string): TurnStep | undefined {
  const early = state.answeredPartial !== ''
  const before = early ? state.answeredFinals : withoutLast(state.answeredFinals, state.last)
  if (before === undefined || !state.answering || state.agent === 'silent') return undefined
  const text = endOfTurn(joinText(before, said))
  const answered = early ? { answeredPartial: said.trim() } : { answeredFinals: text }
  const type = state.agent === 'thinking' ? 'restart-reply' : 'correct-history'
  return step({ ...state, ...answered, last: lastFinal(said, said) }, { type, turn: state.turn, text })
}

/** What a final or partial adds to the turn, and whether the recogniser repeats the turn in each of them. */
export function addedWords(
  state: TurnState,
  said: string,
): { readonly text: string; readonly cumulative: boolean } {
  const known = knownBefore(state)
  const { cumulative } = state
  if (known === '' || wordsOf(said).length === 0) return { text: said.trim(), cumulative }
  // A partial on its way to what was said before.
  if (cumulative && restOf(said, known) !== undefined) return { text: '', cumulative }
  const rest = restOf(known, said)
  const repeats = rest !== undefined && (cumulative || isLong(known))
  if (repeats) return { text: rest, cumulative: true }
  // Two words prove nothing of the recogniser; but nobody begins a sentence twice to say the same.
  if (rest !== undefined && isSentenceAnew(known, rest)) return { text: rest, cumulative }
  return { text: said.trim(), cumulative: false }
}

/** Digits that are read out do come twice, and so do a "no" or a "wait". */
function isSentenceAnew(known: string, rest: string): boolean {
  const [before, added] = [wordsOf(known), wordsOf(rest)]
  if (added.length < MIN_REPEATED_WORDS || [...before, ...added].some(isNumberWord)) return false
  return !before.includes(added[0]!)
}

/** A recogniser that tells no finals may go on from the partial that was taken for one. */
export function beyondOverdue({ last }: TurnState, said: string): string {
  if (last?.overdue !== true || !isLong(last.said)) return said
  return restOf(last.said, said) ?? said
}

function isLong(text: string): boolean {
  return new Set(wordsOf(text)).size >= MIN_REPEATED_WORDS
}

/** What a recogniser may say again that does not part segments. */
function knownBefore({ finals, answeredFinals, agent, cumulative }: TurnState): string {
  if (finals !== '') return finals
  // Nothing of the reply was heard: the turn that it answers may go on.
  return agent === 'thinking' || cumulative ? answeredFinals : ''
}

/** A segment was settled. Where nobody would tell of new speech before its final, the next one is new. */
export function settled(
  state: TurnState,
  { text: said, overdue = false }: { readonly text: string; readonly overdue?: boolean },
  added: string,
  { hasVad }: TurnRulesOptions,
): TurnState {
  if (wordsOf(said).length === 0) return state
  const partials = state.partial !== '' || state.answeredPartial !== ''
  const told = (hasVad && !state.noise) || partials
  return { ...state, last: { ...lastFinal(said, added), partials, overdue }, finalStands: told }
}

function lastFinal(said: string, added: string): LastFinal {
  return { said: said.trim(), added: added.trim() }
}

function withoutLast(text: string, last: LastFinal | undefined): string | undefined {
  if (!last || last.added === '' || !text.endsWith(last.added)) return undefined
  return text.slice(0, -last.added.length)
}

/** What `text` adds to `known`, all of whose words it begins with. */
function restOf(known: string, text: string): string | undefined {
  const words = wordsOf(known)
  const said = text.trim().split(/\s+/u)
  const plain = said.map((word) => wordsOf(word).join(' '))
  if (words.length === 0 || !words.every((word, index) => plain[index] === word)) return undefined
  return said.slice(words.length).join(' ')
}

/** Half of the words in place are enough to know a text again. */
function standsInPlaceOf(before: string, text: string): boolean {
  return inPlace(before, text) * 2 >= Math.max(wordsOf(before).length, wordsOf(text).length)
}

function inPlace(before: string, text: string): number {
  const words = wordsOf(text)
  return wordsOf(before).filter((word, index) => words[index] === word).length
}
