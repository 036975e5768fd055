// How evenly the agent's audio leaves: lateness against a reference pacer at the same time, frame rate, drift, first
// word. What is left of it under many calls is in ladder.mjs.
//
//   node bench/pacing.mjs [--quick] [--rounds 3] [--calls 100] [--seconds 5]

import { runDirectly } from './lib/options.mjs'
import { table, verdict } from './lib/report.mjs'
import { runRounds, spread, spreadText } from './lib/rounds.mjs'
import { withCalls } from './lib/setup.mjs'
import { CALLERS_HEAD, callersCell, callersOf, checkLoad, shareOf, voidReason } from './lib/window.mjs'

const CALLS = 100
/** Shown beside, one window each. */
const FEW = [1, 20]
const MAX_RATIO = 1.5
const MAX_FPS_ERROR = 0.02
const MAX_DRIFT_MS = 5
/** Below this the reference itself is timer noise. */
const LEAST_REFERENCE_MS = 0.5

export async function measurePacing({ quick = false, rounds, calls: [calls] = [CALLS], seconds } = {}) {
  const windowMs = (seconds ?? (quick ? 4 : 5)) * 1000
  const { results, judged, voids } = await runRounds(rounds ?? (quick ? 1 : 3), () =>
    measureWindow(calls, windowMs),
  )
  const rows = []
  for (const few of quick ? [] : FEW) rows.push([few, [await measureWindow(few, windowMs)]])
  rows.push([calls, results])
  const ratio = spread(results.map(({ late, reference }) => late / Math.max(LEAST_REFERENCE_MS, reference)))
  const fps = spread(results.map((result) => result.fps))
  const driftMs = spread(results.map((result) => Math.abs(result.driftMs)))
  return {
    name: 'pacing',
    title: 'Pacing of the agent’s audio',
    rounds: judged ? results.length : 0,
    voids,
    lines: table(
      [
        'calls',
        'lateness p50 / p99 / max, ms',
        'p99 of the worst call, ms',
        'reference p99, ms',
        'fps, worst call',
        'drift, worst call, ms',
        'underruns',
        'first word p50 / max, ms',
        'CPU of the server',
        CALLERS_HEAD,
      ],
      rows.map(([count, windows]) => [count, ...cells(windows)]),
    ),
    targets: [
      {
        target: `lateness p99 / reference pacer, ${calls} calls`,
        wanted: `at most ${MAX_RATIO}`,
        measured: spreadText(ratio, 2),
        verdict: verdict(ratio.median <= MAX_RATIO, judged),
      },
      {
        target: `frames a second, ${calls} calls, median call`,
        wanted: `50.00 ± ${MAX_FPS_ERROR}`,
        measured: spreadText(fps, 3),
        verdict: verdict(Math.abs(fps.median - 50) <= MAX_FPS_ERROR, judged),
      },
      {
        target: `drift in ${windowMs / 1000} s, worst of ${calls} calls`,
        wanted: `below ${MAX_DRIFT_MS} ms`,
        measured: `${spreadText(driftMs, 2)} ms`,
        verdict: verdict(driftMs.median < MAX_DRIFT_MS, judged),
      },
    ],
  }
}

/** Medians of the windows; the worst of what must not happen. */
function cells(windows) {
  const median = (key, digits) => spread(windows.map((window) => window[key])).median.toFixed(digits)
  return [
    `${median('lateP50', 2)} / ${median('late', 2)} / ${median('lateMax', 1)}`,
    median('worstCall', 2),
    median('reference', 2),
    median('worstFps', 3),
    median('driftMs', 2),
    Math.max(...windows.map((window) => window.underruns)),
    `${median('firstP50', 0)} / ${median('firstMax', 0)}`,
    `${(spread(windows.map((window) => window.coreShare)).median * 100).toFixed(0)} % of a core`,
    callersCell(...windows.map((window) => window.callers)),
  ]
}

async function measureWindow(calls, windowMs) {
  const window = await withCalls(
    { server: 'kav', calls, warmUpMs: 4000, reference: true },
    ({ server, callers }) => callers.ask('measure', { ms: windowMs, pid: server.pid }),
  )
  checkLoad(window, calls)
  const { calls: group, reference } = window.groups
  const { p50, p99, max } = group.latenessMs
  const firstWord = spread(group.firstAudioMs)
  return {
    lateP50: p50,
    late: p99,
    lateMax: max,
    worstCall: group.worstCallP99Ms,
    reference: reference.latenessMs.p99,
    fps: spread(group.fps).median,
    worstFps: group.fps.reduce((worst, fps) => (Math.abs(fps - 50) > Math.abs(worst - 50) ? fps : worst), 50),
    driftMs: group.driftMs.reduce((worst, ms) => (Math.abs(ms) > Math.abs(worst) ? ms : worst), 0),
    underruns: group.underruns,
    firstP50: firstWord.median,
    firstMax: firstWord.max,
    coreShare: shareOf(window.server, window),
    callers: callersOf(window),
    voidReason: voidReason(window),
  }
}

await runDirectly(import.meta.url, measurePacing)
