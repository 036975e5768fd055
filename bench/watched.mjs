// What somebody who watches costs: CPU and lateness of `kav serve` under calls that talk, with the console open in
// Chromium (the list of live calls in one page, a call in another, and the figures in a third) and with nobody there.
// A round is both in fresh processes, in random order; the figures are ratios within a round.
//
//   node bench/watched.mjs [--quick] [--rounds 5] [--calls 200] [--seconds 20] [--chromium /usr/bin/chromium]

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer from 'puppeteer-core'
import { DEFAULT_LEAD_MS } from './lib/default-lead.mjs'
import { runDirectly } from './lib/options.mjs'
import { table, verdict } from './lib/report.mjs'
import { runRounds, shuffled, spread, spreadText } from './lib/rounds.mjs'
import { sleep, withCalls } from './lib/setup.mjs'
import { CALLERS_HEAD, callersCell, callersOf, checkLoad, cpuPerCall, voidReason } from './lib/window.mjs'
import { freePortPair, openServeProcess } from './servers/serve-process.mjs'

const CALLS = 200
const MAX_RATIO = 1.05
const TOKEN = 'bench-0123456789abcdef'
/** Until the code of a turn is compiled, and every call is in its second one. */
const WARM_UP_MS = 12_000

export const WATCHED_OPTIONS = { chromium: { type: 'string', default: '/usr/bin/chromium' } }

export async function measureWatched({
  quick = false,
  rounds,
  calls: [calls] = [CALLS],
  seconds,
  chromium = WATCHED_OPTIONS.chromium.default,
} = {}) {
  const windowMs = (seconds ?? (quick ? 5 : 20)) * 1000
  const { results, judged, voids } = await runRounds(rounds ?? (quick ? 1 : 5), async () => {
    const round = {}
    for (const who of shuffled(['nobody', 'console'])) {
      round[who] = await measureOnce({ calls, windowMs, ...(who === 'console' && { chromium }) })
      round.voidReason ??= round[who].voidReason
    }
    return round
  })
  const ratio = (key) => spread(results.map((round) => round.console[key] / round.nobody[key]))
  const row = (name, who) => [
    name,
    spreadText(spread(results.map((round) => round[who].cpu)), 2),
    spreadText(spread(results.map((round) => round[who].lateMs)), 2),
    callersCell(...results.map((round) => round[who].callers)),
  ]
  const target = (what, key) => ({
    target: `${what} with the console open / without, ${calls} calls`,
    wanted: `at most ${MAX_RATIO}`,
    measured: spreadText(ratio(key), 3),
    verdict: verdict(ratio(key).median <= MAX_RATIO, judged),
  })
  return {
    name: 'watched',
    title: `The console open over ${calls} calls, a turn every four seconds each`,
    rounds: judged ? results.length : 0,
    voids,
    lines: table(
      ['who watches', 'CPU, ms a call and second', 'lateness p99, ms', CALLERS_HEAD],
      [row('nobody', 'nobody'), row('the console: live calls, one call, figures', 'console')],
    ),
    targets: [target('CPU', 'cpu'), target('Lateness p99', 'lateMs')],
  }
}

/** Without `chromium` nobody watches. */
async function measureOnce({ calls, windowMs, chromium }) {
  const dir = mkdtempSync(join(tmpdir(), 'kav-bench-watched-'))
  try {
    const options = { server: () => openTalking(dir), calls, warmUpMs: WARM_UP_MS, reference: true }
    return await withCalls(options, async ({ server, callers }) => {
      const browser = chromium && (await openConsole(chromium, server.port + 1000))
      try {
        const window = await callers.ask('measure', { ms: windowMs, pid: server.pid })
        checkLoad(window, calls)
        return {
          ...cpuPerCall(window, calls),
          lateMs: window.groups.calls.latenessMs.p99,
          callers: callersOf(window),
          voidReason: voidReason(window),
        }
      } finally {
        await browser?.close()
      }
    })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function openTalking(dir) {
  const server = await openServeProcess({
    pipeline: 'talking.yaml',
    port: await freePortPair(),
    env: { BENCH_LEAD_MS: String(DEFAULT_LEAD_MS), BENCH_RECORD_DIR: dir, KAV_ADMIN_TOKEN: TOKEN },
  })
  return { ...server, ready: { webhookUrl: `http://127.0.0.1:${server.port}/twilio/voice` } }
}

/** Resolves once all three pages show what they are for, and what opening them took is over. */
async function openConsole(executablePath, adminPort) {
  const browser = await puppeteer.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const calls = await fetch(`http://127.0.0.1:${adminPort}/api/calls`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    }).then((response) => response.json())
    const [{ id }] = calls.calls
    for (const [page, shown] of [
      ['/live', 'tbody tr'],
      [`/live/${id}`, '[role="meter"]'],
      ['/figures', 'canvas'],
    ])
      await openPage(browser, `http://127.0.0.1:${adminPort}/console/`, page, shown)
    await sleep(2000)
    return browser
  } catch (error) {
    await browser.close()
    throw error
  }
}

async function openPage(browser, url, page, shown) {
  const tab = await browser.newPage()
  await tab.setViewport({ width: 1360, height: 900 })
  await tab.goto(`${url}#token=${TOKEN}&to=${encodeURIComponent(page)}`)
  await tab.waitForSelector(shown)
}

await runDirectly(import.meta.url, measureWatched, WATCHED_OPTIONS)
