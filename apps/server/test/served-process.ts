import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const KAV = fileURLToPath(new URL('../bin/kav.js', import.meta.url))

/** The real command in a process of its own, in an empty folder unless one is given, as an operator starts it. */
export interface ServedProcess {
  readonly pid: number
  readonly port: number
  /** Where figures and health detail are, `/metrics`. */
  readonly adminUrl: string
  readonly dir: string
  readonly lines: readonly Readonly<Record<string, unknown>>[]
  /** Resolves with the first log line that has this message. */
  line(message: string): Promise<Readonly<Record<string, unknown>>>
  signal(name: NodeJS.Signals): void
  readonly exited: Promise<number | null>
  /** Waits for workers, too, and so for the calls that these have when the process is killed. */
  remove(): Promise<void>
}

/** For `within`: of the shell's `ulimit`, such as `-n 64`, what the process may have. */
export function ulimit(limit: string): readonly string[] {
  return ['sh', '-c', `ulimit ${limit}; exec "$@"`, 'sh']
}

/** Of `pipelines` on this machine only; `undefined` is `kav serve` without a file, whose host is its own choice. */
export async function serveProcess(
  pipelines: string | readonly string[] | undefined,
  env: Record<string, string> = {},
  dir = mkdtempSync(join(tmpdir(), 'kav-serve-')),
  /** A command, with its arguments, that runs the one that follows it. */
  within: readonly string[] = [],
): Promise<ServedProcess> {
  const files = pipelines === undefined ? [] : [pipelines, '--host', '127.0.0.1'].flat()
  const kav = [process.execPath, KAV, 'serve', '--port', env['PORT'] ?? '0', ...files]
  const [program, ...args] = [...within, ...kav]
  const child: ChildProcess = spawn(program!, args, {
    cwd: dir,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: Record<string, unknown>[] = []
  const waiting: { message: string; resolve: (line: Record<string, unknown>) => void }[] = []
  let rest = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      const line = JSON.parse(part) as Record<string, unknown>
      lines.push(line)
      for (const waiter of waiting) if (waiter.message === line['msg']) waiter.resolve(line)
    }
  })
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  // Its workers write to the same output and may outlive it: they speak their calls to the end.
  const allExited = new Promise((resolve) => child.on('close', resolve))
  const line = (message: string): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const known = lines.find((candidate) => candidate['msg'] === message)
      if (known) return resolve(known)
      waiting.push({ message, resolve })
      void exited.then((code) => reject(new Error(`the server ended (${code}) before it said "${message}"`)))
    })
  const ready = await line('SERVER: ready for calls')
  const admin = lines.find((candidate) => candidate['msg'] === 'ADMIN: figures and health answer here')
  return {
    // What runs the process becomes it.
    pid: child.pid!,
    adminUrl: admin === undefined ? '' : `http://127.0.0.1:${Number(admin['port'])}`,
    port: Number(ready['port']),
    dir,
    lines,
    line,
    signal: (name) => void child.kill(name),
    exited,
    async remove() {
      child.kill('SIGKILL')
      await allExited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
