// `kav serve --workers N` with a pipeline file of its own, so that it can be changed under its calls, and what each
// of its processes takes.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { processCpu } from '../lib/cpu-time.mjs'
import { memoryOf } from '../lib/memory-of.mjs'
import { pin } from '../lib/pin.mjs'
import { freePortPair, openServeProcess } from '../servers/serve-process.mjs'

const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'
const FLEET = readFileSync(new URL('../pipelines/fleet.yaml', import.meta.url), 'utf8').replaceAll(
  '../fakes-plugin.mjs',
  fileURLToPath(new URL('../fakes-plugin.mjs', import.meta.url)),
)
/** The agent speaks without a pause: 50 frames a second each way. */
const CLAUSE_MS = '4000'

/** `core`: all its processes stay on this one. */
export async function openWorkersService({ workers, core }) {
  const dir = mkdtempSync(join(tmpdir(), 'kav-bench-scale-'))
  const file = join(dir, 'fleet.yaml')
  writeFileSync(file, FLEET)
  const server = await openServeProcess({
    pipeline: file,
    port: await freePortPair(),
    env: {
      BENCH_AUTH_TOKEN: AUTH_TOKEN,
      BENCH_RECORD_DIR: dir,
      BENCH_CLAUSE_MS: CLAUSE_MS,
      KAV_WORKERS: String(workers),
    },
  })
  /** `[role, pid]` of all processes: one alone, or the parent, its workers, and the spare one when it is there. */
  const processes = async () => {
    if (workers === 1) return [['one process', server.pid]]
    const taking = (await server.readiness()).workers
    const known = taking.map(({ pid }) => pid)
    return [
      ['parent', server.pid],
      ...taking.map(({ worker, pid }) => [`worker ${worker}`, pid]),
      ...childrenOf(server.pid)
        .filter((pid) => !known.includes(pid))
        .map((pid) => ['spare', pid]),
    ]
  }
  if (core !== undefined) for (const [, pid] of await processes()) pin(pid, core)
  return {
    ...server,
    target: {
      webhookUrl: `http://127.0.0.1:${server.port}/twilio/voice`,
      publicUrl: 'https://voice.example.com',
      authToken: AUTH_TOKEN,
    },
    processes,
    /** A counter as it is now, in sum over the labels that are not named. */
    async counter(name, label = '') {
      const line = new RegExp(`^${name}(\\{.*${label}.*\\})? .*$`, 'gm')
      const lines = (await server.figures('/metrics')).match(line) ?? []
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
    },
    /** Another greeting: a pipeline that has changed is opened anew. */
    rewrite: (greeting) => writeFileSync(file, FLEET.replace('greeting: Hello.', `greeting: ${greeting}`)),
    async stop() {
      // Workers outlive a parent that is killed, while they have calls.
      const pids = (await processes().catch(() => [])).map(([, pid]) => pid)
      await server.stop()
      for (const pid of pids) kill(pid)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** `{ role, pid, cpuMs, residentMb, ownMb }` of each, since its start and as it is now. */
export function usageOf(processes) {
  return processes.map(([role, pid]) => ({
    role,
    pid,
    cpuMs: processCpu(pid)?.cpuMs ?? NaN,
    ...memoryOf(pid),
  }))
}

function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}
