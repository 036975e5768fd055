// What a judgement of Smart Turn costs, and what it is worth.
//
//   node bench/smart-turn.mjs [--json] [--only cost|accuracy] [--prompts 100]
//
// 1. Cost: features and network apart, and a question as the core asks it (to the worker and back), by batch and threads;
//    how long the media thread is held by asking; memory of the process.
// 2. Accuracy: recorded sentences, whole and cut in a pause, at the telephone's 8 kHz and mu-law, by how much silence has
//    been heard: AUC, and the threshold that takes at most 3 % of those who go on for done.
//
// Fetches the model (pip) and the recordings (apt-get download) into .cache; needs `npm run build`.

import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { createLogMel, FRAMES, MELS } from '../packages/plugin-smart-turn/dist/features/log-mel.js'
import { loadSmartTurnModel } from '../packages/plugin-smart-turn/dist/model/smart-turn-model.js'
import { createSmartTurnProvider } from '../packages/plugin-smart-turn/dist/provider.js'
import { root } from '../scripts/run.mjs'
import { ensureSmartTurnModel, SMART_TURN_MODEL } from '../scripts/smart-turn-model.mjs'
import { quietContext } from './lib/quiet-context.mjs'
import { spread, spreadText } from './lib/rounds.mjs'
import { measureAccuracy } from './smart-turn/accuracy.mjs'

const ROUNDS = 9
const BATCHES = [1, 4, 16]
const THREADS = [1, 2]
const SECONDS = [2, 8]

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    prompts: { type: 'string', default: '100' },
  },
})

await ensureSmartTurnModel()
const result = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length }
if (flags.only !== 'accuracy') result.cost = await measureCost()
if (flags.only !== 'cost') result.accuracy = await measureWorth()
if (flags.json) console.log(JSON.stringify(result, null, 2))
else print(result)

async function measureCost() {
  const memory = { before: process.memoryUsage().rss }
  const asked = []
  for (const threads of THREADS) {
    const provider = createSmartTurnProvider(
      { path: SMART_TURN_MODEL, threshold: 0.5, threads },
      quietContext(),
    )
    await provider.warm()
    if (threads === 1) memory.warm = process.memoryUsage().rss
    for (const batch of threads === 1 ? BATCHES : [1])
      asked.push(await askInBatches(provider, batch, threads))
    if (threads === 1) memory.worked = process.memoryUsage().rss
    await provider.close()
  }
  return { asked, parts: await measureParts(), memory }
}

async function askInBatches(provider, batch, threads) {
  const questions = Array.from({ length: batch }, () => ({
    audio: tone(8),
    text: '',
    asked: '',
    language: 'en',
  }))
  const answers = new Float32Array(batch)
  const [each, held] = [[], []]
  for (let round = -1; round < Math.max(3, ROUNDS - batch / 2); round++) {
    const started = performance.now()
    const judged = provider.judge(questions, answers)
    const heldMs = performance.now() - started
    await judged
    // The round before the first only warms up.
    if (round < 0) continue
    each.push((performance.now() - started) / batch)
    held.push(heldMs)
  }
  return { threads, batch, msPerQuestion: spread(each), heldMs: spread(held) }
}

/** On this thread, what the worker does on its own. */
async function measureParts() {
  const logMel = createLogMel()
  const model = await loadSmartTurnModel(SMART_TURN_MODEL, 1)
  const features = new Float32Array(MELS * FRAMES)
  const parts = {
    network: [],
    ...Object.fromEntries(SECONDS.map((seconds) => [`features of ${seconds} s`, []])),
  }
  for (let round = -3; round < ROUNDS; round++) {
    for (const seconds of SECONDS) {
      const sound = tone(seconds)
      const ms = await timed(() => logMel(sound, features))
      if (round >= 0) parts[`features of ${seconds} s`].push(ms)
    }
    const ms = await timed(() => model(features))
    if (round >= 0) parts.network.push(ms)
  }
  return Object.entries(parts).map(([part, ms]) => ({ part, ms: spread(ms) }))
}

async function timed(work) {
  const started = performance.now()
  await work()
  return performance.now() - started
}

async function measureWorth() {
  const options = { path: SMART_TURN_MODEL, threshold: 0.5, threads: 1 }
  const provider = createSmartTurnProvider(options, quietContext())
  try {
    const judge = (questions, answers) => provider.judge(questions, answers)
    return await measureAccuracy(judge, `${root}.cache/recordings`, Number(flags.prompts))
  } finally {
    await provider.close()
  }
}

/** A voice's worth of harmonics that waxes and wanes. */
function tone(seconds) {
  return Int16Array.from({ length: seconds * 16_000 }, (_, at) => {
    const t = at / 16_000
    return 6000 * Math.sin(2 * Math.PI * 3 * t) * Math.sin(2 * Math.PI * 150 * t + 3 * Math.sin(12 * t))
  })
}

function print({ node, cpu, cores, cost, accuracy }) {
  console.log(`Node ${node}, ${cpu}, ${cores} cores\n`)
  if (cost) {
    console.log('threads  batch  ms a question         media thread held, ms')
    for (const { threads, batch, msPerQuestion, heldMs } of cost.asked) {
      const [each, held] = [spreadText(msPerQuestion, 0), spreadText(heldMs, 2)]
      console.log(`${threads}        ${String(batch).padEnd(5)}  ${each.padEnd(20)}  ${held}`)
    }
    for (const { part, ms } of cost.parts) console.log(`${part}: ${spreadText(ms, 1)} ms`)
    const mb = (from, to) => Math.round((to - from) / 1e6)
    const { before, warm, worked } = cost.memory
    console.log(
      `memory: ${mb(before, warm)} MB more when warm, ${mb(before, worked)} MB after batches of 16\n`,
    )
  }
  for (const row of accuracy ?? []) printRow(row)
}

function printRow({ what, count, whole, cut, auc, atHalf, fewEarly, goesOn }) {
  const percent = (part) => `${(100 * part).toFixed(0)} %`
  const list = (values) => values.map((value) => value.toFixed(2)).join(' ')
  console.log(`${what}: ${count[0]} whole, ${count[1]} cut; AUC ${auc.toFixed(3)}`)
  console.log(`  probability at 5/25/50/75/95 %: whole ${list(whole)}, cut ${list(cut)}`)
  console.log(`  from 0.5: ${percent(atHalf.caught)} of the whole, ${percent(atHalf.early)} of the cut`)
  console.log(
    `  at most 3 % of the cut: above ${fewEarly.threshold.toFixed(3)}, ${percent(fewEarly.caught)} of the whole`,
  )
  for (const { below, right, wrong } of goesOn) {
    console.log(`  below ${below}: ${percent(right)} of the cut, ${percent(wrong)} of the whole`)
  }
}
