// Every scenario, as data: the same ones each time. `half`: rules are tuned on `train`, and `held-out` is reported.

import { TICS } from '../sound/tics.mjs'
import { drawFor, HALVES, hashOf } from './draw.mjs'
import { backchannel, echo, interruption, notToAgent, overJitter, underNoise, vocalTic } from './overlaps.mjs'
import { PAUSE_PLACES } from './pauses.mjs'
import { BLIND_EN } from './blind-phrases-en.mjs'
import { BLIND_HE } from './blind-phrases-he.mjs'
import { EN } from './phrases-en.mjs'
import { HE } from './phrases-he.mjs'
import { MORE_REPLIES, SHORT_GREETINGS } from './more-replies.mjs'
import { everySecond, together } from './phrase-lists.mjs'
import { completeTurn, pausedTurn, shortAnswer } from './turns.mjs'

/**
 * No phrase is in both halves. Those that are held out are by somebody who has not read the rules; every second one of
 * theirs is train, so that rules are tuned on phrases of that kind, too.
 */
const LANGUAGES = [
  [EN, BLIND_EN],
  [HE, BLIND_HE],
].map(([known, blind]) => ({
  train: together(known, everySecond(blind, 1)),
  'held-out': everySecond(blind, 0),
}))

const FORMS = ['statement', 'question']
const MARKS = ['none', 'finals', 'partials']

/** `times` of each kind and language; an even number, so that both halves have the same. */
const CATEGORIES = {
  complete: {
    times: 6,
    kinds: FORMS.flatMap((form) => MARKS.map((marks) => ({ name: `${form}-${marks}`, form, marks }))),
    make: completeTurn,
  },
  'short-answer': {
    times: 6,
    kinds: ['yes-no', 'date', 'number', 'name'].map((asks) => ({ name: asks, asks })),
    make: shortAnswer,
  },
  pause: { times: 20, kinds: PAUSE_PLACES.map((place) => ({ name: place, place })), make: pausedTurn },
  interruption: {
    times: 4,
    kinds: [1, 2, 3, 4, 5, 6, 7, 8].map((words) => ({ name: `${words}-words`, words })),
    make: interruption,
  },
  backchannel: { times: 30, kinds: [{ name: 'listener' }], make: backchannel },
  'vocal-tic': { times: 6, kinds: TICS.map((tic) => ({ name: tic, tic })), make: vocalTic },
  'not-to-agent': {
    times: 12,
    kinds: ['television', 'aside'].map((source) => ({ name: source, source })),
    make: notToAgent,
  },
  echo: {
    times: 6,
    kinds: [-10, -15, -20, -25].map((levelDb) => ({ name: `${-levelDb}db`, levelDb })),
    make: echo,
  },
  noise: {
    times: 4,
    kinds: [20, 10, 5].flatMap((snrDb) => [
      { name: `turn-${snrDb}db`, of: completeTurn, form: 'statement', snrDb },
      { name: `interruption-${snrDb}db`, of: interruption, words: 4, snrDb },
    ]),
    make: (phrases, draw, kind) => underNoise(kind.of(phrases, draw, kind), draw, kind),
  },
  jitter: {
    times: 4,
    kinds: [20, 60].flatMap((jitterMs) => [
      { name: `turn-${jitterMs}ms`, of: completeTurn, form: 'question', jitterMs },
      { name: `pause-${jitterMs}ms`, of: pausedTurn, place: 'clause', jitterMs },
      { name: `interruption-${jitterMs}ms`, of: interruption, words: 3, jitterMs },
    ]),
    make: (phrases, draw, kind) => overJitter(kind.of(phrases, draw, kind), draw, kind),
  },
}
export const CATEGORY_NAMES = Object.keys(CATEGORIES)

/** `[{ id, language, category, kind, half, seed, asks, levelDb, recogniser, steps, replies, tailMs, … }]` */
export function allScenarios() {
  return CATEGORY_NAMES.flatMap((category) => {
    const { kinds, times, make } = CATEGORIES[category]
    return kinds.flatMap((kind) =>
      LANGUAGES.flatMap((phrasesOf) =>
        inHalves(
          Array.from({ length: times }, (_, turn) => idOf(phrasesOf.train, category, kind, turn)),
          (id, half) => scenarioOf(id, half, phrasesOf, { category, kind, make }),
        ),
      ),
    )
  })
}

/** Of a few dozen a kind, one is three or four in a hundred. */
const OVER_AGENT = ['interruption', 'backchannel', 'vocal-tic', 'not-to-agent', 'echo']
const VARIED = [...OVER_AGENT, 'pause']

/**
 * So many times as many scenarios of these kinds as the train half has, of its phrases and none of its draws: other
 * clips, levels, moments, delays, another voice and other words of the agent.
 */
export function moreScenarios(manyTimes) {
  return VARIED.flatMap((category) => {
    const { kinds, times, make } = CATEGORIES[category]
    return kinds.flatMap((kind) =>
      LANGUAGES.flatMap((phrasesOf) =>
        Array.from({ length: (times / 2) * manyTimes }, (_, turn) => {
          const id = idOf(phrasesOf.train, category, kind, `more${turn}`)
          const scenario = scenarioOf(id, 'train', phrasesOf, { category, kind, make })
          return OVER_AGENT.includes(category) ? withOtherReply(scenario) : scenario
        }),
      ),
    )
  })
}

function withOtherReply(scenario) {
  const { id, language, asks, replies, echo } = scenario
  const draw = drawFor(`${id}.agent`)
  const first = draw.of(MORE_REPLIES[language])
  return {
    ...scenario,
    // Too short to know its echo by.
    asks: echo && draw.chance(0.5) ? SHORT_GREETINGS[language] : asks,
    agentVoiceSeed: hashOf(`${id}.agent`),
    replies: { ...replies, first },
    ...(echo && { echo: { ...echo, text: first } }),
  }
}

function scenarioOf(id, half, phrasesOf, { category, kind, make }) {
  const phrases = phrasesOf[half]
  const { language, msPerCharacter } = phrases
  return {
    id,
    language,
    category,
    kind: kind.name,
    half,
    seed: hashOf(id),
    msPerCharacter,
    ...make(phrases, drawFor(id), kind),
  }
}

function idOf({ language }, category, kind, turn) {
  return `${category}.${kind.name}.${language.slice(0, 2)}.${turn}`
}

/** By the hash of its id, and as many in one half as in the other. */
function inHalves(ids, make) {
  const order = [...ids].sort((a, b) => hashOf(a) - hashOf(b))
  return ids.map((id) => make(id, HALVES[order.indexOf(id) % 2]))
}
