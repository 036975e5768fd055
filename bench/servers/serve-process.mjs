// `kav serve` as an operator starts it: a process of its own, stopped by signals.

import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sleep } from '../lib/setup.mjs'

const KAV = fileURLToPath(new URL('../../apps/server/bin/kav.js', import.meta.url))
const PIPELINES = fileURLToPath(new URL('../pipelines/', import.meta.url))
const READY_LIMIT_MS = 60_000
const ASK_EVERY_MS = 50

/**
 * Resolves when the process on `port`, its admin port 1000 above, says that it is ready. `pipeline` is a file of
 * pipelines/, or one anywhere by its whole path. `exited` resolves with its exit code, or with the signal that ended it.
 */
export async function openServeProcess({ pipeline, port, env }) {
  const file = resolve(PIPELINES, pipeline)
  const adminPort = port + 1000
  const child = spawn(
    process.execPath,
    [KAV, 'serve', file, '--port', String(port), '--host', '127.0.0.1'],
    // The log goes nowhere, but it is written.
    {
      env: { ...process.env, ...env, ADMIN_PORT: String(adminPort) },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const endWithParent = () => child.kill('SIGKILL')
  process.on('exit', endWithParent)
  let running = true
  const exited = new Promise((resolve) =>
    child.on('exit', (code, signal) => {
      running = false
      process.off('exit', endWithParent)
      resolve(code ?? signal)
    }),
  )
  const ask = (path) => fetch(`http://127.0.0.1:${adminPort}${path}`)
  const readiness = async () => (await ask('/readyz').catch(() => undefined))?.json()
  const figures = async (path) => (await ask(path)).text()
  const untilMs = performance.now() + READY_LIMIT_MS
  while (!(await readiness())?.ready) {
    if (!running || performance.now() > untilMs) throw new Error(`kav serve on port ${port} was not ready`)
    await sleep(ASK_EVERY_MS)
  }
  return {
    pid: child.pid,
    port,
    exited,
    /** What `/readyz` says, or undefined when nobody answers. */
    readiness,
    /** The text of `/metrics` or `/metrics/workers`. */
    figures,
    calls: async () => (await readiness())?.calls ?? 0,
    /** Calls that it has turned away because it was late itself. */
    async refusedLate() {
      const lines =
        (await figures('/metrics')).match(
          /^kav_calls_refused_total\{[^}]*reason="overloaded"[^}]*\} \d+/gm,
        ) ?? []
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
    },
    signal: (name) => child.kill(name),
    async stop() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** A port that is free now, and the one 1000 above it as well. */
export async function freePortPair() {
  for (;;) {
    const port = await listen(0)
    if (port + 1000 < 65_536 && (await listen(port + 1000).catch(() => undefined)) !== undefined) return port
  }
}

export function listen(port) {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const { port: taken } = server.address()
      server.close(() => resolve(taken))
    })
  })
}
