// What many calls through @kav/plugin-google-stt cost, and whether audio moves on every one of them.
//
//   node bench/google-stt.mjs [--json] [--calls 200] [--seconds 5] [--rounds 3]
//
// The loopback recogniser runs in a process of its own and checks every frame. In every round three clients, each a
// fresh process, write 40 ms pieces at the pace of a call on every stream:
//   plugin      the plugin as configured by default: up to 80 streams on one HTTP/2 connection
//   separate    the plugin with a connection per call
//   bare gRPC   grpc-js alone with the same messages on as many connections as `plugin` has: the reference
// CPU is the client's own, by process.cpuUsage. Latency is from the write of a word's last frame to its result.
// A round in which the reference itself is late is void and repeated. Times on a shared machine drift; the ratios to the reference of the same round are the figures to compare.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { MULAW_8K } from '../packages/core/dist/index.js'
import plugin from '../packages/plugin-google-stt/dist/index.js'
import { numberedFrames, openSpeechServer } from '../packages/plugin-google-stt/dist/testing/index.js'

const PIECE_MS = 40
const FRAMES_PER_PIECE = 2
const FRAMES_PER_WORD = 10
const STREAMS_PER_CONNECTION = 80
const TICK_MS = 5
const WARM_UP_MS = 1600
/** A round whose reference is later than this at its p99 says more about the machine than about the code. */
const VOID_ABOVE_MS = 60

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    calls: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    role: { type: 'string', default: 'measure' },
    endpoint: { type: 'string', default: '' },
  },
})
const calls = Number(flags.calls)
const paceMs = Number(flags.seconds) * 1000

if (flags.role === 'measure') await measure()
else if (flags.role === 'server') await serve()
else await play(flags.role)

async function measure() {
  const variants = ['plugin', 'separate', 'bare gRPC']
  const rounds = []
  let voided = 0
  while (rounds.length < Number(flags.rounds) && voided <= Number(flags.rounds)) {
    const figures = {}
    const order = [...variants].sort(() => Math.random() - 0.5)
    for (const variant of order) figures[variant] = await runVariant(variant)
    if (figures['bare gRPC'].latencyP99Ms > VOID_ABOVE_MS) voided += 1
    else rounds.push(figures)
  }
  const result = { node: process.version, calls, seconds: paceMs / 1000, voided, rounds }
  if (flags.json) console.log(JSON.stringify(result, null, 2))
  else print(variants, rounds, voided)
}

async function runVariant(variant) {
  const server = start('server')
  const [{ endpoint }] = await once(server, 'message')
  const client = start(variant, ['--endpoint', endpoint])
  const [figures] = await once(client, 'message')
  server.send('report')
  const [heard] = await once(server, 'message')
  server.kill()
  client.kill()
  return { ...figures, ...heard }
}

function start(role, more = []) {
  const args = ['--role', role, '--calls', flags.calls, '--seconds', flags.seconds, ...more]
  return fork(new URL(import.meta.url), args)
}

function print(variants, rounds, voided) {
  if (rounds.length === 0) {
    console.log(`all ${voided} rounds void: the machine is too busy`)
    return
  }
  console.log(
    `${calls} streams, ${PIECE_MS} ms pieces, ${rounds.length} rounds of ${paceMs / 1000} s (${voided} void), ${process.version}`,
  )
  for (const variant of variants) {
    const of = (name) => rounds.map((round) => round[variant][name])
    const ratio = rounds.map(
      (round) => round[variant].cpuMsPerCallSecond / round['bare gRPC'].cpuMsPerCallSecond,
    )
    console.log(
      [
        variant.padEnd(10),
        `connections ${median(of('connections'))}`,
        `CPU ${spread(of('cpuMsPerCallSecond'))} ms/call/s`,
        `ratio ${spread(ratio)}`,
        `word latency p50 ${spread(of('latencyP50Ms'))} p99 ${spread(of('latencyP99Ms'))} ms`,
        `RSS ${spread(of('rssKibPerCall'), 0)} KiB/call`,
        `open ${spread(of('openMs'), 0)} ms for all`,
        `frames lost ${Math.max(...of('lost'))}, wrong ${Math.max(...of('wrong'))}`,
      ].join('  '),
    )
  }
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}

function spread(values, digits = 2) {
  const show = (value) => value.toFixed(digits)
  return `${show(median(values))} [${show(Math.min(...values))}..${show(Math.max(...values))}]`
}

async function serve() {
  const server = await openSpeechServer({
    keepAudio: false,
    script: () => ({ understand: { framesPerWord: FRAMES_PER_WORD, wordsPerFinal: 25 } }),
  })
  process.send({ endpoint: server.endpoint })
  await once(process, 'message')
  const frames = (WARM_UP_MS + paceMs) / 20
  let wrong = 0
  let lost = 0
  for (const stream of server.streams) {
    wrong += stream.brokenFrames + stream.frames.filter((frame, index) => frame !== index).length
    lost += frames - stream.frames.length
  }
  lost += (calls - server.streams.length) * frames
  process.send({ lost, wrong, connections: new Set(server.streams.map((stream) => stream.peer)).size })
}

