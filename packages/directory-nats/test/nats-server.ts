import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FETCHED = fileURLToPath(new URL('../../../.cache/nats-server/nats-server', import.meta.url))
const COMMAND = existsSync(FETCHED) ? FETCHED : 'nats-server'

/** Installed, or taken out of its package by `npm test`, which says why where it could not. */
const hasNatsServer = spawnSync(COMMAND, ['--version'], { stdio: 'ignore' }).status === 0

/** Whether there is a real server to test with; says so where there is none. */
export function withNatsServer(tests: string): boolean {
  if (!hasNatsServer) console.log(`directory-nats, ${tests}: SKIPPED, there is no nats-server here`)
  return hasNatsServer
}

/** A real server on loopback, for one test. */
export interface NatsServer {
  readonly url: string
  /** As if its machine were cut off: connections stay, nothing moves. */
  pause(): void
  resume(): void
  /** `kill -9`. */
  kill(): Promise<void>
  /** At the same port, with what its disk has kept. */
  restart(): Promise<void>
  close(): Promise<void>
}

export async function startNatsServer(args: readonly string[] = []): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'kav-nats-'))
  const port = await freePort()
  let child = await start(port, folder, args)

  async function end(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  return {
    url: `nats://127.0.0.1:${port}`,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    kill: end,
    async restart() {
      await end()
      child = await start(port, folder, args)
    },
    async close() {
      await end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function start(port: number, folder: string, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(COMMAND, ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder, ...args], {
    stdio: 'ignore',
  })
  while (!(await isOpen(port))) {
    if (child.exitCode !== null) throw new Error(`nats-server ended with ${child.exitCode}`)
  }
  return child
}

/** A server that greets is up. */
async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once('data', () => resolve(true))
      socket.once('error', () => undefined)
      // Refused, or accepted by what says nothing.
      socket.once('close', () => setTimeout(resolve, 10, false))
    })
  } finally {
    socket.destroy()
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
