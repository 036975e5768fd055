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
/** A gap that the callers' own process was late by is its own, not the server's. */
const OWN_MARGIN_MS = 1

export async function measureBlocks({ quick = false } = {}) {
  const blocks = quick ? 2 : 5
  const leads = quick ? [20, DEFAULT_LEAD_MS] : LEADS_MS
  const rows = []
  for (const leadMs of leads) {
    const heard = await withCalls(
      { server: 'kav', calls: CALLS, warmUpMs: 4000, env: { BENCH_LEAD_MS: String(leadMs) } },
      (processes) => hearBlocks(processes, blocks),
    )
    rows.push({ leadMs, heard })
  }
  const cell = ({ gaps, silenceMs }) =>
    gaps === 0 ? '0' : `${gaps} gaps, ${(silenceMs / CALLS / blocks).toFixed(0)} ms each call and block`
  const atDefault = rows.find((row) => row.leadMs === DEFAULT_LEAD_MS).heard
  const target = atDefault[BLOCKS_MS.indexOf(100)]
  const quiet = atDefault[0]
  return {
    name: 'blocks',
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
        verdict: verdict(target.gaps === 0, target.gaps === 0 || quiet.gaps === 0),
        note: quiet.gaps === 0 ? '' : `${quiet.gaps} gaps without any block: the machine was busy`,
      },
    ],
  }
}

/** The gaps heard in each phase, a phase for every length of block. */
async function hearBlocks({ server, callers }, blocks) {
  await callers.ask('takeUnderruns')
  const heard = []
  for (const ms of BLOCKS_MS) {
    for (let block = 0; block < blocks; block++) {
      if (ms > 0) await server.ask('block', { ms })
      await sleep(BETWEEN_MS)
    }
    const underruns = await callers.ask('takeUnderruns')
    const gaps = underruns.filter(({ gapMs, ownLagMs }) => gapMs > ownLagMs + OWN_MARGIN_MS)
    heard.push({ gaps: gaps.length, silenceMs: gaps.reduce((sum, { gapMs }) => sum + gapMs, 0) })
  }
  return heard
}

await runDirectly(import.meta.url, measureBlocks)
