// Calls in the history: how long a search takes with 10,000 of them, on both engines, and what the embedded one costs.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRealClock } from '../packages/core/dist/testing/index.js'
import { sqlStore } from '../packages/plugin-sql-store/dist/index.js'
import { findPostgres, startPostgres } from '../scripts/postgres-server.mjs'

const CALLS = Number(process.argv[2] ?? 10_000)
const ROUNDS = 50
const WORDS =
  'hello yes no please thank you order table tonight invoice number street payment delivery broken internet router appointment doctor tomorrow morning cancel change address account balance transfer money insurance claim accident train ticket hotel room breakfast'.split(
    ' ',
  )
let seed = 20_260_701
const random = () => (seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296) / 4_294_967_296
const pick = (list) => list[Math.floor(random() * list.length)]
const DAY_MS = Date.UTC(2026, 10, 1)

function exampleCall(n) {
  const lines = Array.from({ length: 16 }, (_, at) => ({
    atMs: at * 4000,
    who: at % 2 === 0 ? 'agent' : 'caller',
    text: `${Array.from({ length: 12 }, () => pick(WORDS)).join(' ')}${at === 3 ? ` ticket${n}` : ''}.`,
  }))
  return {
    id: `CA${String(n).padStart(32, '0')}`,
    startedAtMs: DAY_MS + n * 60_000,
    state: 'ended',
    pipeline: n % 3 === 0 ? 'night-desk' : 'front-desk',
    version: 'abc123abc123',
    node: 'node-1',
    direction: 'in',
    from: `+1555${String(n % 4000).padStart(7, '0')}`,
    to: '+15559990000',
    durationMs: 64_000,
    outcome: pick(['caller', 'agent', 'transferred']),
    turns: 8,
    slowestMs: 600 + Math.floor(random() * 3000),
    cost: random() / 10,
    currency: 'USD',
    facts: {
      turns: Array.from({ length: 8 }, (_, turn) => ({ turn, first_frame_ms: 800 })),
      events: Array.from({ length: 80 }, (_, at) => ({ event: 'final', atMs: at * 800, fields: {} })),
    },
    words: { lines, more: { tools: [] } },
  }
}

const SEARCHES = {
  number: (n) => ({ from: `+1555${String(n % 4000).padStart(7, '0')}` }),
  'a word of one call': (n) => ({ text: `ticket${n}` }),
  'a word of nearly all': () => ({ text: 'doctor' }),
  'three words': () => ({ text: 'doctor appoint tomorr' }),
  'an hour': (n) => ({ sinceMs: DAY_MS + n * 60_000, untilMs: DAY_MS + (n + 60) * 60_000 }),
  'slow calls': () => ({ slowMs: 3500 }),
  'outcome and pipeline': () => ({ outcome: 'transferred', pipeline: 'night-desk' }),
  'the last page': () => ({}),
}

async function measure(name, params) {
  const before = process.memoryUsage().rss
  const store = sqlStore.create({ max_connections: 4, file: '', ...params }, { clock: createRealClock() })
  const openMs = await timed(() => store.warm())
  let putMs = 0
  for (let from = 0; from < CALLS; from += 200) {
    const batch = Array.from({ length: Math.min(200, CALLS - from) }, (_, n) => exampleCall(from + n))
    putMs += await timed(() => store.put(batch))
  }
  console.log(`\n${name}: open ${openMs.toFixed(0)} ms, ${CALLS} calls put in ${(putMs / 1000).toFixed(1)} s`)
  for (const [what, query] of Object.entries(SEARCHES)) {
    const took = []
    for (let round = 0; round < ROUNDS; round++) {
      const n = Math.floor(random() * CALLS)
      took.push(await timed(() => store.find(query(n), { limit: 50 })))
    }
    took.sort((a, b) => a - b)
    console.log(
      `  ${what.padEnd(22)} p50 ${took[ROUNDS / 2].toFixed(1)} ms, worst ${took.at(-1).toFixed(1)} ms`,
    )
  }
  console.log(`  the process grew by ${Math.round((process.memoryUsage().rss - before) / 1048576)} MB`)
  await store.close()
}

async function timed(work) {
  const startMs = performance.now()
  await work()
  return performance.now() - startMs
}

const folder = mkdtempSync(join(tmpdir(), 'kav-history-'))
try {
  const file = join(folder, 'calls.db')
  await measure('SQLite', { file })
  console.log(`  the file has ${Math.round(statSync(file).size / 1048576)} MB`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const bin = findPostgres()
if (bin === undefined) console.log('PostgreSQL: SKIPPED, there is none here')
else {
  const server = await startPostgres(bin)
  try {
    await measure('PostgreSQL', { url: server.database() })
  } finally {
    await server.close()
  }
}
