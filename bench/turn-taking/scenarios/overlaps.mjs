// What is heard while the agent gives a long answer: interruptions, listeners' words, throats, other people, echo.

import { drawTraits } from './recogniser-traits.mjs'
import { NOISES } from '../sound/background.mjs'

export function interruption(phrases, draw, { words }) {
  const text = draw.phrase(phrases.interruptions[words - 1])
  return overlap(phrases, draw, { kind: 'interruption', heard: 'words', parts: [{ text, mark: '.' }] })
}

/** Recognisers write some of these words and drop others. */
export function backchannel(phrases, draw) {
  const text = draw.phrase(phrases.backchannels)
  const heard = draw.chance(0.7) ? 'words' : 'nothing'
  return overlap(phrases, draw, { kind: 'backchannel', heard, parts: [{ text, mark: '.' }] })
}

/** Hardly ever is a word made of one. */
export function vocalTic(phrases, draw, { tic }) {
  const part = { tic, text: draw.of(['uh', 'a', 'huh']) }
  return overlap(phrases, draw, {
    kind: 'vocal-tic',
    heard: draw.chance(0.1) ? 'words' : 'nothing',
    parts: [part],
  })
}

/** A television that the recogniser hears some words of, or the caller's words to somebody in the room. */
export function notToAgent(phrases, draw, { source }) {
  const television = source === 'television'
  const text = television ? draw.phrase(phrases.statements).text : draw.phrase(phrases.asides)
  return overlap(phrases, draw, {
    kind: 'not-to-agent',
    heard: television && draw.chance(0.5) ? 'nothing' : 'words',
    belowDb: television ? draw.whole(10, 20) : draw.whole(6, 14),
    confidence: television ? draw.between(0.3, 0.7) : draw.between(0.5, 0.9),
    parts: [{ talkMs: television ? draw.frames(3000, 5000) : undefined, text, mark: '.' }],
  })
}

/** Nobody speaks: what comes back is the agent's own voice. Loud echo is recognised as words now and then. */
export function echo(phrases, draw, { levelDb }) {
  return {
    ...overlap(phrases, draw, { kind: 'none', heard: 'nothing', parts: [{ pauseMs: 7000 }] }, 400),
    echo: {
      levelDb,
      delayMs: draw.frames(100, 600),
      recognised: draw.chance((levelDb + 25) / 25),
      text: phrases.longReply,
    },
    tailMs: 500,
  }
}

/** Another scenario under noise: `snrDb` is below the caller's voice. */
export function underNoise(scenario, draw, { snrDb }) {
  const kind = draw.of(NOISES)
  return { ...scenario, noise: { kind, snrDb, seed: draw.whole(0, 1e6) } }
}

/** Another scenario over a network that delivers late and in bursts, in order as TCP does. */
export function overJitter(scenario, draw, { jitterMs }) {
  return { ...scenario, jitter: { ms: jitterMs, stallShare: 0.01, seed: draw.whole(0, 1e6) } }
}

function overlap(phrases, draw, step, fixedOffsetMs) {
  return {
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
      { during: 'reply', offsetMs: fixedOffsetMs ?? draw.frames(800, 4500), ...step },
    ],
    replies: { first: phrases.longReply, then: phrases.shortReply },
    tailMs: 3600,
  }
}
