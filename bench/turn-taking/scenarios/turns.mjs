// Turns that the caller takes when the agent is silent: whole ones, short answers, ones with pauses inside.

import { drawPauseMs } from './pauses.mjs'
import { drawTraits } from './recogniser-traits.mjs'

/** After the agent's question, as people answer. */
const answerGapMs = (draw) => draw.frames(300, 900)

export function completeTurn(phrases, draw, { marks, form }) {
  const said = draw.phrase(form === 'question' ? phrases.questions : phrases.statements)
  return turn(phrases, draw, {
    asks: 'open',
    parts: [{ ...said, mark: form === 'question' ? '?' : '.' }],
    marks,
  })
}

export function shortAnswer(phrases, draw, { asks }) {
  return turn(phrases, draw, { asks, parts: [{ ...draw.phrase(phrases.answers[asks]), mark: '.' }] })
}

export function pausedTurn(phrases, draw, { place }) {
  const texts = draw
    .phrase(phrases.paused[place])
    .map((part) => (typeof part === 'string' ? { text: part } : part))
  const parts = texts.flatMap((part, index) =>
    index === 0 ? [part] : [{ pauseMs: drawPauseMs(place, draw.random) }, part],
  )
  return turn(phrases, draw, { asks: place === 'number' ? 'number' : 'open', parts })
}

export function turn(phrases, draw, { asks, parts, marks }) {
  return {
    asks: draw.phrase(phrases.asks[asks]),
    levelDb: -draw.whole(18, 28),
    recogniser: drawTraits(draw, marks),
    steps: [{ kind: 'turn', after: 'agent', gapMs: answerGapMs(draw), heard: 'words', parts }],
    replies: { first: phrases.shortReply, then: phrases.shortReply },
    tailMs: 3600,
  }
}
