import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('../fixtures/log-writer.mjs', import.meta.url))

/** A real process that logs to a real pipe, socket or file, and answers by messages meanwhile. */
export interface LoggingProcess {
  readonly child: ChildProcess
  /** Resolves with what the process answers: its event loop turns. */
  ask(name: string, value?: unknown): Promise<unknown>
  /** Resolves with all it wrote to its end, from now on. */
  read(): Promise<string>
  /** What it says on standard error first. */
  told(): Promise<string>
  readonly ended: Promise<{ code: number | null; signal: string | null }>
}

/** In such a process, a socket that nobody reads and that blocks: only the first two are known not to. */
export const HANGING_FD = '4'

/** `socket` is what Node gives a child, `pipe` what a shell does; a number is an open file. */
export async function startLogging(
  stdout: 'pipe' | 'socket' | number,
  ...args: string[]
): Promise<LoggingProcess> {
  const pipe = stdout === 'pipe' ? openPipe() : undefined
  const out = pipe?.fd ?? (stdout === 'socket' ? 'pipe' : stdout)
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', out, 'pipe', 'ipc', 'pipe'] })
  const answers: ((value: unknown) => void)[] = []
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: [string, unknown]) => {
      if (message[0] === 'ready') resolve()
      else answers.shift()?.(message[1])
    })
  })
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('exit', (code, signal) => resolve({ code, signal })),
  )
  const said = new Promise<string>((resolve) =>
    child.stderr!.once('data', (text: Buffer) => resolve(text.toString())),
  )
  await ready
  return {
    child,
    told: () => said,
    ask(name, value = null) {
      child.send([name, value])
      return new Promise((resolve) => answers.push(resolve))
    },
    async read() {
      let text = ''
      const from = pipe?.reader() ?? child.stdout!
      for await (const part of from.setEncoding('utf8')) text += String(part)
      return text
    },
    ended,
  }
}

/** A pipe whose reader comes later. */
function openPipe(): { fd: number; reader(): Readable } {
  const path = join(mkdtempSync(join(tmpdir(), 'kav-pipe-')), 'pipe')
  execFileSync('mkfifo', [path])
  // Open at both ends, so that neither waits for the other.
  const both = openSync(path, constants.O_RDWR)
  const fd = openSync(path, constants.O_WRONLY)
  return {
    fd,
    reader() {
      const { stdout } = spawn('cat', [path], { stdio: ['ignore', 'pipe', 'ignore'] })
      stdout.once('data', () => {
        closeSync(both)
        closeSync(fd)
      })
      return stdout
    },
  }
}