async function play(variant) {
  const idleRss = process.memoryUsage.rss()
  const openingMs = performance.now()
  const open =
    variant === 'bare gRPC'
      ? await bareGrpc()
      : pluginStreams(variant === 'separate' ? 1 : STREAMS_PER_CONNECTION)
  const latencies = []
  const streams = await Promise.all(Array.from({ length: calls }, () => open(latencies)))
  const openMs = performance.now() - openingMs
  const pieces = (WARM_UP_MS + paceMs) / PIECE_MS
  const audio = Array.from({ length: pieces }, (_, index) =>
    numberedFrames(index * FRAMES_PER_PIECE, (index + 1) * FRAMES_PER_PIECE),
  )
  const warmPieces = WARM_UP_MS / PIECE_MS
  let cpu
  const startMs = performance.now()
  const slots = PIECE_MS / TICK_MS
  for (let tick = 0; tick < pieces * slots; tick += 1) {
    const dueMs = startMs + tick * TICK_MS
    const waitMs = dueMs - performance.now()
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    const index = Math.floor(tick / slots)
    if (index === warmPieces && cpu === undefined) {
      cpu = process.cpuUsage()
      latencies.length = 0
    }
    for (let call = tick % slots; call < calls; call += slots) streams[call].write(audio[index], index)
  }
  const used = process.cpuUsage(cpu)
  const sorted = Float64Array.from(latencies).sort()
  const rssKib = (process.memoryUsage.rss() - idleRss) / 1024
  await Promise.all(streams.map((stream) => stream.finish()))
  process.send({
    openMs,
    cpuMsPerCallSecond: (used.user + used.system) / 1000 / calls / (paceMs / 1000),
    latencyP50Ms: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    latencyP99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
    rssKibPerCall: rssKib / calls,
  })
}

/** Notes when each word was complete, and how long after that its result came. */
function createWordTimes(latencies) {
  const writtenMs = []
  return {
    wrote(index) {
      const word = ((index + 1) * FRAMES_PER_PIECE) / FRAMES_PER_WORD
      if (Number.isInteger(word)) writtenMs[word - 1] = performance.now()
    },
    heard(text) {
      const at = writtenMs[Number(text.slice(text.lastIndexOf('w') + 1))]
      if (at !== undefined) latencies.push(performance.now() - at)
    },
  }
}

function pluginStreams(perConnection) {
  const log = { debug() {}, info() {}, warn() {}, error: console.error, child: () => log }
  const context = {
    log,
    baseDir: process.cwd(),
    metrics: { count() {}, gauge() {}, observe() {} },
    clock: {
      nowMs: () => performance.now(),
      wallMs: () => Date.now(),
      after(delayMs, callback) {
        const timer = setTimeout(callback, delayMs)
        return () => clearTimeout(timer)
      },
    },
  }
  const params = { language: 'en-US', endpoint: flags.endpoint, max_streams_per_connection: perConnection }
  const provider = plugin.create(params, context)

  return async (latencies) => {
    const session = await provider.openSession({
      callId: 'bench',
      format: MULAW_8K,
      hints: [],
      signal: new AbortController().signal,
    })
    const words = createWordTimes(latencies)
    const listening = (async () => {
      for await (const event of session.events) if (event.text !== undefined) words.heard(event.text)
    })()
    return {
      write(audio, index) {
        session.write(audio)
        words.wrote(index)
      },
      async finish() {
        session.finish()
        await listening
        await session.close()
      },
    }
  }
}

async function bareGrpc() {
  const require = createRequire(new URL('../packages/plugin-google-stt/package.json', import.meta.url))
  const grpc = require('@grpc/grpc-js')
  const { fromJSON } = require('@grpc/proto-loader')
  const json = require('@google-cloud/speech/build/protos/protos.json')
  const options = { keepCase: false, longs: String, enums: String, defaults: true, oneofs: true }
  const { Speech } = grpc.loadPackageDefinition(fromJSON(json, options)).google.cloud.speech.v2
  const clients = Array.from(
    { length: Math.ceil(calls / STREAMS_PER_CONNECTION) },
    () =>
      new Speech(new URL(flags.endpoint).host, grpc.credentials.createInsecure(), {
        'grpc.use_local_subchannel_pool': 1,
      }),
  )
  let opened = 0
  return async (latencies) => {
    const stream = clients[Math.floor(opened++ / STREAMS_PER_CONNECTION)].streamingRecognize()
    const words = createWordTimes(latencies)
    const ended = once(stream, 'end')
    stream.on('data', (response) => {
      for (const result of response.results) words.heard(result.alternatives[0].transcript)
    })
    stream.write({ recognizer: 'projects/p/locations/us/recognizers/_', streamingConfig: { config: {} } })
    await once(stream, 'metadata')
    return {
      write(audio, index) {
        stream.write({ audio })
        words.wrote(index)
      },
      async finish() {
        stream.end()
        await ended
      },
    }
  }
}
