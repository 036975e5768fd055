// Deploys under calls: processes behind a real nginx (deploy/nginx/kav.conf) are replaced one after the other, while a
// constant population of calls goes on. What is lost, and what the callers hear of it, beside the same population left
// in peace.
//
//   node bench/drain.mjs [--quick] [--calls 100] [--restarts 10] [--processes 3] [--signal SIGTERM] [--seconds 20]
//
// --seconds   length of the longest call; the shortest has 3
//
// KAV_DRAIN_MS=2000 shows what it is worth: the longer calls are cut then.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild } from './lib/children.mjs'
import { DEFAULT_LEAD_MS } from './lib/default-lead.mjs'
import { runDirectly } from './lib/options.mjs'
import { table, verdict } from './lib/report.mjs'
import { sleep } from './lib/setup.mjs'
import { CALLERS_HEAD, callersCell, callersOf, voidReason } from './lib/window.mjs'
import { hasNginx, openNginx } from './servers/nginx.mjs'
import { freePortPair, listen, openServeProcess } from './servers/serve-process.mjs'

const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'
const SHORTEST_CALL_MS = 3000
const SEED = 11
const WARM_UP_MS = 3000
/** A new process has its place among the others before the next one goes. */
const BETWEEN_MS = 500
const WINDOW_LIMIT_MS = 120_000

export const DRAIN_OPTIONS = {
  restarts: { type: 'string', default: '10' },
  processes: { type: 'string', default: '3' },
  signal: { type: 'string', default: 'SIGTERM' },
}

export async function measureDrain({
  quick = false,
  calls: [calls] = [quick ? 20 : 100],
  seconds,
  ...more
} = {}) {
  if (!hasNginx) throw new Error('no nginx: install it, or let `npm test` take it out of its package')
  const options = {
    calls,
    longestMs: (seconds ?? (quick ? 5 : 20)) * 1000,
    restarts: quick ? 3 : Number(more.restarts ?? DRAIN_OPTIONS.restarts.default),
    processes: Number(more.processes ?? DRAIN_OPTIONS.processes.default),
    signal: more.signal ?? DRAIN_OPTIONS.signal.default,
  }
  const opened = []
  const keep = async (opening) => {
    opened.push(await opening)
    return opened.at(-1)
  }
  const recordDir = mkdtempSync(join(tmpdir(), 'kav-bench-'))
  try {
    return report(await runDeploys(options, recordDir, keep), options)
  } finally {
    await Promise.all(opened.map((one) => one.stop()))
    rmSync(recordDir, { recursive: true, force: true })
  }
}

/** Half of the time in peace, the restarts, and the other half in peace: a machine that drifts is no one's merit. */
async function runDeploys({ calls, longestMs, restarts, processes, signal }, recordDir, keep) {
  const start = (port) =>
    keep(
      openServeProcess({
        pipeline: 'fleet.yaml',
        port,
        env: { BENCH_AUTH_TOKEN: AUTH_TOKEN, BENCH_RECORD_DIR: recordDir },
      }),
    )
  const servers = []
  while (servers.length < processes) servers.push(await start(await freePortPair()))
  const nginx = await keep(openNginx({ port: await listen(0), servers: servers.map(({ port }) => port) }))
  const callers = await keep(startChild('callers/load.mjs'))
  const pacer = await keep(startChild('servers/reference-pacer.mjs'))
  await callers.ask('dial', { group: 'reference', count: 20, target: pacer.ready })
  await callers.ask('populate', {
    group: 'calls',
    target: {
      webhookUrl: `${nginx.origin}/twilio/voice`,
      publicUrl: 'https://voice.example.com',
      authToken: AUTH_TOKEN,
    },
    count: calls,
    leastMs: SHORTEST_CALL_MS,
    mostMs: longestMs,
    seed: SEED,
  })
  await sleep(WARM_UP_MS)

  const during = async (work) => {
    await callers.ask('openWindow', { pid: nginx.pid })
    const result = await work()
    return { ...(await callers.ask('closeWindow', {}, WINDOW_LIMIT_MS)), result }
  }
  const beforeMs = (restarts * longestMs) / 2
  const before = await during(() => sleep(beforeMs))
  const deploys = await during(async () => {
    const done = []
    for (let turn = 0; turn < restarts; turn++) {
      done.push(await replace(servers, turn % processes, signal, start))
      await sleep(BETWEEN_MS)
    }
    return done
  })
  const after = await during(() => sleep(Math.max(SHORTEST_CALL_MS, deploys.windowMs - beforeMs)))
  const { violations } = await callers.ask('hangUp')
  let late = deploys.result.reduce((sum, { refusedLate }) => sum + refusedLate, 0)
  for (const server of servers) late += await server.refusedLate()
  return { before, deploys, after, violations, late }
}

