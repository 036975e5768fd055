// What the caller hears when something holds the server's event loop: silence inside the agent's speech, by the
// phone's model of Twilio's playout buffer.
//
//   node bench/blocks.mjs [--quick]

import { runDirectly, table, verdict } from './lib/report.mjs'
import { sleep, withCalls } from './lib/setup.mjs'

const CALLS = 20
const LEADS_MS = [20, 60, 120, 200]
const DEFAULT_LEAD_MS = 120
/** 0 is the machine's own noise at that lead. */
const BLOCKS_MS = [0, 50, 100, 200]
const BETWEEN_MS = 1000
/** More than the default lead leaves over after a block of 100 ms: then the machine itself held the server up. */
const MAX_REFERENCE_LATE_MS = 15
const MAX_REPEATS = 2
/** A gap that the callers' own process was late by is its own, not the server's. */
const OWN_MARGIN_MS = 1

export async function measureBlocks({ quick = false } = {}) {
  const blocks = quick ? 2 : 3
  const leads = quick ? [20, DEFAULT_LEAD_MS] : LEADS_MS
  const rows = []
  const voids = []
  for (const leadMs of leads) {
    const heard = await withCalls(
      {
        server: 'kav',
        calls: CALLS,
        warmUpMs: 4000,
        reference: true,
        env: { BENCH_LEAD_MS: String(leadMs) },
      },
      (processes) => hearBlocks(processes, blocks, voids),
    )
    rows.push({ leadMs, heard })
  }
  const cell = ({ gaps, silenceMs, voided }) => {
    const heard =
      gaps === 0 ? '0' : `${gaps} gaps, ${(silenceMs / CALLS / blocks).toFixed(0)} ms each call and block`
    return voided ? `${heard} (void)` : heard
  }
  const atDefault = rows.find((row) => row.leadMs === DEFAULT_LEAD_MS).heard
  const target = atDefault[BLOCKS_MS.indexOf(100)]
  return {
    name: 'blocks',
    voids,
    title: `Event loop held for a while, ${CALLS} calls, ${blocks} times each`,
    lines: table(
      ['LEAD_MS', ...BLOCKS_MS.map((ms) => (ms === 0 ? 'no block' : `${ms} ms`))],
      rows.map(({ leadMs, heard }) => [leadMs, ...heard.map(cell)]),
    ),
    targets: [
      {
        target: `late frames at the default lead (${DEFAULT_LEAD_MS} ms) through a 100 ms block`,
        wanted: '0',
        measured: `${target.gaps} in ${CALLS * blocks} blocks`,
        verdict: verdict(target.gaps === 0, target.gaps === 0 || !target.voided),
      },
    ],
  }
}

/** The gaps heard with each length of block; what was void is heard again, and noted. */
async function hearBlocks(processes, blocks, voids) {
  const heard = []
  for (const ms of BLOCKS_MS) {
    let phase = await hearPhase(processes, ms, blocks)
    for (let repeat = 0; phase.voided && repeat < MAX_REPEATS; repeat++) {
      voids.push(`reference pacer late by ${phase.referenceMs.toFixed(0)} ms`)
      phase = await hearPhase(processes, ms, blocks)
    }
    heard.push(phase)
  }
  return heard
}

async function hearPhase({ server, callers }, ms, blocks) {
  await callers.ask('takeUnderruns')
  const measured = callers.ask('measure', { ms: blocks * (BETWEEN_MS + ms), pid: server.pid })
  for (let block = 0; block < blocks; block++) {
    if (ms > 0) await server.ask('block', { ms })
    await sleep(BETWEEN_MS)
  }
  const referenceMs = (await measured).groups.reference.latenessMs.max
  const underruns = await callers.ask('takeUnderruns')
  const gaps = underruns.filter(({ gapMs, ownLagMs }) => gapMs > ownLagMs + OWN_MARGIN_MS)
  return {
    gaps: gaps.length,
    silenceMs: gaps.reduce((sum, { gapMs }) => sum + gapMs, 0),
    referenceMs,
    voided: referenceMs > MAX_REFERENCE_LATE_MS,
  }
}

await runDirectly(import.meta.url, measureBlocks)
