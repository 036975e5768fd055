// What voice activity costs: one 32 ms window per call, all calls of the process in one batch.
//
//   node bench/vad.mjs [--json] [--rate 8000|16000]
//
// 1. Back to back: time per window by batch size, beside two references taken in the same rounds: the same network
//    in plain JavaScript, one window at a time, and onnxruntime-web when it is installed.
// 2. Paced: one batch every 32 ms through the plugin, as in service. CPU of the media thread and of the process by
//    /proc (Linux), less that of the same loop without a detector; the longest the media thread was held.
//
// Times on a shared machine drift; the ratios are taken within one round and are the figures to compare.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker, isMainThread, parentPort } from 'node:worker_threads'
import { localVad } from '../packages/plugin-local/dist/vad/index.js'
import { createBatchMemory } from '../packages/plugin-local/dist/vad/batch-memory.js'
import { createSileroModel } from '../packages/plugin-local/dist/vad/silero-model.js'
import { loadSileroWeights } from '../packages/plugin-local/dist/vad/silero-weights.js'

const ROUNDS = 9
const WINDOWS_PER_ROUND = 400
const BATCHES = [1, 8, 50, 200]
const PACED_BATCHES = [1, 2, 4, 8, 50, 200]
const PERIOD_MS = 32
const PACED_MS = 2000

const { values: flags } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rate: { type: 'string', default: '8000' } },
})
const sampleRateHz = Number(flags.rate)
const recording = readRecording(new URL('../packages/phone/audio/tt-weasels.wav', import.meta.url))

if (isMainThread) await measure()
else await servePlainJavaScript()

async function measure() {
  const perWindow = await measurePerWindow()
  const paced = await measurePaced()
  const cpu = cpus()[0]?.model ?? 'unknown'
  const result = { node: process.version, cpu, cores: cpus().length, sampleRateHz, perWindow, paced }
  if (flags.json) console.log(JSON.stringify(result, null, 2))
  else print(result)
}

async function measurePerWindow() {
  const weights = await loadSileroWeights(sampleRateHz)
  const fast = createSileroModel(weights)
  const plain = await openPlainJavaScript()
  const onnx = await openOnnx()
  const variants = [
    { name: 'plain JavaScript', batch: 1, round: plain.round },
    ...BATCHES.map((batch) => ({
      name: fast.kernel === 'wasm-simd' ? 'WASM SIMD' : 'JavaScript',
      batch,
      run: runModel(fast, batch),
      windows: Math.max(WINDOWS_PER_ROUND, 2 * batch),
    })),
    ...(onnx ? [1, 8, 50].map((batch) => onnxVariant(onnx, batch)) : []),
  ]
  for (const variant of variants) variant.us = []
  for (let round = -1; round < ROUNDS; round++) {
    for (const variant of shuffled(variants)) {
      const us = variant.round ? await variant.round() : await timeTurns(variant)
      // The round before the first only warms up.
      if (round >= 0) variant.us.push(us)
    }
  }
  await plain.close()
  const reference = variants[0]
  return variants.map(({ name, batch, us }) => ({
    runtime: name,
    batch,
    usPerWindow: spread(us),
    ratioToPlainJavaScript: spread(us.map((value, round) => value / reference.us[round])),
  }))
}

async function timeTurns({ run, windows, batch }) {
  const turns = Math.ceil(windows / batch)
  const started = performance.now()
  for (let turn = 0; turn < turns; turn++) {
    const waiting = run()
    if (waiting) await waiting
  }
  return ((performance.now() - started) * 1000) / (turns * batch)
}

/** In an isolate of its own: two kernels behind one call would keep V8 from compiling either call well. */
async function openPlainJavaScript() {
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) })
  await once(worker, 'message')
  const round = async () => {
    worker.postMessage('round')
    return (await once(worker, 'message'))[0]
  }
  return { round, close: () => worker.terminate() }
}

async function servePlainJavaScript() {
  const model = createSileroModel(await loadSileroWeights(sampleRateHz), 'javascript')
  const run = runModel(model, 1)
  parentPort.on('message', async () => {
    parentPort.postMessage(await timeTurns({ run, windows: WINDOWS_PER_ROUND / 8, batch: 1 }))
  })
  parentPort.postMessage('ready')
}

function runModel(model, batch) {
  const memory = createBatchMemory(model.shape, batch)
  for (let index = 0; index < batch; index++) memory.slots[index] = index
  let turn = 0
  return () => {
    fillWindows(memory.windows, model.shape.windowSamples, batch, turn++)
    model.rateBatch(memory, batch)
  }
}

async function openOnnx() {
  try {
    const ort = await import('onnxruntime-web')
    ort.env.wasm.numThreads = 1
    ort.env.logLevel = 'error'
    const file = import.meta.resolve('@ricky0123/vad-web/dist/silero_vad_v6.onnx')
    return { ort, session: await ort.InferenceSession.create(readFileSync(new URL(file))) }
  } catch (error) {
    console.error(`onnxruntime-web left out: ${error.message}`)
    return undefined
  }
}

