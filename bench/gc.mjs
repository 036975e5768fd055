// Garbage collection under load beside that of the bare echo, and memory of a call: the slope from few calls to
// many in one process, after collection, so that what the process needs anyway does not count.
//
//   node bench/gc.mjs [--quick]

import { runDirectly, table, verdict } from './lib/report.mjs'
import { spread } from './lib/rounds.mjs'
import { sleep, withCalls } from './lib/setup.mjs'

const CALLS = 200
const FEW = 50
const MAX_IDLE_KB = 100
/** New space at its full size from the start: its growth under load is the process's, not the calls'. */
const nodeFlags = ['--expose-gc', '--min-semi-space-size=16']
/** Until what a call needs for its life has been moved out of the way of the young collections. */
const SETTLE_MS = 8000

export async function measureGc({ quick = false } = {}) {
  const windowMs = quick ? 4000 : 8000
  const many = quick ? 150 : 250
  const collection = []
  for (const server of ['echo', 'kav']) {
    collection.push({ server, ...(await collectionOf(server, windowMs)) })
  }
  const memory = [
    { state: 'bare ws echo, media one way and back', ...(await memoryOf('echo', many, {})) },
    {
      state: 'Kav, idle: silent caller, silent agent',
      ...(await memoryOf('kav', many, { BENCH_SAYS_AFTER_MS: '0', BENCH_GREETING: '' })),
    },
    { state: 'Kav, active: the agent speaks', ...(await memoryOf('kav', many, {})) },
  ]
  const idle = memory[1]
  return {
    name: 'gc',
    title: 'Garbage collection and memory',
    lines: [
      ...table(
        [
          `${CALLS} calls`,
          'ms of collection per call and second',
          'scavenges, p50 (max) ms',
          'full collections, longest ms',
        ],
        collection.map(({ server, msPerCallSecond, scavenges, full }) => [
          server === 'kav' ? 'Kav, whole call' : 'bare ws echo',
          msPerCallSecond.toFixed(4),
          scavenges,
          full,
        ]),
      ),
      '',
      ...table(
        [`KB a call, slope from ${FEW} to ${many} calls`, 'resident', 'heap', 'external', 'heap + external'],
        memory.map((row) => [
          row.state,
          ...['rssKb', 'heapKb', 'externalKb', 'ownKb'].map((key) => row[key].toFixed(0)),
        ]),
      ),
    ],
    targets: [
      {
        target: 'memory of an idle call (resident)',
        wanted: `at most ${MAX_IDLE_KB} KB`,
        measured: `${idle.rssKb.toFixed(0)} KB`,
        verdict: verdict(idle.rssKb <= MAX_IDLE_KB),
        note: `heap and external ${idle.ownKb.toFixed(0)} KB; a bare socket takes ${memory[0].rssKb.toFixed(0)} KB resident`,
      },
    ],
  }
}

async function collectionOf(kind, windowMs) {
  const pauses = await withCalls({ server: kind, calls: CALLS, warmUpMs: SETTLE_MS }, async ({ server }) => {
    await server.ask('watchGc')
    await sleep(windowMs)
    return server.ask('gcPauses')
  })
  // V8's kinds (perf_hooks): 1 is a scavenge.
  const scavenges = pauses.filter((pause) => pause.kind === 1).map((pause) => pause.ms)
  const full = pauses.filter((pause) => pause.kind !== 1).map((pause) => pause.ms)
  const { median, max } = spread(scavenges.length > 0 ? scavenges : [0])
  const total = pauses.reduce((sum, pause) => sum + pause.ms, 0)
  return {
    msPerCallSecond: total / CALLS / (windowMs / 1000),
    scavenges: `${scavenges.length} x ${median.toFixed(2)} (${max.toFixed(2)})`,
    full: full.length === 0 ? '0' : `${full.length}, ${Math.max(...full).toFixed(1)}`,
  }
}

async function memoryOf(kind, many, env) {
  return withCalls({ server: kind, calls: FEW, warmUpMs: 5000, nodeFlags, env }, async ({ server, dial }) => {
    const few = await server.ask('memory')
    await dial(many - FEW)
    await sleep(5000)
    const all = await server.ask('memory')
    const kb = (key) => (all[key] - few[key]) / (many - FEW) / 1000
    return {
      rssKb: kb('rss'),
      heapKb: kb('heapUsed'),
      externalKb: kb('external'),
      ownKb: kb('heapUsed') + kb('external'),
    }
  })
}

await runDirectly(import.meta.url, measureGc)
