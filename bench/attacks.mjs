// `kav serve` as it stands on the network, attacked by strangers beside one good call.
//
//   node bench/attacks.mjs [--quick] [--seconds 10]
//
// The good call is quiet first, then beside every attack. Descriptors and memory are those of the server before the
// first attack and after the last.

import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { ATTACKS } from './attackers/kinds.mjs'
import { startChild } from './lib/children.mjs'
import { runDirectly } from './lib/options.mjs'
import { table, verdict } from './lib/report.mjs'
import { sleep } from './lib/setup.mjs'

const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'
/** For each kind, before anything is judged: the code for it is read and compiled once in the life of a process. */
const FIRST_MS = 1000
const HELD_LIMIT_MS = 5
const SLOWER_LIMIT = 1.25
/** Below this a p99 is the machine's: its timer has a millisecond. */
const P99_FLOOR_MS = 2
/** Past this the caller's own timer says nothing about the server. */
const MAX_CALLER_LAG_MS = 3
const START_LIMIT_MS = 20_000

export async function measureAttacks({ quick = false, seconds } = {}) {
  const ms = (seconds ?? (quick ? 3 : 10)) * 1000
  process.env.BENCH_AUTH_TOKEN = AUTH_TOKEN
  // Nothing else on this machine is to be in its way.
  process.env.ADMIN_PORT = '0'
  const port = await freePort()
  const pipeline = fileURLToPath(new URL('pipelines/signed.yaml', import.meta.url))
  const watch = fileURLToPath(new URL('servers/hold-watch.mjs', import.meta.url))
  const children = []
  const start = async (file, options) => {
    children.push(await startChild(file, options))
    return children.at(-1)
  }
  try {
    const server = await start('../apps/server/bin/kav.js', {
      args: ['serve', pipeline, '--port', String(port), '--host', '127.0.0.1'],
      nodeFlags: ['--import', watch, '--expose-gc'],
    })
    await untilReady(port)
    const caller = await start('callers/signed-call.mjs')
    const attacker = await start('attackers/attacker.mjs')
    const beside = (work) => oneRun({ server, caller, port, ms, work })
    await beside(() => sleep(ms))
    const first = await beside(async () => {
      let inputs = 0
      for (const index of ATTACKS.keys())
        inputs += await attacker.ask('attack', { index, port, ms: FIRST_MS })
      return inputs
    })
    const quiet = await beside(() => sleep(ms))
    const before = await server.ask('kept')
    const rows = []
    for (const [index, { name }] of ATTACKS.entries()) {
      rows.push({ name, ...(await beside(() => attacker.ask('attack', { index, port, ms }))) })
    }
    await sleep(6000) // Half-open connections run into their deadlines.
    const after = await server.ask('kept')
    return report({ first, quiet, rows, before, after })
  } finally {
    await Promise.all(children.map((child) => child.stop()))
  }
}

/** A call, and what is done beside it once its agent speaks. */
async function oneRun({ server, caller, port, ms, work }) {
  const call = caller.ask('call', {
    webhookUrl: `http://127.0.0.1:${port}/twilio/voice`,
    authToken: AUTH_TOKEN,
    publicUrl: 'https://voice.example.com',
    ms: ms + 3000,
  })
  await sleep(1500)
  await server.ask('held')
  const inputs = await work()
  const held = await server.ask('held')
  return { inputs, heldMs: held.ms, ownMs: held.ownMs, ...(await call) }
}

function report({ first, quiet, rows, before, after }) {
  const all = [
    { name: 'each of them for the first time in the life of the process', ...first },
    { name: 'nobody', ...quiet, inputs: 0 },
    ...rows,
  ]
  const judged = (row) => row.ownLagMs.p99 <= MAX_CALLER_LAG_MS
  const good = rows.filter(judged)
  const worstOwnMs = Math.max(...rows.map(({ ownMs }) => ownMs))
  const worstHeldMs = Math.max(...rows.map(({ heldMs }) => heldMs))
  const underruns = good.reduce((sum, row) => sum + row.underruns, 0)
  const limitMs = Math.max(P99_FLOOR_MS, quiet.latenessMs.p99) * SLOWER_LIMIT
  const slower = good.filter((row) => row.latenessMs.p99 > limitMs)
  const alive = rows.every((row) => row.endedBy === 'caller')
  const mb = (bytes) => (bytes / 2 ** 20).toFixed(0)
  return {
    name: 'attacks',
    title: 'A good call beside strangers',
    voids: all
      .filter((row) => !judged(row))
      .map((row) => `${row.name}: caller late by ${row.ownLagMs.p99.toFixed(1)} ms`),
    lines: [
      ...table(
        [
          'beside',
          'inputs',
          'longest hold of the event loop, ms',
          'without garbage collection, ms',
          'underruns',
          'lateness p50 / p99, ms',
          'caller’s own lag p99, ms',
        ],
        all.map(({ name, inputs, heldMs, ownMs, underruns: gaps, latenessMs, ownLagMs }) => [
          name,
          inputs.toLocaleString('en'),
          heldMs.toFixed(1),
          ownMs.toFixed(1),
          gaps,
          `${latenessMs.p50.toFixed(2)} / ${latenessMs.p99.toFixed(2)}`,
          ownLagMs.p99.toFixed(2),
        ]),
      ),
      '',
      `Descriptors before and after: ${before.descriptors}, ${after.descriptors}. Memory in use: ${mb(before.used)} MB, ${mb(after.used)} MB; resident: ${mb(before.rss)} MB, ${mb(after.rss)} MB.`,
    ],
    targets: [
      {
        target: 'calls beside an attack that end by the caller',
        wanted: 'all',
        measured: `${rows.filter(({ endedBy }) => endedBy === 'caller').length} of ${rows.length}`,
        verdict: verdict(alive),
      },
      {
        target: 'longest hold by a stranger, garbage collection aside',
        wanted: `at most ${HELD_LIMIT_MS} ms`,
        measured: `${worstOwnMs.toFixed(1)} ms`,
        verdict: verdict(worstOwnMs <= HELD_LIMIT_MS),
        note: `${worstHeldMs.toFixed(1)} ms with it; ${quiet.heldMs.toFixed(1)} ms with nobody there; ${first.ownMs.toFixed(1)} ms for the first of each kind`,
      },
      {
        target: 'underruns beside attacks',
        wanted: '0',
        measured: String(underruns),
        verdict: verdict(underruns === 0, good.length > 0),
      },
      {
        target: 'lateness p99 beside an attack / quiet',
        wanted: `at most ${SLOWER_LIMIT}`,
        measured: slower.length === 0 ? 'all' : `not: ${slower.map(({ name }) => name).join('; ')}`,
        verdict: verdict(slower.length === 0, good.length > 0),
        note: `below ${P99_FLOOR_MS} ms not told apart`,
      },
      {
        target: 'descriptors left open',
        wanted: '0',
        measured: String(after.descriptors - before.descriptors),
        verdict: verdict(after.descriptors <= before.descriptors),
      },
    ],
  }
}

async function untilReady(port) {
  const untilMs = performance.now() + START_LIMIT_MS
  while (performance.now() < untilMs) {
    const { ok } = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => ({ ok: false }))
    if (ok) return
    await sleep(100)
  }
  throw new Error('kav serve was not ready in time')
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

await runDirectly(import.meta.url, measureAttacks)
