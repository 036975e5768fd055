// What noise suppression (RNNoise) does for the voice detector and for the recogniser: both are measured with and
// without it, on recorded callers in four noises at four levels.
//
//   node bench/denoise.mjs [--json] [--voices 32] [--words 16] [--levels 20,10,5,0] [--noises none,white,street,babble,hum]
//
// Words are decoded many times more slowly than voice is detected: they are asked of the first `--words` callers.

import { parseArgs } from 'node:util'
import { denoise } from './denoise/denoise-line.mjs'
import { loadVoices, makeScene } from './denoise/sound.mjs'
import { createVoiceMeter } from './denoise/voice-errors.mjs'
import { createWordMeter } from './denoise/words-wrong.mjs'
import { createRandom } from './lib/random.mjs'
import { NOISES } from './turn-taking/sound/background.mjs'

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    voices: { type: 'string', default: '32' },
    words: { type: 'string', default: '16' },
    noises: { type: 'string', default: ['none', ...NOISES].join() },
    levels: { type: 'string', default: '20,10,5,0' },
  },
})
const SNRS_DB = flags.levels.split(',').map(Number)
const SEED = 12
/** Voices to a scene: a call of half a minute or so. */
const PER_SCENE = 8

const { voices: all, others } = loadVoices(console.error)
const random = createRandom(SEED)
const voices = [...all].sort(() => random() - 0.5).slice(0, Number(flags.voices))
const hints = all.map(({ text }) => text)
const voice = await createVoiceMeter()
const words = Number(flags.words) > 0 ? await createWordMeter(hints) : undefined
if (words === undefined && Number(flags.words) > 0)
  console.error('PocketSphinx is not installed: no words are measured.')

const rows = []
for (const noise of flags.noises.split(','))
  for (const snrDb of noise === 'none' ? [Infinity] : SNRS_DB) rows.push(await tell(measure(noise, snrDb)))
const costUs = measureCost()
await voice.close()
await words?.close()
if (flags.json)
  console.log(JSON.stringify({ voices: voices.length, hints: hints.length, costUs, rows }, null, 2))
else print()

async function measure(noise, snrDb) {
  const row = { noise, snrDb, plain: newTotals(), denoised: newTotals() }
  for (let from = 0; from < voices.length; from += PER_SCENE) {
    const speakers = voices.slice(from, from + PER_SCENE)
    const { samples, spans } = makeScene(speakers, noise, snrDb, SEED + from, others)
    const asked = from < Number(flags.words) ? words : undefined
    await addTo(row.plain, { samples, heard: samples, spans, speakers, asked, denoises: false })
    await addTo(row.denoised, { samples, heard: denoise(samples), spans, speakers, asked, denoises: true })
  }
  return row
}

/** It takes minutes: what is known so far goes to stderr. */
async function tell(measured) {
  const row = await measured
  console.error(JSON.stringify(row))
  return row
}

function newTotals() {
  return { said: 0, missed: 0, falseStarts: 0, pauseSeconds: 0, words: 0, wrong: 0 }
}

async function addTo(totals, { samples, heard, spans, speakers, asked, denoises }) {
  const found = {
    ...(await voice.measure(heard, spans)),
    ...(await asked?.measure(samples, speakers, denoises)),
  }
  for (const [name, value] of Object.entries(found)) totals[name] += value
}

/** Of one second of one call, resampling included. */
function measureCost() {
  const second = makeScene(voices.slice(0, 1), 'white', 10, SEED, others).samples
  denoise(second)
  const started = process.cpuUsage()
  for (let round = 0; round < 10; round++) denoise(second)
  const { user, system } = process.cpuUsage(started)
  return Math.round((user + system) / 10 / (second.length / 8000))
}

function print() {
  const share = (part, whole) => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`)
  const minute = ({ falseStarts, pauseSeconds }) => ((60 * falseStarts) / pauseSeconds).toFixed(1)
  const pair = (row, show) => `${show(row.plain)} → ${show(row.denoised)}`
  console.log(`${voices.length} callers, ${hints.length} phrases expected; without → with RNNoise\n`)
  console.log(
    '| noise | dB | voice missed | false starts a minute of pauses | words wrong |\n|---|---|---|---|---|',
  )
  for (const row of rows) {
    const missed = pair(row, ({ missed, said }) => share(missed, said))
    const wrong = pair(row, ({ wrong, words }) => share(wrong, words))
    const level = Number.isFinite(row.snrDb) ? row.snrDb : ''
    console.log(`| ${row.noise} | ${level} | ${missed} | ${pair(row, minute)} | ${wrong} |`)
  }
  console.log(`\nRNNoise and resampling: ${costUs} us of CPU for a second of one call`)
}
