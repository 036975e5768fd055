// CPU time per call against a bare `ws` echo of the same traffic, 200 calls each.
//
//   node bench/cpu.mjs [--quick] [--rounds 5] [--calls 200] [--seconds 5]
//
// A round is both servers in fresh processes, in random order. The figure is the ratio within a round.

import { runDirectly } from './lib/options.mjs'
import { table, verdict } from './lib/report.mjs'
import { runRounds, shuffled, spread, spreadText } from './lib/rounds.mjs'
import { withCalls } from './lib/setup.mjs'
import { CALLERS_HEAD, callersCell, callersOf, checkLoad, cpuPerCall, voidReason } from './lib/window.mjs'

const CALLS = 200
const MAX_RATIO = 1.5
/** Until the code of a call's every second and every sentence is compiled, too. */
const WARM_UP_MS = 12_000

export async function measureCpu({ quick = false, rounds, calls: [calls] = [CALLS], seconds } = {}) {
  const windowMs = (seconds ?? (quick ? 3 : 5)) * 1000
  const { results, judged, voids } = await runRounds(rounds ?? (quick ? 1 : 5), () =>
    measureRound(calls, windowMs),
  )
  const ratio = spread(results.map(({ kav, echo }) => kav.cpu / echo.cpu))
  const userRatio = spread(results.map(({ kav, echo }) => kav.user / echo.user))
  const row = (name, key) => [
    name,
    ...['cpu', 'user', 'system'].map((part) =>
      spreadText(spread(results.map((result) => result[key][part])), 2),
    ),
    callersCell(...results.map((result) => result[key].callers)),
  ]
  return {
    name: 'cpu',
    title: `CPU per call, ${calls} calls at 50 frames a second each way`,
    rounds: judged ? results.length : 0,
    voids,
    lines: table(
      ['ms a call and second, median [min..max]', 'CPU', 'user', 'system', CALLERS_HEAD],
      [row('bare ws echo', 'echo'), row('Kav, whole call', 'kav')],
    ),
    targets: [
      {
        target: `CPU per call / bare ws echo, ${calls} calls`,
        wanted: `at most ${MAX_RATIO}`,
        measured: spreadText(ratio, 2),
        verdict: verdict(ratio.median <= MAX_RATIO, judged),
        note: `user time alone ${spreadText(userRatio, 2)}`,
      },
    ],
  }
}

async function measureRound(calls, windowMs) {
  const round = {}
  const reasons = []
  for (const server of shuffled(['kav', 'echo'])) {
    const window = await withCalls({ server, calls, warmUpMs: WARM_UP_MS }, ({ server: running, callers }) =>
      callers.ask('measure', { ms: windowMs, pid: running.pid }),
    )
    checkLoad(window, calls)
    round[server] = { ...cpuPerCall(window, calls), callers: callersOf(window) }
    const reason = voidReason(window, { baseline: server === 'echo' })
    if (reason) reasons.push(`${server}: ${reason}`)
  }
  return { ...round, voidReason: reasons.length > 0 ? reasons.join(', ') : undefined }
}

await runDirectly(import.meta.url, measureCpu)
