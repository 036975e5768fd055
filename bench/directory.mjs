// The directory of a fleet on NATS: how long a node waits for it, and what it costs. Needs a nats-server, installed or
// fetched by `npm test`. Real processes on loopback: what a network adds comes on top, twice for a question.
//
//   node bench/directory.mjs [--quick] [--calls 10000]

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openNatsDirectory } from '../packages/directory-nats/dist/index.js'
import { startChild } from './lib/children.mjs'
import { processCpu } from './lib/cpu-time.mjs'
import { runDirectly } from './lib/options.mjs'
import { quietContext } from './lib/quiet-context.mjs'
import { table, verdict } from './lib/report.mjs'

const OTHERS = 3
const FETCHED = fileURLToPath(new URL('../.cache/nats-server/nats-server', import.meta.url))
const NO_LIMITS = { maxCalls: 1_000_000, maxCallsOfNumber: 1_000_000 }
const CALL_SECONDS = 180

export async function measureDirectory({ quick = false, calls: [calls] = [10_000] } = {}) {
  const nats = await startNats()
  const here = openNatsDirectory({ ...quietContext(), servers: nats.url, fleet: 'bench', node: 'here' })
  const others = []
  try {
    for (let index = 0; index < OTHERS; index++)
      others.push(
        await startChild('servers/directory-node.mjs', { args: [nats.url, 'bench', `node${index}`] }),
      )
    await until(() => here.state().connected && here.state().nodes === OTHERS + 1)
    const filledMs = await timed(async () => {
      await Promise.all(others.map((other) => other.ask('add', { calls: Math.ceil(calls / OTHERS) })))
      await until(() => here.state().running >= calls)
    })
    const times = await askTimes(here, quick ? 200 : 2000)
    const load = await loadOf(nats, others, calls, quick ? 3000 : 10_000)
    const deaths = await deathTimes(here, others, nats, calls)
    return result(calls, { filledMs, ...times, ...load, ...deaths })
  } finally {
    await here.close()
    await Promise.all(others.map((other) => other.stop()))
    nats.end()
  }
}

/** One question after the other. */
async function askTimes(here, questions) {
  const ids = here.list().map(({ id }) => id)
  const listMs = await timed(() => here.list())
  const commands = await series(questions, (index) =>
    here.command({ callId: ids[(index * 7919) % ids.length], name: 'echo', payload: index }, 1000),
  )
  const claims = await series(questions, async (index) =>
    (await here.claim({ id: `here-${index}`, pipeline: 'bench', number: '+15550101' }, NO_LIMITS)).release(),
  )
  const onces = await series(questions, (index) => here.once(`token-${index}`, 60_000))
  const paces = await series(questions, () => here.pace('AC1', { burst: 1e6, perSecond: 1e6 }))
  return { listMs, commands, claims, onces, paces }
}

/** What the calls of a fleet cost while they come and go. */
async function loadOf(nats, others, calls, forMs) {
  const perSecond = calls / CALL_SECONDS
  for (const other of others) await other.ask('turnOver', { perSecond: perSecond / OTHERS })
  await sleep(1000)
  const pids = [nats.pid, others[0].pid]
  const before = pids.map(processCpu)
  await sleep(forMs)
  const [natsShare, nodeShare] = pids.map(
    (pid, index) => (processCpu(pid).cpuMs - before[index].cpuMs) / forMs,
  )
  return { perSecond, natsShare, nodeShare }
}

/** A node that is killed, and a server that is. */
async function deathTimes(here, others, nats, calls) {
  const before = here.state().running
  const lostMs = await timed(async () => {
    process.kill(others[OTHERS - 1].pid, 'SIGKILL')
    await until(() => here.state().running < before * 0.9)
  })
  const left = here.state().running
  await nats.restart()
  const healedMs = await timed(() =>
    until(() => here.state().connected && here.state().nodes === OTHERS && here.state().running === left),
  )
  return { lostMs, healedMs, lostCalls: Math.ceil(calls / OTHERS) }
}

function result(calls, found) {
  const { filledMs, listMs, commands, claims, onces, paces } = found
  const row = (what, times) => [what, ...[0.5, 0.99, 1].map((part) => ms(quantile(times, part)))]
  const share = (part) => `${(part * 100).toFixed(1)} % of a core`
  return {
    name: 'directory',
    title: `A fleet of ${OTHERS + 1} nodes with ${calls} calls on NATS`,
    lines: [
      ...table(
        ['one question, ms', 'p50', 'p99', 'longest'],
        [
          row('a command to the owner of a call, answered', commands),
          row('a place within the limits', claims),
          row('a key used once (on disk)', onces),
          row('a pace', paces),
        ],
      ),
      '',
      ...table(
        ['', ''],
        [
          ['all calls told to all nodes', `${ms(filledMs)} ms`],
          ['a list of all calls', `${ms(listMs)} ms, asks nobody`],
          [
            `the server, ${found.perSecond.toFixed(0)} calls a second that begin and end`,
            share(found.natsShare),
          ],
          ['one node meanwhile', share(found.nodeShare)],
          [`a node killed: its ${found.lostCalls} calls are known lost after`, `${ms(found.lostMs)} ms`],
          [
            'the server killed and started again: all nodes hear each other after',
            `${ms(found.healedMs)} ms`,
          ],
        ],
      ),
    ],
    targets: [
      {
        target: 'a command to any call, p99',
        wanted: 'under 10 ms',
        measured: `${ms(quantile(commands, 0.99))} ms`,
        verdict: verdict(quantile(commands, 0.99) < 10),
      },
      {
        target: "a dead node's calls are known dead",
        wanted: 'within 5 s',
        measured: `${(found.lostMs / 1000).toFixed(1)} s`,
        verdict: verdict(found.lostMs <= 5000),
      },
    ],
  }
}

async function series(count, ask) {
  const times = []
  for (let index = 0; index < count; index++) times.push(await timed(() => ask(index)))
  return times.sort((a, b) => a - b)
}

const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]
const ms = (value) => value.toFixed(value < 100 ? 1 : 0)

async function timed(work) {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

async function until(holds) {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 6000) throw new Error('not so after a minute')
    await sleep(10)
  }
}

async function startNats() {
  const folder = mkdtempSync(join(tmpdir(), 'kav-bench-nats-'))
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  const command = existsSync(FETCHED) ? FETCHED : 'nats-server'
  const args = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder]
  const start = () => spawn(command, args, { stdio: 'ignore' })
  let child = start()
  process.on('exit', () => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    url: `nats://127.0.0.1:${port}`,
    get pid() {
      return child.pid
    },
    async restart() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      child = start()
    },
    end: () => child.kill('SIGKILL'),
  }
}

await runDirectly(import.meta.url, measureDirectory)
