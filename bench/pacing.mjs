// How evenly the agent's audio leaves: lateness against a reference pacer at the same time, frame rate, drift, and
// what is left of both as the number of calls grows.
//
//   node bench/pacing.mjs [--quick]

import { runDirectly, table, verdict } from './lib/report.mjs'
import { runRounds, spread, spreadText } from './lib/rounds.mjs'
import { checkLoad, voidReason, withCalls } from './lib/setup.mjs'

const CALLS = 100
const LADDER = [1, 50, 200, 400, 600]
const MAX_RATIO = 1.5
const MAX_FPS_ERROR = 0.02
const MAX_DRIFT_MS = 5
/** Below this the reference itself is timer noise. */
const LEAST_REFERENCE_MS = 0.5

export async function measurePacing({ quick = false } = {}) {
  const windowMs = quick ? 4000 : 5000
  const { results, judged, voids } = await runRounds(quick ? 1 : 3, () => measureWindow(CALLS, windowMs))
  const ladder = []
  for (const calls of quick ? LADDER.slice(0, 3) : LADDER) {
    // A step that was void or failed is tried once more; the second try stands, marked.
    const first = await measureWindow(calls, windowMs).catch(failed)
    const step = first.voidReason === undefined ? first : await measureWindow(calls, windowMs).catch(failed)
    ladder.push({ calls, ...step })
  }
  const ratio = spread(results.map(({ late, reference }) => late / Math.max(LEAST_REFERENCE_MS, reference)))
  const fps = spread(results.map((result) => result.fps))
  const driftMs = spread(results.map((result) => result.driftMs))
  return {
    name: 'pacing',
    title: 'Pacing of the agent’s audio',
    rounds: judged ? results.length : 0,
    voids,
    lines: [
      ...table(
        ['100 calls', 'median [min..max]'],
        [
          ['lateness p99, ms', spreadText(spread(results.map(({ late }) => late)), 2)],
          [
            'reference pacer at the same time, p99, ms',
            spreadText(spread(results.map(({ reference }) => reference)), 2),
          ],
        ],
      ),
      '',
      ...table(
        [
          'calls',
          'lateness p50 / p99 / max, ms',
          'reference p99, ms',
          'fps, worst call',
          'drift, worst call, ms',
          'CPU of the server',
          'window',
        ],
        ladder.map(({ calls, ...step }) => [calls, ...ladderCells(step)]),
      ),
    ],
    targets: [
      {
        target: `lateness p99 / reference pacer, ${CALLS} calls`,
        wanted: `at most ${MAX_RATIO}`,
        measured: spreadText(ratio, 2),
        verdict: verdict(ratio.median <= MAX_RATIO, judged),
      },
      {
        target: `frames a second, ${CALLS} calls, median call`,
        wanted: `50.00 ± ${MAX_FPS_ERROR}`,
        measured: spreadText(fps, 3),
        verdict: verdict(Math.abs(fps.median - 50) <= MAX_FPS_ERROR, judged),
      },
      {
        target: `drift in ${windowMs / 1000} s, worst of ${CALLS} calls`,
        wanted: `below ${MAX_DRIFT_MS} ms`,
        measured: `${spreadText(driftMs, 2)} ms`,
        verdict: verdict(Math.abs(driftMs.median) < MAX_DRIFT_MS, judged),
      },
    ],
  }
}

const failed = (error) => ({ voidReason: error.message })

function ladderCells(step) {
  const window = step.voidReason === undefined ? 'good' : `void: ${step.voidReason}`
  if (step.late === undefined) return ['', '', '', '', '', window]
  return [
    `${step.lateP50.toFixed(2)} / ${step.late.toFixed(2)} / ${step.lateMax.toFixed(1)}`,
    step.reference.toFixed(2),
    step.worstFps.toFixed(3),
    step.driftMs.toFixed(2),
    `${(step.coreShare * 100).toFixed(0)} % of a core`,
    window,
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
  return {
    lateP50: p50,
    late: p99,
    lateMax: max,
    reference: reference.latenessMs.p99,
    fps: spread(group.fps).median,
    worstFps: group.fps.reduce((worst, fps) => (Math.abs(fps - 50) > Math.abs(worst - 50) ? fps : worst), 50),
    driftMs: group.driftMs.reduce((worst, ms) => (Math.abs(ms) > Math.abs(worst) ? ms : worst), 0),
    coreShare: (window.serverCpuMs ?? NaN) / window.windowMs,
    voidReason: voidReason(window),
  }
}

await runDirectly(import.meta.url, measurePacing)
