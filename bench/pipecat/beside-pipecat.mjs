// How many calls a process of pipecat carries, and how many one of Kav, with the same callers, with and without voice
// activity detection.
//
//   node bench/pipecat/beside-pipecat.mjs [--quick] [--calls 1,2,4] [--seconds 5]
//
// More and more calls until, in two windows, audio came slower than it is played or more than 20 ms late.

import { runDirectly } from '../lib/options.mjs'
import { table } from '../lib/report.mjs'
import { spread } from '../lib/rounds.mjs'
import { withCalls } from '../lib/setup.mjs'
import { CALLERS_HEAD, callersCell, callersOf, shareOf, voidReason } from '../lib/window.mjs'
import { findPipecat, startPipecat } from './start-server.mjs'

const LEAST_FPS = 49.9
const MAX_LATE_MS = 20
/** A step that was not carried is taken again: a hiccup of the machine is not the server's. */
const TRIES = 2
const STEPS = [1, 2, 3, 5, 8, 12, 16, 24, 32, 48, 64, 100, 150, 200, 250, 300, 400, 500, 600]
const KAV_FROM = 100

export async function measurePipecat({ quick = false, calls: steps, seconds } = {}) {
  const windowMs = (seconds ?? (quick ? 3 : 5)) * 1000
  const { python, version, missing } = findPipecat()
  const title = 'Beside pipecat'
  if (missing !== undefined) {
    return {
      name: 'pipecat',
      title,
      lines: [
        `Not run: pipecat was not found (${missing}). [pipecat/README.md](pipecat/README.md) says how to get it.`,
      ],
    }
  }
  const kav = (detector) => ({ server: 'kav', env: { BENCH_VAD: detector } })
  const systems = [
    { name: 'pipecat', vad: false, options: { server: () => startPipecat(python, []) } },
    { name: 'Kav', vad: false, options: kav('../fakes-plugin.mjs') },
    { name: 'pipecat', vad: true, options: { server: () => startPipecat(python, ['--vad']) } },
    { name: 'Kav', vad: true, options: kav('@kav/plugin-local') },
  ]
  const rows = []
  const voids = []
  for (const system of systems) {
    const own = STEPS.filter((calls) => system.name === 'pipecat' || calls >= KAV_FROM)
    const wanted = steps ?? (quick ? own.slice(0, 2) : own)
    rows.push(...(await climb(system, wanted, windowMs, voids)))
  }
  return {
    name: 'pipecat',
    title,
    voids,
    lines: [
      `${version}, the default of 40 ms a message; Kav sends 20 ms. The detector is Silero in both.`,
      '',
      ...table(
        [
          'server',
          'voice activity',
          'calls',
          'fps, median call',
          'lateness p50 / p99, ms',
          'underruns',
          'CPU, all threads',
          'ms of CPU a call and second',
          CALLERS_HEAD,
          'carried',
        ],
        rows.map(cellsOf),
      ),
      '',
      ...comparison(rows),
    ],
  }
}

/** One row a step, up to and with the first that is one too many. */
async function climb(system, steps, windowMs, voids) {
  const rows = []
  for (const calls of steps) {
    const row = { ...system, calls, ...(await measureStep(system, calls, windowMs, voids)) }
    rows.push(row)
    if (!row.carried) break
  }
  return rows
}

async function measureStep({ name, options }, calls, windowMs, voids) {
  let found
  for (let attempt = 0; attempt < TRIES; attempt++) {
    found = await measureWindow(options, calls, windowMs).catch((error) => ({ error: error.message }))
    if (found.carried) return found
    const reason = found.error ?? found.voidReason
    if (reason) voids.push(`${name}, ${calls} calls: ${reason}`)
  }
  return { carried: false, ...found }
}

async function measureWindow(options, calls, windowMs) {
  const window = await withCalls({ ...options, calls, warmUpMs: 5000 }, ({ server, callers }) =>
    callers.ask('measure', { ms: windowMs, pid: server.pid }),
  )
  const group = window.groups.calls
  const fps = spread(group.fps).median
  const { p50, p99 } = group.latenessMs
  const up = group.calls === calls && group.ended === 0 && group.silent === 0
  return {
    fps,
    lateP50: p50,
    late: p99,
    underruns: group.underruns,
    share: shareOf(window.server, window),
    callers: callersOf(window),
    carried: up && fps >= LEAST_FPS && p99 <= MAX_LATE_MS,
    voidReason: voidReason(window),
  }
}

function cellsOf({
  name,
  vad,
  calls,
  fps,
  lateP50,
  late,
  underruns,
  share,
  callers,
  carried,
  voidReason,
  error,
}) {
  const head = [name, vad ? 'Silero' : 'none', calls]
  if (error !== undefined) return [...head, ...Array(6).fill(''), `no: ${error}`]
  return [
    ...head,
    fps.toFixed(2),
    `${lateP50.toFixed(1)} / ${late.toFixed(1)}`,
    underruns,
    `${(share * 100).toFixed(0)} % of a core`,
    ((share * 1000) / calls).toFixed(2),
    callersCell(callers),
    carried ? 'yes' : voidReason === undefined ? 'no' : 'no (void)',
  ]
}

function comparison(rows) {
  return [false, true].map((vad) => {
    const most = (name) =>
      Math.max(
        0,
        ...rows.filter((row) => row.name === name && row.vad === vad && row.carried).map((row) => row.calls),
      )
    const [pipecat, kav] = [most('pipecat'), most('Kav')]
    const times = pipecat === 0 ? '' : `: ${(kav / pipecat).toFixed(1)} times as many`
    return `- ${vad ? 'With' : 'Without'} voice activity detection: pipecat ${pipecat} calls, Kav ${kav}${times}.`
  })
}

await runDirectly(import.meta.url, measurePipecat)