/** SIGTERM, wait for its end, start anew. */
async function replace(servers, index, signal, start) {
  const old = servers[index]
  const [calls, refusedLate] = [await old.calls(), await old.refusedLate()]
  const askedMs = performance.now()
  old.signal(signal)
  const exit = await old.exited
  const endedMs = performance.now()
  servers[index] = await start(old.port)
  return { calls, refusedLate, exit, drainMs: endedMs - askedMs, startMs: performance.now() - endedMs }
}

const NAMES = ['in peace, before', 'restarts', 'in peace, after']

function report({ before, deploys, after, violations, late }, options) {
  const phases = [before, deploys, after]
  const voids = phases.map((window) => voidReason(window, { baseline: true }))
  const reasons = phases.flatMap(({ population }) => population.reasons)
  const { calls, restarts, processes, signal, longestMs } = options
  const numbers = (key, divisor) => {
    const values = deploys.result.map((restart) => restart[key] / divisor).sort((a, b) => a - b)
    const text = (value) => (divisor === 1 ? value : value.toFixed(1))
    return `${text(values[values.length >> 1])} (${text(values[0])} to ${text(values.at(-1))})`
  }
  return {
    name: 'drain',
    title: `${restarts} rolling restarts of ${processes} processes behind nginx, ${calls} calls`,
    voids: voids.flatMap((reason, index) => (reason === undefined ? [] : `${NAMES[index]}: ${reason}`)),
    lines: [
      ...table(
        [
          '',
          'minutes',
          'calls offered',
          'answered',
          'refused',
          'cut',
          'agent never spoke',
          'late frames, silence',
          'lateness p50 / p99, ms',
          'reference p99, ms',
          'CPU of nginx',
          CALLERS_HEAD,
        ],
        phases.map((window, index) => rowOf(NAMES[index], window)),
      ),
      '',
      `Calls of ${SHORTEST_CALL_MS / 1000} to ${longestMs / 1000} s; where one ends the next begins. At ${signal} a process had ${numbers('calls', 1)} calls; it ended after ${numbers('drainMs', 1000)} s, and its successor was ready after ${numbers('startMs', 1000)} s.`,
      ...[...reasons, ...violations].flatMap((reason) => ['', `- ${reason}`]),
    ],
    targets: targetsOf({
      deploys,
      peace: [before, after],
      late,
      judged: voids.every((reason) => reason === undefined),
    }),
  }
}

const lostCalls = ({ population }) => population.refused + population.cut + population.mute
const p99 = ({ groups }) => groups.calls.latenessMs.p99

/** `judged`: no window was void. `late`: times that a process was too late itself to take a call. */
function targetsOf({ deploys, peace, late, judged }) {
  const sum = (windows, pick) => windows.reduce((total, window) => total + pick(window), 0)
  // By the minute: they are only about as long as each other.
  const lateAMinute = (windows) =>
    sum(windows, ({ groups }) => groups.calls.underruns) / (sum(windows, ({ windowMs }) => windowMs) / 60_000)
  const [lateThen, lateInPeace] = [lateAMinute([deploys]), lateAMinute(peace)]
  const lostInPeace = sum(peace, lostCalls)
  const badExits = deploys.result.filter(({ exit }) => exit !== 0).length
  const nothingLost = lostCalls(deploys) === 0 && badExits === 0
  return [
    {
      target: 'calls dropped by rolling restarts',
      wanted: '0',
      measured: `${lostCalls(deploys)} of ${deploys.population.offered}`,
      // A machine on which calls are refused in peace, or for their lateness, says nothing against restarts.
      verdict: verdict(nothingLost, nothingLost || (lostInPeace === 0 && late === 0)),
      note: `${lostInPeace} of ${sum(peace, ({ population }) => population.offered)} in peace; exit codes other than 0: ${badExits}; refused by a process that was late itself: ${late} times`,
    },
    {
      target: 'late frames during restarts, beyond those in peace',
      wanted: '0',
      measured: `${Math.max(0, lateThen - lateInPeace).toFixed(1)} a minute`,
      verdict: verdict(lateThen <= lateInPeace, judged),
      note: `${lateThen.toFixed(1)} beside ${lateInPeace.toFixed(1)} a minute, behind a lead of ${DEFAULT_LEAD_MS} ms; lateness p99 ${(p99(deploys) / Math.max(...peace.map(p99))).toFixed(2)} times that in peace`,
    },
  ]
}

function rowOf(name, window) {
  const { population, groups, windowMs, server } = window
  const { calls, reference } = groups
  return [
    name,
    (windowMs / 60_000).toFixed(1),
    population.offered,
    population.answered,
    population.refused,
    population.cut,
    population.mute,
    calls.underruns === 0 ? '0' : `${calls.underruns}, ${calls.silenceMs.toFixed(0)} ms`,
    `${calls.latenessMs.p50.toFixed(2)} / ${calls.latenessMs.p99.toFixed(2)}`,
    reference.latenessMs.p99.toFixed(2),
    server === undefined ? '' : `${((server.cpuMs / windowMs) * 100).toFixed(0)} % of a core`,
    callersCell(callersOf(window)),
  ]
}

await runDirectly(import.meta.url, measureDrain, DRAIN_OPTIONS)
