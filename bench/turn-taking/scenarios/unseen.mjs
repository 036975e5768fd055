// Scenarios of phrases that nothing is tuned on: complete turns, and turns with pauses.

import { isWhole, UNSEEN_LANGUAGES, unseenPhrases } from '../unseen/unseen-phrases.mjs'
import { drawFor, hashOf } from './draw.mjs'
import { drawPauseMs } from './pauses.mjs'
import { EN } from './phrases-en.mjs'
import { HE } from './phrases-he.mjs'
import { turn } from './turns.mjs'

const AGENTS = { en: EN, he: HE }
/** Of each phrase, with other pauses and another recogniser each time. */
const TIMES = 2
/** Where a pause is drawn as if it were elsewhere. */
const DRAWN_AS = { middle: 'clause' }

/** As `allScenarios` gives them, `more` times as many; `half` is `choose` or `report`. */
export function unseenScenarios(more = 1) {
  return UNSEEN_LANGUAGES.flatMap((language) =>
    unseenPhrases(language).flatMap((phrase, at) =>
      Array.from({ length: TIMES * more }, (_, time) => {
        const category = isWhole(phrase) ? 'complete' : 'pause'
        const id = `${category}.unseen-${phrase.list}.${language}.${at}.${time}`
        const agent = AGENTS[language]
        const draw = drawFor(id)
        const made = turn(agent, draw, { asks: 'open', parts: partsOf(phrase, draw) })
        const { half, list } = phrase
        return {
          id,
          language: agent.language,
          category,
          kind: list,
          half,
          seed: hashOf(id),
          msPerCharacter: agent.msPerCharacter,
          ...made,
        }
      }),
    ),
  )
}

function partsOf({ list, parts }, draw) {
  const mark = list === 'questions' ? '?' : '.'
  return parts.flatMap((text, at) => [
    ...(at === 0 ? [] : [{ pauseMs: drawPauseMs(DRAWN_AS[list] ?? list, draw.random) }]),
    { text, ...(at === parts.length - 1 && { mark }) },
  ])
}
