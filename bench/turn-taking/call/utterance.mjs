// One step of the caller as sound and as words with times.

import { makeTalk } from '../sound/background.mjs'
import { addInto, concat, SAMPLES_PER_MS } from '../sound/level.mjs'
import { makeTic } from '../sound/tics.mjs'

const MIN_WORDS_MS = 220
const BETWEEN_CLIPS_MS = 60

/**
 * `{ samples, endMs, segments }`: `segments` are the stretches between pauses, `[{ startMs, endMs, mark?, words:
 * [{ text, endMs }] }]`; `endMs` is where the last sound ends. Times count from the beginning of the step.
 */
export function speak(scenario, step, sounds) {
  const levelDb = scenario.levelDb - (step.belowDb ?? 0)
  const pieces = []
  const segments = []
  let atSamples = 0
  let endMs = 0
  step.parts.forEach((part, index) => {
    const samples = soundOf(scenario, part, { levelDb, seed: scenario.seed + index, sounds })
    pieces.push(samples)
    const startMs = atSamples / SAMPLES_PER_MS
    atSamples += samples.length
    if (part.pauseMs !== undefined) return
    endMs = atSamples / SAMPLES_PER_MS
    segments.push({ startMs, endMs, mark: part.mark, words: wordsOf(part.text, startMs, endMs) })
  })
  return { samples: concat(pieces), endMs, segments }
}

function soundOf(scenario, part, { levelDb, seed, sounds }) {
  if (part.pauseMs !== undefined) return new Float32Array(part.pauseMs * SAMPLES_PER_MS)
  if (part.tic !== undefined) return makeTic(part.tic, seed, levelDb)
  if (part.talkMs !== undefined) return makeTalk(sounds.others, part.talkMs, seed, levelDb)
  const recorded = part.clips && sounds.callers.say(part.clips, BETWEEN_CLIPS_MS, levelDb)
  if (recorded) return recorded
  const ms = Math.max(MIN_WORDS_MS, part.text.length * scenario.msPerCharacter)
  return sounds.callers.stretch(ms, seed, levelDb)
}

/** Each word as long as its letters. */
function wordsOf(text, startMs, endMs) {
  const words = text.split(' ')
  const letters = words.reduce((sum, word) => sum + word.length, 0)
  let spoken = 0
  return words.map((word) => {
    spoken += word.length
    return { text: word, endMs: startMs + ((endMs - startMs) * spoken) / letters }
  })
}

/** The caller's sound of the next 20 ms; `from` is where in the utterance it begins, in samples. */
export function mixInto(frame, samples, from) {
  addInto(frame, samples.subarray(Math.max(0, from), from + frame.length), 0)
}
