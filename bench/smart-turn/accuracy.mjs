// How well the detector tells a sentence that is over from one that is cut in a pause.
import { createResampler, decodeMulaw, encodeMulaw } from '../../packages/core/dist/index.js'
import { pausesOf, telephonePrompts, widebandSentences } from './recordings.mjs'

const MODEL_RATE_HZ = 16_000
const BATCH = 8
const SILENCES_MS = [0, 100, 200, 400]
const MOST_EARLY = 0.03
/** Level of the line between words: 8 of 32768, drawn the same in every run. */
const HISS = 8

/** Everything, as tables to print. `judge` is that of a provider; `limit` prompts at most. */
export async function measureAccuracy(judge, cache, limit) {
  const prompts = telephonePrompts(cache).slice(0, limit)
  const rows = []
  for (const silenceMs of SILENCES_MS) {
    rows.push(await compare(judge, `telephone, ${silenceMs} ms of silence`, prompts, throughMulaw, silenceMs))
  }
  rows.push(await compare(judge, 'the same without mu-law, 200 ms', prompts, resampled, 200))
  return [...rows, ...(await measureWideband(judge, cache))]
}

/**
 * What the telephone takes away: sentences of 16 kHz, as they are and as a telephone carries them. They pause too seldom
 * to be cut there, so they are cut wherever it falls.
 */
export async function measureWideband(judge, cache) {
  const sentences = widebandSentences(cache)
  return [
    await compare(judge, '16 kHz sentences cut anywhere, 200 ms', sentences, resampled, 200, anywhere),
    await compare(judge, 'the same over the telephone, 200 ms', sentences, overTelephone, 200, anywhere),
  ]
}

const inTheMiddle = (recording) => pausesOf(recording).slice(0, 1)
const anywhere = ({ samples }) =>
  [0.3, 0.4, 0.5, 0.6, 0.7, 0.8].map((part) => Math.round(part * samples.length))

async function compare(judge, what, recordings, line, silenceMs, cutsOf = inTheMiddle) {
  const sound = ({ samples, sampleRateHz }, to) => {
    const silence = hiss((sampleRateHz * silenceMs) / 1000)
    const heard = new Int16Array(to + silence.length)
    heard.set(samples.subarray(0, to))
    heard.set(silence, to)
    return line(heard, sampleRateHz)
  }
  const whole = recordings.map((one) => sound(one, one.samples.length))
  const cut = recordings.flatMap((one) => cutsOf(one).map((at) => sound(one, at)))
  return { what, ...figures(await judgeAll(judge, whole), await judgeAll(judge, cut)) }
}

async function judgeAll(judge, sounds) {
  const probabilities = []
  for (let from = 0; from < sounds.length; from += BATCH) {
    const questions = sounds
      .slice(from, from + BATCH)
      .map((audio) => ({ audio, text: '', asked: '', language: 'en' }))
    const answers = new Float32Array(questions.length)
    await judge(questions, answers)
    probabilities.push(...answers)
  }
  return probabilities
}

/** What follows from the answers to sentences that are over (`whole`) and to such that are not (`cut`). */
export function figures(whole, cut) {
  const sorted = [...cut].sort((a, b) => a - b)
  const share = (of, test) => of.filter(test).length / of.length
  // The least threshold above all but 3 % of those who go on.
  const threshold = sorted[Math.ceil((1 - MOST_EARLY) * sorted.length) - 1]
  const pairs = whole.flatMap((over) => cut.map((on) => (over > on ? 1 : over === on ? 0.5 : 0)))
  return {
    whole: quantiles(whole),
    cut: quantiles(cut),
    count: [whole.length, cut.length],
    auc: pairs.reduce((sum, one) => sum + one, 0) / pairs.length,
    atHalf: { caught: share(whole, (p) => p >= 0.5), early: share(cut, (p) => p >= 0.5) },
    fewEarly: { threshold, caught: share(whole, (p) => p > threshold) },
    // The other way round: sure that the caller goes on.
    goesOn: [0.05, 0.1, 0.3].map((below) => ({
      below,
      right: share(cut, (p) => p < below),
      wrong: share(whole, (p) => p < below),
    })),
  }
}

function quantiles(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return [0.05, 0.25, 0.5, 0.75, 0.95].map((part) => sorted[Math.round(part * (sorted.length - 1))])
}

function throughMulaw(samples, sampleRateHz) {
  return resampled(decodeMulaw(encodeMulaw(samples)), sampleRateHz)
}

function overTelephone(samples, sampleRateHz) {
  return throughMulaw(convert(samples, sampleRateHz, 8000), 8000)
}

function resampled(samples, sampleRateHz) {
  return sampleRateHz === MODEL_RATE_HZ ? samples : convert(samples, sampleRateHz, MODEL_RATE_HZ)
}

function convert(samples, fromHz, toHz) {
  return createResampler({ fromHz, toHz }).process(samples).slice()
}

function hiss(length) {
  let state = 1
  return Int16Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.round((state / 2 ** 31 - 1) * HISS)
  })
}
