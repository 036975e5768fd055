// Recorded callers in noise: what was said is known, and when.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { decodeMulaw, encodeMulaw } from '../../packages/core/dist/audio/g711.js'
import { takeFromDebian } from '../../scripts/debian-commands.mjs'
import { createRandom } from '../lib/random.mjs'
import { makeNoise } from '../turn-taking/sound/background.mjs'
import { addInto, atLevel, SAMPLES_PER_MS, toLinear } from '../turn-taking/sound/level.mjs'
import { loadRecordings } from '../turn-taking/sound/recordings.mjs'

const SPEECH_DB = -22
const PAUSE_MS = 1500
const TEXTS = {
  package: 'asterisk-core-sounds-en',
  path: 'usr/share/doc/asterisk-core-sounds-en',
  size: '23 kB',
}
const TEXT_CACHE = fileURLToPath(new URL('../../.cache/recordings/asterisk-core-sounds-en', import.meta.url))

/** `{ voices, others }`: recordings with `{ name, text, samples }`, and one way to take sound of other people. */
export function loadVoices(log) {
  const { callers, others } = loadRecordings({ log })
  if (!existsSync(TEXT_CACHE)) takeFromDebian({ ...TEXTS, what: 'their words' }, TEXT_CACHE, log)
  const texts = readTexts()
  const voices = [...callers]
    .map(([name, samples]) => ({ name, text: texts.get(name), samples }))
    .filter(({ text, samples }) => text !== undefined && samples.length > 8000 && samples.length < 8 * 8000)
  return { voices, others: stretchesOf([...others.values()]) }
}

/** `name: words`, one a line; what is not spoken stands in brackets. */
function readTexts() {
  const file = readdirSync(TEXT_CACHE).find((name) => /core-sounds-en\.txt/u.test(name))
  const bytes = readFileSync(join(TEXT_CACHE, file))
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  return new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf(':')
      const words = wordsOf(line.slice(at + 1))
      return at < 0 || /[[\]\d]/u.test(line) || words.length < 3
        ? []
        : [[line.slice(0, at).trim(), words.join(' ')]]
    }),
  )
}

export const wordsOf = (text) => text.toLowerCase().match(/[a-z']+/gu) ?? []

function stretchesOf(recordings) {
  return {
    /** So long a stretch of one person after another, at `db`. */
    stretch(ms, seed, db) {
      const random = createRandom(seed)
      const length = Math.round(ms * SAMPLES_PER_MS)
      const whole = new Float32Array(length)
      for (let at = 0; at < length;) {
        const piece = recordings[Math.floor(random() * recordings.length)]
        addInto(whole, piece, at)
        at += piece.length
      }
      return atLevel(whole, db)
    },
  }
}

/**
 * The voices one after another with pauses between them, over noise, as a telephone brings it (mu-law).
 * `spans`: where each begins and ends, in samples.
 */
export function makeScene(voices, noise, snrDb, seed, others) {
  const pause = PAUSE_MS * SAMPLES_PER_MS
  const length = voices.reduce((sum, { samples }) => sum + samples.length + pause, pause)
  const scene = new Float32Array(length)
  const spans = []
  let at = pause
  for (const { samples } of voices) {
    addInto(scene, atLevel(samples, SPEECH_DB), at)
    spans.push({ start: at, end: at + samples.length })
    at += samples.length + pause
  }
  if (noise !== 'none') {
    const loop = makeNoise(noise, seed, SPEECH_DB - snrDb, others)
    for (let from = 0; from < length; from += loop.length) addInto(scene, loop, from)
  }
  const linear = Int16Array.from(scene, (sample) => Math.max(-32_768, Math.min(32_767, sample)))
  return { samples: decodeMulaw(encodeMulaw(linear)), spans, loudest: toLinear(SPEECH_DB) * 32_768 }
}
