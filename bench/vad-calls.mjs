// The local voice activity detector in whole calls: CPU of the server with it, beside a detector that costs nothing.
// What one window costs is in vad.mjs.
//
//   node bench/vad-calls.mjs [--quick] [--rounds 3] [--calls 200] [--seconds 5]

import { runDirectly } from './lib/options.mjs'
import { table } from './lib/report.mjs'
import { runRounds, shuffled, spread, spreadText } from './lib/rounds.mjs'
import { withCalls } from './lib/setup.mjs'
import { CALLERS_HEAD, callersCell, callersOf, checkLoad, shareOf, voidReason } from './lib/window.mjs'

const CALLS = 200
const DETECTORS = { fake: '../fakes-plugin.mjs', local: '@kav/plugin-local' }

export async function measureVadCalls({ quick = false, rounds, calls: [calls] = [CALLS], seconds } = {}) {
  const windowMs = (seconds ?? (quick ? 3 : 5)) * 1000
  const { results, judged, voids } = await runRounds(rounds ?? (quick ? 1 : 3), async () => {
    const round = {}
    for (const detector of shuffled(Object.keys(DETECTORS))) {
      const env = { BENCH_VAD: DETECTORS[detector] }
      const window = await withCalls({ server: 'kav', calls, warmUpMs: 4000, env }, ({ server, callers }) =>
        callers.ask('measure', { ms: windowMs, pid: server.pid }),
      )
      checkLoad(window, calls)
      round[detector] = shareOf(window.server, window)
      round[`${detector}Late`] = window.groups.calls.latenessMs.p99
      round[`${detector}Callers`] = callersOf(window)
      round.voidReason ??= voidReason(window)
    }
    return round
  })
  const share = (key) => spreadText(spread(results.map((round) => round[key] * 100)), 1)
  const late = (key) => spreadText(spread(results.map((round) => round[key])), 2)
  const busy = (key) => callersCell(...results.map((round) => round[key]))
  const added = results.map((round) => (round.local - round.fake) * 100)
  return {
    name: 'vad-calls',
    title: `Voice activity of ${calls} calls`,
    rounds: judged ? results.length : 0,
    voids,
    lines: [
      ...table(
        ['detector', 'CPU of the server, all threads, % of a core', 'lateness p99, ms', CALLERS_HEAD],
        [
          ['none to speak of', share('fake'), late('fakeLate'), busy('fakeCallers')],
          ['Silero v6, in a worker', share('local'), late('localLate'), busy('localCallers')],
        ],
      ),
      '',
      `The detector adds ${spreadText(spread(added), 1)} % of a core for ${calls} calls.`,
    ],
  }
}

await runDirectly(import.meta.url, measureVadCalls)