function onnxVariant({ ort, session }, batch) {
  const width = sampleRateHz === 8000 ? 288 : 576
  const input = new Float32Array(batch * width)
  for (let n = 0; n < input.length; n++) input[n] = recording[n % recording.length] / 32768
  let state = new ort.Tensor('float32', new Float32Array(2 * batch * 128), [2, batch, 128])
  const sr = new ort.Tensor('int64', BigInt64Array.of(BigInt(sampleRateHz)), [])
  const run = async () => {
    const out = await session.run({ input: new ort.Tensor('float32', input, [batch, width]), state, sr })
    state = out.stateN
  }
  return { name: 'onnxruntime-web', batch, run, windows: Math.max(WINDOWS_PER_ROUND / 8, 2 * batch) }
}

async function measurePaced() {
  const rows = []
  await runPaced('worker', 1) // Only warms up.
  for (const batch of PACED_BATCHES) {
    const idle = await runPaced(undefined, 0)
    for (const placement of ['inline', 'worker']) {
      const run = await runPaced(placement, batch)
      const above = (thread) => (run[thread] === null ? null : Math.max(0, run[thread] - idle[thread]))
      rows.push({
        calls: batch,
        placement,
        mediaThreadUsPerBatch: above('mediaUsPerBatch'),
        processUsPerBatch: above('processUsPerBatch'),
        coreShare: run.processUsPerBatch === null ? null : above('processUsPerBatch') / (PERIOD_MS * 1000),
        turnaroundMs: run.turnaroundMs,
      })
    }
  }
  return rows
}

/** One batch every 32 ms on an absolute grid. */
async function runPaced(placement, batch) {
  const provider =
    placement && localVad.create({ sample_rate: sampleRateHz, threshold: 0.5, placement }, context())
  const streams = Array.from({ length: batch }, () => provider.openStream())
  const windows = new Int16Array(batch * (provider?.windowSamples ?? 0))
  const results = new Float32Array(batch)
  const turnaroundMs = []
  const turn = async (index) => {
    if (!provider) return
    fillWindows(windows, provider.windowSamples, batch, index)
    const started = performance.now()
    const waiting = provider.rate(streams, windows, results)
    if (waiting) await waiting
    turnaroundMs.push(performance.now() - started)
  }
  for (let index = 0; index < 20; index++) await turn(index)
  turnaroundMs.length = 0

  const turns = Math.round(PACED_MS / PERIOD_MS)
  const start = performance.now()
  const media = threadCpuUs()
  const all = process.cpuUsage()
  for (let index = 0; index < turns; index++) {
    await new Promise((resolve) => setTimeout(resolve, start + index * PERIOD_MS - performance.now()))
    await turn(index)
  }
  const used = process.cpuUsage(all)
  const mediaNow = threadCpuUs()
  await provider?.close()
  return {
    mediaUsPerBatch: media === null ? null : (mediaNow - media) / turns,
    processUsPerBatch: (used.user + used.system) / turns,
    turnaroundMs: turnaroundMs.length > 0 ? spread(turnaroundMs) : null,
  }
}

/** On-CPU time of this thread, or null where /proc does not say. */
function threadCpuUs() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1000
  } catch {
    return null
  }
}

function fillWindows(windows, windowSamples, batch, turn) {
  for (let index = 0; index < batch; index++) {
    const start = ((turn + 7 * index) * windowSamples) % (recording.length - windowSamples)
    windows.set(recording.subarray(start, start + windowSamples), index * windowSamples)
  }
}

function readRecording(url) {
  const bytes = readFileSync(url)
  const data = bytes.subarray(bytes.indexOf('data') + 8)
  return Int16Array.from({ length: data.length >> 1 }, (_, n) => data.readInt16LE(2 * n))
}

function context() {
  const log = { debug() {}, info() {}, warn: console.error, error: console.error, child: () => log }
  const metrics = { count() {}, gauge() {}, observe() {} }
  const clock = { nowMs: () => performance.now(), wallMs: () => Date.now(), after: () => () => {} }
  return { log, metrics, clock, baseDir: process.cwd() }
}

function shuffled(items) {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

function spread(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted[sorted.length - 1] }
}

function print({ node, cpu, cores, sampleRateHz: rate, perWindow: windows, paced: batches }) {
  const us = (value) => (value === null ? 'n/a' : value.toFixed(value < 10 ? 1 : 0))
  const range = ({ median, min, max }, digits) =>
    `${median.toFixed(digits)} [${min.toFixed(digits)}..${max.toFixed(digits)}]`
  console.log(
    `Silero v6 at ${rate} Hz, Node ${node}, ${cores} x ${cpu}; medians of ${ROUNDS} rounds [min..max]\n`,
  )
  console.log('| runtime | batch | µs per 32 ms window | ratio to plain JavaScript, same round |')
  console.log('|---|---|---|---|')
  for (const row of windows) {
    const ratio = range(row.ratioToPlainJavaScript, 3)
    console.log(`| ${row.runtime} | ${row.batch} | ${range(row.usPerWindow, 1)} | ${ratio} |`)
  }
  console.log(`\nOne batch every ${PERIOD_MS} ms; CPU above that of the same loop without a detector\n`)
  console.log(
    '| calls | placement | media thread, µs per batch | process, µs per batch | share of a core | turnaround ms |',
  )
  console.log('|---|---|---|---|---|---|')
  for (const row of batches) {
    const share = row.coreShare === null ? 'n/a' : `${(row.coreShare * 100).toFixed(2)} %`
    const cpu = `${us(row.mediaThreadUsPerBatch)} | ${us(row.processUsPerBatch)}`
    console.log(`| ${row.calls} | ${row.placement} | ${cpu} | ${share} | ${range(row.turnaroundMs, 2)} |`)
  }
}
