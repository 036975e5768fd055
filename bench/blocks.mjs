// What the caller hears when something holds the server's event loop: silence inside the agent's speech, by the
// phone's model of Twilio's playout buffer.
//
//   node bench/blocks.mjs [--quick] [--rounds 3] [--calls 20] [--seconds 1]
//
// `--rounds` is how often each block comes, `--seconds` the time between two.

import { DEFAULT_LEAD_MS } from './lib/default-lead.mjs'
import { runDirectly } from './lib/options.mjs'
import { table, verdict } from './lib/report.mjs'
import { sleep, withCalls } from './lib/setup.mjs'
import { CALLERS_HEAD, callersCell, callersOf } from './lib/window.mjs'

const CALLS = 20
const BETWEEN_SECONDS = 1
const LEADS_MS = [...new Set([20, 60, 120, DEFAULT_LEAD_MS, 200])].sort((a, b) => a - b)
/** 0 is the machine's own noise at that lead. */
const BLOCKS_MS = [0, 50, 100, 200]
/** More than the default lead leaves over after a block of 100 ms: then the machine itself held the server up. */
const MAX_REFERENCE_LATE_MS = 15
const MAX_REPEATS = 2

export async function measureBlocks({ quick = false, rounds, calls: [calls] = [CALLS], seconds } = {}) {
  const blocks = rounds ?? (quick ? 2 : 3)
  const betweenMs = (seconds ?? BETWEEN_SECONDS) * 1000
  const leads = quick ? [20, DEFAULT_LEAD_MS] : LEADS_MS
  const rows = []
  const voids = []
  for (const leadMs of leads) {
    const heard = await withCalls(
      {
        server: 'kav',
        calls,
        warmUpMs: 4000,
        reference: true,
        env: { BENCH_LEAD_MS: String(leadMs) },
      },
      (processes) => hearBlocks(processes, blocks, betweenMs, voids),
    )
    rows.push({ leadMs, heard })
  }
  const cell = ({ gaps, silenceMs, voided }) => {
    const heard =
      gaps === 0 ? '0' : `${gaps} gaps, ${(silenceMs / calls / blocks).toFixed(0)} ms each call and block`
    return voided ? `${heard} (void)` : heard
  }
  const atDefault = rows.find((row) => row.leadMs === DEFAULT_LEAD_MS).heard
  const target = atDefault[BLOCKS_MS.indexOf(100)]
  return {
    name: 'blocks',
    voids,
    title: `Event loop held for a while, ${calls} calls, ${blocks} times each`,
    lines: table(
      ['LEAD_MS', ...BLOCKS_MS.map((ms) => (ms === 0 ? 'no block' : `${ms} ms`)), CALLERS_HEAD],
      rows.map(({ leadMs, heard }) => [
        leadMs,
        ...heard.map(cell),
        callersCell(...heard.map((phase) => phase.callers)),
      ]),
    ),
    targets: [
      {
        target: `late frames at the default lead (${DEFAULT_LEAD_MS} ms) through a 100 ms block`,
        wanted: '0',
        measured: `${target.gaps} in ${calls * blocks} blocks`,
        verdict: verdict(target.gaps === 0, target.gaps === 0 || !target.voided),
      },
    ],
  }
}

/** The gaps heard with each length of block; what was void is heard again, and noted. */
async function hearBlocks(processes, blocks, betweenMs, voids) {
  const heard = []
  for (const ms of BLOCKS_MS) {
    let phase = await hearPhase(processes, ms, blocks, betweenMs)
    for (let repeat = 0; phase.voided && repeat < MAX_REPEATS; repeat++) {
      voids.push(`reference pacer late by ${phase.referenceMs.toFixed(0)} ms`)
      phase = await hearPhase(processes, ms, blocks, betweenMs)
    }
    heard.push(phase)
  }
  return heard
}

async function hearPhase({ server, callers }, ms, blocks, betweenMs) {
  const measured = callers.ask('measure', { ms: blocks * (betweenMs + ms), pid: server.pid })
  for (let block = 0; block < blocks; block++) {
    if (ms > 0) await server.ask('block', { ms })
    await sleep(betweenMs)
  }
  const window = await measured
  const { calls, reference } = window.groups
  const referenceMs = reference.latenessMs.max
  return {
    gaps: calls.underruns,
    silenceMs: calls.silenceMs,
    referenceMs,
    voided: referenceMs > MAX_REFERENCE_LATE_MS,
    callers: callersOf(window),
  }
}

await runDirectly(import.meta.url, measureBlocks)
