// The caller's first words when recognition opens late: every frame is numbered, and the recogniser checks that none
// is missing or out of order and how soon the backlog is gone.
//
//   node bench/first-words.mjs [--rounds 1]

import { runDirectly } from './lib/options.mjs'
import { table, verdict } from './lib/report.mjs'
import { runRounds } from './lib/rounds.mjs'
import { withCalls } from './lib/setup.mjs'
import { CALLERS_HEAD, callersCell, callersOf } from './lib/window.mjs'

/** The pipeline's six delays, each this often. */
const CALLS_PER_DELAY = 4
const DELAYS = 6
/** 7 s of speech. */
const FRAMES = 350
const TAIL_MS = 1500
/** The rx-queue holds 4 s: with 3.9 s in it, a longer stall of the machine makes it full. */
const MAX_REFERENCE_LATE_MS = 40
/** The longest backlog, 3.9 s at four times real time, takes 1.3 s. */
const MAX_CATCH_UP_MS = 3000

export async function measureFirstWords({ rounds = 1 } = {}) {
  const calls = CALLS_PER_DELAY * DELAYS
  const { results, judged, voids } = await runRounds(rounds, () => hearNumbers(calls))
  const { sessions, callers } = results[0]
  const delays = [...new Set(sessions.map(({ lateMs }) => lateMs))].sort((a, b) => a - b)
  const rows = delays.map((lateMs) => {
    const group = sessions.filter((session) => session.lateMs === lateMs)
    return {
      lateMs,
      calls: group.length,
      lost: group.reduce((sum, { frames, missing }) => sum + missing + (FRAMES - frames), 0),
      outOfOrder: group.reduce((sum, session) => sum + session.outOfOrder, 0),
      caughtUpMs: Math.max(...group.map((session) => session.caughtUpMs)),
    }
  })
  const lost = rows.reduce((sum, row) => sum + row.lost, 0)
  const outOfOrder = rows.reduce((sum, row) => sum + row.outOfOrder, 0)
  const slowest = Math.max(...rows.map((row) => row.caughtUpMs))
  return {
    name: 'first-words',
    voids,
    title: `First words, recognition opening late, ${FRAMES} numbered frames a call`,
    lines: table(
      [
        'opens after, ms',
        'calls',
        'frames lost',
        'out of order',
        'backlog gone after, slowest call, ms',
        CALLERS_HEAD,
      ],
      rows.map((row) => [
        row.lateMs,
        row.calls,
        row.lost,
        row.outOfOrder,
        row.caughtUpMs.toFixed(0),
        callersCell(callers),
      ]),
    ),
    targets: [
      {
        target: `frames lost or out of order, ${sessions.length} calls`,
        wanted: '0',
        measured: String(lost + outOfOrder),
        verdict: verdict(lost + outOfOrder === 0 && sessions.length === calls, judged),
      },
      {
        target: 'backlog gone after recognition opened',
        wanted: `within ${MAX_CATCH_UP_MS / 1000} s`,
        measured: `${(slowest / 1000).toFixed(2)} s at worst`,
        verdict: verdict(slowest <= MAX_CATCH_UP_MS, judged),
      },
    ],
  }
}

async function hearNumbers(calls) {
  return withCalls(
    { server: 'kav', calls: 0, pipeline: 'late-stt.yaml', reference: true },
    async ({ server, callers, dial }) => {
      await dial(calls, { numberedFrames: FRAMES })
      const window = await callers.ask('measure', { ms: FRAMES * 20 + TAIL_MS, pid: server.pid })
      const sessions = await server.ask('heard')
      const { violations } = await callers.ask('hangUp')
      if (violations.length > 0) throw new Error(`the server said ${violations.join('; ')}`)
      const lateMs = window.groups.reference.latenessMs.max
      const voidReason =
        lateMs > MAX_REFERENCE_LATE_MS ? `reference pacer late by ${lateMs.toFixed(0)} ms` : undefined
      return { sessions, callers: callersOf(window), voidReason }
    },
  )
}

await runDirectly(import.meta.url, measureFirstWords)
