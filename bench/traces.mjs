// What traces cost: CPU of the server with a collector beside it and without one, 200 calls that talk, a turn every
// four seconds each. A round is both in fresh processes, in random order. Two processes differ by a tenth in any case,
// so what is judged is the share of the thread that makes the spans, within one process; what the calls' own thread has
// of it, `traces-turn.mjs` tells.
//
//   node bench/traces.mjs [--quick] [--rounds 5] [--calls 200] [--seconds 5]

import { startChild } from './lib/children.mjs'
import { runDirectly } from './lib/options.mjs'
import { table, verdict } from './lib/report.mjs'
import { runRounds, shuffled, spread, spreadText } from './lib/rounds.mjs'
import { withCalls } from './lib/setup.mjs'
import { CALLERS_HEAD, callersCell, callersOf, checkLoad, cpuPerCall, voidReason } from './lib/window.mjs'

const CALLS = 200
const MAX_SHARE = 0.03
/** Until the code of a turn is compiled in both threads: the traces' own sees few spans a second. */
const WARM_UP_MS = 30_000

export async function measureTraces({ quick = false, rounds, calls: [calls] = [CALLS], seconds } = {}) {
  const windowMs = (seconds ?? (quick ? 5 : 20)) * 1000
  const { results, judged, voids } = await runRounds(rounds ?? (quick ? 1 : 5), async () => {
    const round = {}
    for (const traces of shuffled(['off', 'on'])) {
      round[traces] = await measureOnce(traces, calls, windowMs)
      round.voidReason ??= round[traces].voidReason
    }
    return round
  })
  const ratio = spread(results.map(({ on, off }) => on.cpu / off.cpu))
  const share = spread(results.map(({ on }) => on.threadShare))
  const row = (name, key) => [
    name,
    spreadText(spread(results.map((round) => round[key].cpu)), 2),
    spreadText(spread(results.map((round) => round[key].lateMs)), 2),
    spreadText(spread(results.map((round) => round[key].spansPerSecond)), 0),
    callersCell(...results.map((round) => round[key].callers)),
  ]
  return {
    name: 'traces',
    title: `Traces of ${calls} calls, a turn every four seconds each`,
    rounds: judged ? results.length : 0,
    voids,
    lines: table(
      ['traces', 'CPU, ms a call and second', 'lateness p99, ms', 'spans a second', CALLERS_HEAD],
      [row('off', 'off'), row('on, OTLP over HTTP as protobuf', 'on')],
    ),
    targets: [
      {
        target: `CPU of the thread of the traces / of all else, ${calls} calls`,
        wanted: `at most ${MAX_SHARE}`,
        measured: spreadText(share, 3),
        verdict: verdict(share.median <= MAX_SHARE, judged),
        note: `processes with traces / without: ${spreadText(ratio, 3)}`,
      },
    ],
  }
}

async function measureOnce(traces, calls, windowMs) {
  const collector = await startChild('servers/collector.mjs')
  try {
    const env = traces === 'on' ? { OTEL_EXPORTER_OTLP_ENDPOINT: collector.ready.url } : { KAV_TRACES: 'off' }
    const options = { server: 'kav', pipeline: 'talking.yaml', calls, warmUpMs: WARM_UP_MS, env }
    return await withCalls(options, async ({ server, callers }) => {
      const before = await server.ask('traced')
      const window = await callers.ask('measure', { ms: windowMs, pid: server.pid })
      const after = await server.ask('traced')
      const spans = after.spans - before.spans
      const threadMs = after.threadMs - before.threadMs
      checkLoad(window, calls)
      if (traces === 'on' && spans === 0) throw new Error('no span reached the collector')
      return {
        ...cpuPerCall(window, calls),
        threadShare: threadMs / (window.server.cpuMs - threadMs),
        lateMs: window.groups.calls.latenessMs.p99,
        spansPerSecond: spans / (windowMs / 1000),
        callers: callersOf(window),
        voidReason: voidReason(window),
      }
    })
  } finally {
    await collector.stop()
  }
}

await runDirectly(import.meta.url, measureTraces)
