// CPU time per call against a bare `ws` echo of the same traffic, 200 calls each.
//
//   node bench/cpu.mjs [--quick]
//
// A round is both servers in fresh processes, in random order. The figure is the ratio within a round.

import { runDirectly, table, verdict } from './lib/report.mjs'
import { runRounds, shuffled, spread, spreadText } from './lib/rounds.mjs'
import { checkLoad, voidReason, withCalls } from './lib/setup.mjs'

const CALLS = 200
const MAX_RATIO = 1.4

export async function measureCpu({ quick = false } = {}) {
  const windowMs = quick ? 3000 : 5000
  const { results, judged, voids } = await runRounds(quick ? 1 : 5, async () => {
    const cpu = {}
    const reasons = []
    for (const server of shuffled(['kav', 'echo'])) {
      const window = await withCalls(
        { server, calls: CALLS, warmUpMs: 4000 },
        ({ server: running, callers }) => callers.ask('measure', { ms: windowMs, pid: running.pid }),
      )
      checkLoad(window, CALLS)
      if (window.serverCpuMs === undefined) throw new Error('CPU time is read from /proc: Linux only')
      // ms of CPU per call and second.
      cpu[server] = window.serverCpuMs / CALLS / (window.windowMs / 1000)
      const reason = voidReason(window)
      if (reason) reasons.push(`${server}: ${reason}`)
    }
    return {
      ...cpu,
      ratio: cpu.kav / cpu.echo,
      voidReason: reasons.length > 0 ? reasons.join(', ') : undefined,
    }
  })
  const ratio = spread(results.map((result) => result.ratio))
  const row = (name, key) => [name, spreadText(spread(results.map((result) => result[key])), 2)]
  return {
    name: 'cpu',
    title: `CPU per call, ${CALLS} calls at 50 frames a second each way`,
    rounds: judged ? results.length : 0,
    voids,
    lines: table(
      ['server', 'ms of CPU per call and second, median [min..max]'],
      [row('bare ws echo', 'echo'), row('Kav, whole call', 'kav')],
    ),
    targets: [
      {
        target: 'CPU per call / bare ws echo',
        wanted: `at most ${MAX_RATIO}`,
        measured: spreadText(ratio, 2),
        verdict: verdict(ratio.median <= MAX_RATIO, judged),
      },
    ],
  }
}

await runDirectly(import.meta.url, measureCpu)
