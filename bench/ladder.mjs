// How many calls one process carries: more and more of them until a caller hears a gap or audio comes slower than it
// is played.
//
//   node bench/ladder.mjs [--quick] [--rounds 2] [--calls 200,300,400,500,600] [--seconds 5]
//
// Each step is measured beside the bare echo with as many calls. It ends after the first step that no round carried; steps
// whose rounds were all void are shown and passed over.

import { runDirectly } from './lib/options.mjs'
import { table, verdict } from './lib/report.mjs'
import { runRounds, shuffled, spread, spreadText } from './lib/rounds.mjs'
import { sleep, withCalls } from './lib/setup.mjs'
import {
  CALLERS_HEAD,
  callersCell,
  callersOf,
  checkLoad,
  cpuPerCall,
  shareOf,
  voidReason,
} from './lib/window.mjs'

const STEPS = [200, 300, 400, 500, 600]
const WANTED_CALLS = 400
const LEAST_FPS = 49.9
const FRAME_BYTES = 160
/** Until the last frame that was sent has been handed to recognition. */
const DRAIN_MS = 700

export async function measureLadder({ quick = false, rounds, calls: steps, seconds } = {}) {
  const windowMs = (seconds ?? (quick ? 3 : 5)) * 1000
  const rows = []
  for (const calls of steps ?? (quick ? STEPS.slice(0, 3) : STEPS)) {
    const found = await runRounds(rounds ?? (quick ? 1 : 2), () => measureRound(calls, windowMs)).catch(
      (error) => ({ results: [], judged: false, voids: [error.message] }),
    )
    const row = { calls, ...found, carried: found.results.some(isCarried) }
    rows.push(row)
    if (!row.carried && (row.judged || row.results.every(isSaturated))) break
  }
  const wanted = rows.find((row) => row.calls === WANTED_CALLS)
  const best = rows.findLast((row) => row.carried && row.judged)?.calls ?? 0
  return {
    name: 'ladder',
    title: 'How many calls a process carries',
    rounds: rows.reduce((sum, row) => sum + (row.judged ? row.results.length : 0), 0),
    voids: rows.flatMap((row) => row.voids.map((reason) => `${row.calls} calls: ${reason}`)),
    lines: table(
      [
        'calls',
        'fps, worst call',
        'underruns, silence',
        'lateness p99, ms',
        'reference p99, ms',
        'frames lost to recognition',
        'CPU of the server',
        'user / system',
        'CPU / bare ws echo',
        CALLERS_HEAD,
        'rounds',
      ],
      rows.map(cellsOf),
    ),
    targets: [
      {
        target: 'calls on one core without an underrun',
        wanted: `at least ${WANTED_CALLS}`,
        measured: best === 0 ? 'none judged' : String(best),
        verdict: verdict(best >= WANTED_CALLS, wanted?.judged ?? rows.some((row) => row.judged)),
      },
    ],
  }
}

/** Then more calls say nothing new, whatever made the rounds void. */
const isSaturated = ({ kav }) => kav.coreShare > 90
const isCarried = ({ kav }) => kav.underruns === 0 && kav.worstFps >= LEAST_FPS

function cellsOf({ calls, results, judged, voids }) {
  const voided = voids.length > 0 ? `, ${voids.length} void` : ''
  const rounds = judged ? `${results.length} good${voided}` : `not judged${voided}`
  if (results.length === 0) return [calls, ...Array(9).fill(''), rounds]
  const kav = results.map((result) => result.kav)
  const text = (key, digits) => spreadText(spread(kav.map((window) => window[key])), digits)
  const most = (key) => Math.max(...kav.map((window) => window[key]))
  return [
    calls,
    text('worstFps', 2),
    most('underruns') === 0 ? '0' : `${most('underruns')}, ${most('silenceMs').toFixed(0)} ms`,
    text('late', 1),
    text('reference', 1),
    most('lost'),
    `${text('coreShare', 0)} % of a core`,
    `${text('user', 2)} / ${text('system', 2)} ms a call and second`,
    spreadText(spread(results.map(({ kav: { cpu }, echo }) => cpu / echo.cpu)), 2),
    callersCell(...kav.map((window) => window.callers)),
    rounds,
  ]
}

async function measureRound(calls, windowMs) {
  const round = {}
  for (const server of shuffled(['kav', 'echo'])) {
    round[server] = await (server === 'kav' ? measureKav : measureEcho)(calls, windowMs)
    round.voidReason ??= round[server].voidReason
  }
  return round
}

async function measureEcho(calls, windowMs) {
  const window = await withCalls({ server: 'echo', calls, warmUpMs: 2000 }, ({ server, callers }) =>
    callers.ask('measure', { ms: windowMs, pid: server.pid }),
  )
  checkLoad(window, calls)
  const reason = voidReason(window, { baseline: true })
  return { ...cpuPerCall(window, calls), voidReason: reason && `echo: ${reason}` }
}

async function measureKav(calls, windowMs) {
  return withCalls({ server: 'kav', calls, warmUpMs: 4000, reference: true }, async (processes) => {
    const { server, callers } = processes
    const window = await callers.ask('measure', { ms: windowMs, pid: server.pid })
    checkLoad(window, calls)
    const { calls: group, reference } = window.groups
    return {
      ...cpuPerCall(window, calls),
      worstFps: Math.min(...group.fps),
      underruns: group.underruns,
      silenceMs: group.silenceMs,
      late: group.latenessMs.p99,
      reference: reference.latenessMs.p99,
      coreShare: shareOf(window.server, window) * 100,
      callers: callersOf(window),
      lost: await framesLost(processes),
      voidReason: voidReason(window),
    }
  })
}

/** Frames the callers sent and no recogniser was given. */
async function framesLost({ server, callers }) {
  const { sentFrames } = await callers.ask('goQuiet')
  await sleep(DRAIN_MS)
  const heard = await server.ask('heard')
  return sentFrames.calls - heard.reduce((sum, { bytes }) => sum + bytes, 0) / FRAME_BYTES
}

await runDirectly(import.meta.url, measureLadder)
