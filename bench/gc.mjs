// Garbage collection under load beside that of the bare echo. What it leaves is in memory.mjs.
//
//   node bench/gc.mjs [--quick] [--calls 200] [--seconds 8]

import { runDirectly } from './lib/options.mjs'
import { table } from './lib/report.mjs'
import { spread } from './lib/rounds.mjs'
import { withCalls } from './lib/setup.mjs'
import { CALLERS_HEAD, callersCell, callersOf, checkLoad, voidReason } from './lib/window.mjs'

const CALLS = 200
/** Until what a call needs for its life has been moved out of the way of the young collections. */
const SETTLE_MS = 8000

export async function measureGc({ quick = false, calls: [calls] = [CALLS], seconds } = {}) {
  const windowMs = (seconds ?? (quick ? 4 : 8)) * 1000
  const rows = []
  for (const server of ['echo', 'kav'])
    rows.push({ server, ...(await collectionOf(server, calls, windowMs)) })
  return {
    name: 'gc',
    title: 'Garbage collection',
    voids: rows.flatMap((row) => row.voidReason ?? []),
    lines: table(
      [
        `${calls} calls`,
        'ms of collection per call and second',
        'scavenges, p50 (max) ms',
        'full collections, longest ms',
        CALLERS_HEAD,
        'window',
      ],
      rows.map(({ server, msPerCallSecond, scavenges, full, callers, voidReason: why }) => [
        server === 'kav' ? 'Kav, whole call' : 'bare ws echo',
        msPerCallSecond.toFixed(4),
        scavenges,
        full,
        callersCell(callers),
        why === undefined ? 'good' : 'void',
      ]),
    ),
  }
}

async function collectionOf(kind, calls, windowMs) {
  const { pauses, window } = await withCalls(
    { server: kind, calls, warmUpMs: SETTLE_MS },
    async ({ server, callers }) => {
      await server.ask('watchGc')
      const measured = await callers.ask('measure', { ms: windowMs, pid: server.pid })
      return { window: measured, pauses: await server.ask('gcPauses') }
    },
  )
  checkLoad(window, calls)
  // V8's kinds (perf_hooks): 1 is a scavenge.
  const scavenges = pauses.filter((pause) => pause.kind === 1).map((pause) => pause.ms)
  const full = pauses.filter((pause) => pause.kind !== 1).map((pause) => pause.ms)
  const { median, max } = spread(scavenges.length > 0 ? scavenges : [0])
  const total = pauses.reduce((sum, pause) => sum + pause.ms, 0)
  return {
    msPerCallSecond: total / calls / (windowMs / 1000),
    scavenges: `${scavenges.length} x ${median.toFixed(2)} (${max.toFixed(2)})`,
    callers: callersOf(window),
    voidReason: voidReason(window, { baseline: kind === 'echo' }),
    full: full.length === 0 ? '0' : `${full.length}, ${Math.max(...full).toFixed(1)}`,
  }
}

await runDirectly(import.meta.url, measureGc)
