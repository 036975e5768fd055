// What the voice detector makes of a scene: voice it missed, and noise it took for voice.

import { localVad } from '../../packages/plugin-local/dist/vad/index.js'
import { quietContext } from '../lib/quiet-context.mjs'

const WINDOW = 256
const THRESHOLD = 0.5
/** So many windows of voice in a row begin a turn, in a pause: shorter ones are a click. */
const START_WINDOWS = 3
/** A voice that has been recognised by then is in time. */
const IN_TIME_WINDOWS = 10
/** Words end softly, and both the detector and the filter look back: what follows a voice so closely is its own. */
const SLACK = 3 * WINDOW

export async function createVoiceMeter() {
  const vad = localVad.create(
    { sample_rate: 8000, threshold: THRESHOLD, placement: 'inline' },
    quietContext(),
  )

  async function probabilities(samples) {
    const stream = vad.openStream()
    const all = []
    const result = new Float32Array(1)
    for (let at = 0; at + WINDOW <= samples.length; at += WINDOW) {
      await vad.rate([stream], samples.slice(at, at + WINDOW), result)
      all.push(result[0])
    }
    stream.close()
    return all
  }

  /** `{ said, missed, falseStarts, pauseSeconds }`. */
  async function measure(samples, spans) {
    const voice = (await probabilities(samples)).map((probability) => probability >= THRESHOLD)
    const starts = runsOf(voice)
    const missed = spans.filter(({ start }) => !heardSoon(voice, Math.floor(start / WINDOW))).length
    const near = (window) =>
      spans.some(({ start, end }) => window * WINDOW >= start - SLACK && window * WINDOW <= end + SLACK)
    const falseStarts = starts.filter((window) => !near(window)).length
    const speech = spans.reduce((sum, { start, end }) => sum + end - start, 0)
    return { said: spans.length, missed, falseStarts, pauseSeconds: (samples.length - speech) / 8000 }
  }
  return { measure, close: () => vad.close() }
}

/** Where each stretch of voice that is long enough begins. */
function runsOf(voice) {
  const runs = []
  let length = 0
  voice.forEach((is, at) => {
    length = is ? length + 1 : 0
    if (length === START_WINDOWS) runs.push(at - START_WINDOWS + 1)
  })
  return runs
}

function heardSoon(voice, from) {
  const soon = voice.slice(from, from + IN_TIME_WINDOWS + START_WINDOWS)
  return runsOf(soon).length > 0
}
