// Callers whose line gives the agent's voice back, by what is wrong with it; and callers without any echo.

import { drawFor, hashOf } from '../turn-taking/scenarios/draw.mjs'
import { overJitter } from '../turn-taking/scenarios/overlaps.mjs'
import { EN } from '../turn-taking/scenarios/phrases-en.mjs'
import { HE } from '../turn-taking/scenarios/phrases-he.mjs'
import { drawTraits } from '../turn-taking/scenarios/recogniser-traits.mjs'

const LEVELS_DB = [-10, -15, -20, -25]
const HALF = 'train'

/** What the line does to the echo. */
const LINES = {
  plain: () => ({}),
  'narrow and twice': () => ({ lowHz: 300, highHz: 2200, twice: true }),
  room: (draw) => ({ ringsMs: draw.whole(80, 250) }),
  clipping: (draw) => ({ clipsAt: draw.whole(2500, 6000) }),
  drift: (draw) => ({ driftPpm: draw.whole(-300, 300) }),
  'delay changes': (draw) => ({ changes: [{ atMs: 8000, delayMs: draw.frames(100, 600) }] }),
  noise: () => ({}),
  jitter: () => ({}),
  'slow line': (draw) => ({ delayMs: draw.frames(600, 900) }),
}

/** `[{ group, … }]` by group, `times` of each level and language. */
export function echoScenarios(times) {
  const lines = Object.keys(LINES).map((line) => ({ group: `echo: ${line}`, line, steps: onlyEcho }))
  const groups = [
    ...lines,
    { group: 'words over the echo', line: 'plain', steps: interrupts },
    { group: 'the agent’s words over the echo', line: 'plain', steps: repeats },
    { group: 'no echo: words', steps: interrupts },
    { group: 'no echo: the agent’s words', steps: repeats },
    { group: 'no echo: others', steps: talksToOthers },
    { group: 'no echo: words in noise', line: 'noise', snrDb: 8, steps: interrupts },
  ]
  return groups.flatMap((group) =>
    LEVELS_DB.flatMap((levelDb) =>
      [EN, HE].flatMap((phrases) =>
        Array.from({ length: times }, (_, turn) => scenarioOf(group, levelDb, phrases, turn)),
      ),
    ),
  )
}

function scenarioOf({ group, line, steps, snrDb = 20 }, levelDb, phrases, turn) {
  const id = `${group}.${-levelDb}db.${phrases.language.slice(0, 2)}.${turn}`
  const draw = drawFor(id, HALF)
  const scenario = {
    id,
    group,
    category: 'echo',
    language: phrases.language,
    seed: hashOf(id),
    msPerCharacter: phrases.msPerCharacter,
    asks: draw.phrase(phrases.asks.open),
    levelDb: -draw.whole(18, 28),
    recogniser: drawTraits(draw),
    steps: [
      {
        kind: 'turn',
        after: 'agent',
        gapMs: 400,
        heard: 'words',
        parts: [{ ...phrases.opening, mark: '.' }],
      },
      ...steps(phrases, draw),
    ],
    replies: { first: phrases.longReply, then: phrases.shortReply },
    tailMs: steps === onlyEcho ? 500 : 3600,
    ...(group.startsWith('no echo') || {
      echo: {
        levelDb,
        delayMs: draw.frames(100, 600),
        recognised: draw.chance((levelDb + 30) / 20),
        text: phrases.longReply,
        ...LINES[line](draw),
      },
    }),
    ...(line === 'noise' && { noise: { kind: draw.of(['white', 'street', 'babble']), snrDb, seed: 7 } }),
  }
  return line === 'jitter' ? overJitter(scenario, draw, { jitterMs: 40 }) : scenario
}

const listens = (ms) => ({
  during: 'reply',
  offsetMs: 400,
  kind: 'none',
  heard: 'nothing',
  parts: [{ pauseMs: ms }],
})
const speaks = (draw, parts, more) => ({
  during: 'reply',
  offsetMs: draw.frames(200, 1500),
  kind: 'interruption',
  heard: 'words',
  parts,
  ...more,
})

function onlyEcho() {
  return [listens(7000)]
}

function interrupts(phrases, draw) {
  const text = draw.phrase(phrases.interruptions[draw.of([1, 2, 3, 4])])
  return [listens(1200), speaks(draw, [{ text, mark: '.' }])]
}

/** Three to five words of the reply, about where the agent is saying them. */
function repeats(phrases, draw) {
  const words = phrases.longReply.replace(/[,.]/gu, '').split(' ')
  const from = draw.whole(2, 6)
  const text = words.slice(from, from + draw.whole(3, 5)).join(' ')
  return [listens(1200), speaks(draw, [{ text, mark: '.' }])]
}

function talksToOthers(phrases, draw) {
  const parts = [{ talkMs: draw.frames(2000, 4000), text: draw.phrase(phrases.asides), mark: '.' }]
  return [speaks(draw, parts, { kind: 'not-to-agent' })]
}
