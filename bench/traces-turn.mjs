// What a turn costs that is traced: on the thread that has the calls, and in the whole process with the thread that
// makes spans of it and sends them to a collector.
//
//   node bench/traces-turn.mjs [--quick] [--rounds 5]

import { openTraces } from '../packages/telemetry-otel/dist/index.js'
import { startChild } from './lib/children.mjs'
import { runDirectly } from './lib/options.mjs'
import { table, verdict } from './lib/report.mjs'
import { spread, spreadText } from './lib/rounds.mjs'
import { sleep } from './lib/setup.mjs'

const CALLS = 200
const TURNS_A_CALL = 10
const WARM_UPS = 3
/** Of all calls, at a time: as 200 calls with a turn every four seconds. */
const TURNS_A_SLICE = 5
const SLICE_MS = 20
const MAX_MEDIA_US = 30

export async function measureTracesTurn({ quick = false, rounds } = {}) {
  const collector = await startChild('servers/collector.mjs')
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.ready.url
  const [off, on] = [0, 1].map(openShare)
  try {
    // Until its code is compiled, in both threads.
    for (let round = 0; round < WARM_UPS; round++) await oneRound(on)
    const results = []
    for (let round = 0; round < (rounds ?? (quick ? 1 : 5)); round++) {
      const [without, traced] = [await oneRound(off), await oneRound(on)]
      results.push({ ...traced, processUs: traced.processUs - without.processUs })
    }
    const of = (key) => spread(results.map((result) => result[key]))
    return {
      name: 'traces-turn',
      title: `A traced turn, of ${CALLS} calls`,
      rounds: results.length,
      voids: [],
      lines: table(
        [
          'µs a turn',
          'telling it',
          'longest telling of an event, µs',
          'CPU of the process beyond that without traces',
        ],
        [
          [
            'OTLP over HTTP as protobuf',
            ...['mediaUs', 'longestUs', 'processUs'].map((key) => spreadText(of(key), 0)),
          ],
        ],
      ),
      targets: [
        {
          target: 'Telling of a traced turn',
          wanted: `at most ${MAX_MEDIA_US} µs`,
          measured: `${spreadText(of('mediaUs'), 1)} µs`,
          verdict: verdict(of('mediaUs').median <= MAX_MEDIA_US, !quick),
        },
      ],
    }
  } finally {
    await Promise.all([off.close(100), on.close(2000)])
    await collector.stop()
  }
}

const openShare = (ratio) =>
  openTraces({
    protocol: 'http/protobuf',
    sampler: { parentBased: true, ratio },
    queue: { maxSpans: 4096, batchSpans: 128, delayMs: 1000 },
    content: false,
    resource: { 'service.name': 'kav' },
    version: '0.0.0',
    log: { debug() {}, info() {}, warn: console.error, error: console.error },
    metrics: {
      count: (name, by, { why } = {}) => why && console.error(name, by, why),
      gauge() {},
      observe() {},
    },
  })

let begun = 0

async function oneRound(traces) {
  const before = process.cpuUsage()
  const calls = Array.from({ length: CALLS }, () => beginCall(traces))
  let [told, spentMs, longestMs] = [0, 0, 0]
  for (let turn = 1; turn <= TURNS_A_CALL; turn++) {
    for (let at = 0; at < CALLS; at += TURNS_A_SLICE) {
      for (const trace of calls.slice(at, at + TURNS_A_SLICE)) {
        for (const one of eventsOfTurn(turn)) {
          const startedMs = performance.now()
          trace.onEvent(one)
          const tookMs = performance.now() - startedMs
          spentMs += tookMs
          longestMs = Math.max(longestMs, tookMs)
        }
        told++
      }
      await sleep(SLICE_MS)
    }
  }
  for (const trace of calls) {
    trace.onEvent(event('call_ended', TURNS_A_CALL * 4000 + 3000, { ended_by: 'caller' }))
    trace.over()
  }
  await sleep(1500)
  const { user, system } = process.cpuUsage(before)
  return { mediaUs: (spentMs * 1000) / told, longestUs: longestMs * 1000, processUs: (user + system) / told }
}

function beginCall(traces) {
  const trace = traces.begin({
    id: `CA${(begun++).toString(16).padStart(32, '0')}`,
    pipeline: 'front-desk',
    transport: 'twilio',
    startedAtWallMs: Date.now(),
    traceparent: undefined,
    models: { model: { model: 'gpt-4o-mini', maker: 'openai' } },
  })
  trace.onEvent(event('call_started', 0, { format: 'mulaw' }))
  trace.onEvent(event('stt_ready', 100, { plugin: 'google-stt', open_ms: 90, region: 'eu' }))
  return trace
}

const event = (name, atMs, fields) => ({ event: name, atMs: atMs + 0.4321, fields, private: {} })

/** As a pipeline with a voice detector tells them. */
function eventsOfTurn(turn) {
  const atMs = turn * 4000
  const plugin = 'voice'
  return [
    event('caller_voice', atMs - 100, { start_ms: atMs - 1700, end_ms: atMs - 300 }),
    ...[1400, 1000, 600].map((ago) => event('partial', atMs - ago, {})),
    event('final', atMs - 120, { confidence: 0.93 }),
    event('turn_ended', atMs, { turn, speech_end_ms: atMs - 300 }),
    event('reply_started', atMs, { turn }),
    event('llm_request', atMs + 800, {
      turn,
      plugin: 'model',
      asked_ms: atMs,
      first_ms: atMs + 300,
      outcome: 'answered',
      input_tokens: 430,
      output_tokens: 39,
    }),
    event('agent_said', atMs + 350, { turn }),
    event('turn_latency', atMs + 520, {
      turn,
      turn_end_ms: 300,
      first_token_ms: 600,
      first_audio_ms: 800,
      first_frame_ms: 820,
    }),
    event('tts_request', atMs + 900, {
      turn,
      plugin,
      asked_ms: atMs + 350,
      first_ms: atMs + 500,
      outcome: 'answered',
    }),
    event('agent_said', atMs + 900, { turn }),
    event('tts_request', atMs + 1400, {
      turn,
      plugin,
      asked_ms: atMs + 900,
      first_ms: atMs + 1000,
      outcome: 'answered',
    }),
    event('agent_voice', atMs + 2500, { start_ms: atMs + 520, end_ms: atMs + 2500 }),
    event('rx_second', atMs + 2600, { fps_in: 50, q: 0, drops: 0, write_ms: 0.1 }),
    event('tx_second', atMs + 2600, { fps: 50, q: 3, drops: 0, underruns: 0 }),
    event('reply_ended', atMs + 2700, { turn, outcome: 'heard' }),
  ]
}

await runDirectly(import.meta.url, measureTracesTurn)
