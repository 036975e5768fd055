// The local voice activity detector in whole calls: CPU of the server with it, beside a detector that costs nothing.
// What one window costs is in vad.mjs.
//
//   node bench/vad-calls.mjs [--quick]

import { runDirectly, table } from './lib/report.mjs'
import { runRounds, shuffled, spread, spreadText } from './lib/rounds.mjs'
import { checkLoad, voidReason, withCalls } from './lib/setup.mjs'

const CALLS = 200
const DETECTORS = { fake: '../fakes-plugin.mjs', local: '@kav/plugin-local' }

export async function measureVadCalls({ quick = false } = {}) {
  const windowMs = quick ? 3000 : 5000
  const { results, judged, voids } = await runRounds(quick ? 1 : 3, async () => {
    const round = {}
    for (const detector of shuffled(Object.keys(DETECTORS))) {
      const env = { BENCH_VAD: DETECTORS[detector] }
      const window = await withCalls(
        { server: 'kav', calls: CALLS, warmUpMs: 4000, env },
        ({ server, callers }) => callers.ask('measure', { ms: windowMs, pid: server.pid }),
      )
      checkLoad(window, CALLS)
      round[detector] = window.serverCpuMs / window.windowMs
      round[`${detector}Late`] = window.groups.calls.latenessMs.p99
      round.voidReason ??= voidReason(window)
    }
    return round
  })
  const share = (key) => spreadText(spread(results.map((round) => round[key] * 100)), 1)
  const late = (key) => spreadText(spread(results.map((round) => round[key])), 2)
  const added = results.map((round) => (round.local - round.fake) * 100)
  return {
    name: 'vad-calls',
    title: `Voice activity of ${CALLS} calls`,
    rounds: judged ? results.length : 0,
    voids,
    lines: [
      ...table(
        ['detector', 'CPU of the server, all threads, % of a core', 'lateness p99, ms'],
        [
          ['none to speak of', share('fake'), late('fakeLate')],
          ['Silero v6, in a worker', share('local'), late('localLate')],
        ],
      ),
      '',
      `The detector adds ${spreadText(spread(added), 1)} % of a core for ${CALLS} calls.`,
    ],
  }
}

await runDirectly(import.meta.url, measureVadCalls)
