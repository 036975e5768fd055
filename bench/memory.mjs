// Memory of a call: the slope from few calls to many in one warm process, after collection, so that what the process
// needs anyway does not count.
//
//   node bench/memory.mjs [--quick] [--rounds 2] [--calls 50,400] [--seconds 10]
//
// `--seconds` is how long calls are up before they are weighed: buffers grow to their size, code gets warm.

import { runDirectly } from './lib/options.mjs'
import { table, verdict } from './lib/report.mjs'
import { runRounds, shuffled, spread, spreadText } from './lib/rounds.mjs'
import { withCalls } from './lib/setup.mjs'
import { CALLERS_HEAD, callersCell, callersOf, checkLoad, voidReason } from './lib/window.mjs'

const STEPS = [50, 400]
const QUICK_STEPS = [50, 150]
const MAX_IDLE_KB = 60
const MAX_SPEAKING_KB = 120
/** New space at its full size from the start: its growth under load is the process's, not the calls'. */
const nodeFlags = ['--expose-gc', '--min-semi-space-size=16']
const STATES = {
  echo: { name: 'bare ws echo, media one way and back', server: 'echo', env: {} },
  idle: {
    name: 'Kav, idle: silent caller, silent agent',
    server: 'kav',
    pipeline: 'silent.yaml',
    env: { BENCH_SAYS_AFTER_MS: '0', BENCH_PARTIALS_MS: '0' },
  },
  // A caller who listens: what one says is kept until a recogniser has closed it.
  speaking: { name: 'Kav, the agent speaks', server: 'kav', env: { BENCH_PARTIALS_MS: '0' } },
}
const PARTS = ['rss', 'heapUsed', 'external', 'own']

export async function measureMemory({ quick = false, rounds, calls, seconds } = {}) {
  const [few, many] = calls ?? (quick ? QUICK_STEPS : STEPS)
  if (!(many > few)) throw new Error('memory wants two numbers of calls: --calls 50,400')
  const settleMs = (seconds ?? (quick ? 5 : 10)) * 1000
  const { results, judged, voids } = await runRounds(rounds ?? (quick ? 1 : 2), async () => {
    const round = {}
    for (const state of shuffled(Object.keys(STATES))) {
      round[state] = await slopeOf(STATES[state], few, many, settleMs)
      round.voidReason ??= round[state].voidReason
    }
    return round
  })
  const kb = (state, part) => spread(results.map((round) => round[state][part]))
  const target = (state, target_, maxKb) => ({
    target: target_,
    wanted: `at most ${maxKb} KB`,
    measured: `${spreadText(kb(state, 'rss'), 0)} KB`,
    verdict: verdict(kb(state, 'rss').median <= maxKb, judged),
    note: `heap and external ${kb(state, 'own').median.toFixed(0)} KB; a bare socket takes ${kb('echo', 'rss').median.toFixed(0)} KB resident`,
  })
  return {
    name: 'memory',
    title: 'Memory of a call',
    rounds: judged ? results.length : 0,
    voids,
    lines: table(
      [
        `KB a call, slope from ${few} to ${many} calls`,
        'resident',
        'heap',
        'external',
        'heap + external',
        'resident before the first call, MB',
        CALLERS_HEAD,
      ],
      Object.entries(STATES).map(([state, { name }]) => [
        name,
        ...PARTS.map((part) => spreadText(kb(state, part), 0)),
        kb(state, 'emptyMb').median.toFixed(0),
        callersCell(...results.map((round) => round[state].callers)),
      ]),
    ),
    targets: [
      target('idle', 'memory of an idle call (resident)', MAX_IDLE_KB),
      target('speaking', 'memory of a speaking call (resident)', MAX_SPEAKING_KB),
    ],
  }
}

/** KB a call. The callers count as in every measurement: memory of a starved server is that of its backlog. */
async function slopeOf({ server: kind, pipeline, env }, few, many, settleMs) {
  return withCalls(
    { server: kind, pipeline, calls: 0, nodeFlags, env },
    async ({ server, callers, dial }) => {
      const settle = () => callers.ask('measure', { ms: settleMs, pid: server.pid })
      const empty = await server.ask('memory')
      await dial(few)
      await settle()
      const before = await server.ask('memory')
      await dial(many - few)
      const window = await settle()
      const after = await server.ask('memory')
      checkLoad(window, many)
      const kb = (key) => (after[key] - before[key]) / (many - few) / 1000
      return {
        rss: kb('rss'),
        heapUsed: kb('heapUsed'),
        external: kb('external'),
        own: kb('heapUsed') + kb('external'),
        emptyMb: empty.rss / 1e6,
        callers: callersOf(window),
        // An idle call costs the server less than it costs its caller: how busy the callers are is not judged.
        voidReason: voidReason(window, { baseline: true }),
      }
    },
  )
}

await runDirectly(import.meta.url, measureMemory)
