import type { LlmProvider } from '../contracts/llm.ts'
import { type ModelText, soundsLikeThought } from '../language/model-text/index.ts'

/** What was learnt of one model's answers, shared by all calls. */
export interface AnswerHabits {
  /** Answers begin inside a thought, without an opening tag. `undefined`: none has told yet. */
  thinksFirst: boolean | undefined
  /** It was said by who configured it, and is not for answers to tell. */
  readonly certain?: boolean
}

export function habitsOf({ thinksFirst }: Pick<LlmProvider, 'thinksFirst'>): AnswerHabits {
  if (thinksFirst === undefined) return { thinksFirst: undefined }
  return { thinksFirst: thinksFirst !== false, certain: thinksFirst !== 'likely' }
}

/** Of a model of which nothing is known, no more than this waits to be told from a thought. */
export const MAX_HELD_CHARS = 4096

type Beginning = 'words' | 'thought' | 'unknown'

/** What an answer is taken to begin with, while its first words are held back. */
export interface AnswerBeginning {
  add(text: string): void
  is(): Beginning
}

/** Of a model of which nothing is known, its first words tell (`soundsLikeThought`). */
export function createAnswerBeginning({ thinksFirst }: AnswerHabits): AnswerBeginning {
  const known = thinksFirst === undefined ? 'unknown' : thinksFirst ? 'thought' : 'words'
  let is: Beginning = known
  let text = ''
  return {
    add(more) {
      if (is !== 'unknown') return
      text += more
      const verdict = soundsLikeThought(text)
      if (verdict !== undefined) is = verdict ? 'thought' : 'words'
    },
    is: () => is,
  }
}

/** One answer that was no thought first makes a model unknown that was known for it; the next one tells. */
export function learn(habits: AnswerHabits, { withheld, holds }: ModelText): void {
  if (habits.certain) return
  if (withheld.beganInThought) habits.thinksFirst = true
  // An answer without a word tells nothing of how words begin.
  else if (!holds) habits.thinksFirst = habits.thinksFirst === true ? undefined : false
}
