import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CheckAnswer, CheckAsk } from './check-messages.ts'
import type { RoomForTools } from './room-for-tools.ts'

/** From src and from dist alike. */
const PROGRAM = fileURLToPath(new URL('../../dist/mcp/check-main.js', import.meta.url))
/** Every import of a pipeline has ten seconds, and closing what was made has five. */
const LIMIT_MS = 120_000
const MAX_SAID_CHARS = 4_000

/** Runs one thing in a process of its own, and rejects with words for whoever asked. */
export type AskOwnProcess = (ask: CheckAsk) => Promise<string>

/**
 * What runs code of plugins runs in a process of its own, each time: what was imported once would stay as it was however
 * often its author mends it, and a plugin may end or hang its process. Each ends with who asked for it: `ended`.
 */
export function createAskOwnProcess(room: RoomForTools, ended: AbortSignal): AskOwnProcess {
  return async (ask) => {
    const { text, failed } = await room.inProcess(() => askOnce(ask, ended))
    if (failed) throw new Error(text)
    return text
  }
}

function askOnce(ask: CheckAsk, ended: AbortSignal): Promise<CheckAnswer> {
  return new Promise((resolve, reject) => {
    if (ended.aborted) return reject(new Error('kav mcp has ended'))
    const child: ChildProcess = fork(PROGRAM, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    child.once('error', reject)
    // There were no files or no memory for it, as it tells by then.
    if (child.pid === undefined) return
    let said = ''
    let why: string | undefined
    const kill = (): void => void child.kill('SIGKILL')
    const limit = setTimeout(() => {
      why = `it did not end within ${LIMIT_MS / 1000} s`
      kill()
    }, LIMIT_MS)
    ended.addEventListener('abort', kill, { once: true })
    child.stderr!.on('data', (piece) => (said = `${said}${String(piece)}`.slice(-MAX_SAID_CHARS)))
    child.once('message', (answer) => {
      resolve(answer as CheckAnswer)
      child.disconnect()
      // What a plugin has left open keeps nobody.
      setTimeout(kill, 2_000).unref()
    })
    child.once('close', () => {
      clearTimeout(limit)
      ended.removeEventListener('abort', kill)
      reject(new Error([said.trim(), why].filter(Boolean).join('\n') || 'it ended without an answer'))
    })
    child.send(ask, (error) => error && reject(error))
  })
}
