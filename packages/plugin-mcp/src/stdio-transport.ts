import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { createLineReader } from '@kav/core/kit'
import { soundAnswer } from './sound-answer.ts'
import { idIn, MAX_MESSAGE_BYTES, oversizedAnswer } from './oversized-answer.ts'

export interface StdioOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  onStderr(piece: Buffer): void
}

/** What a program is given to end by itself, and then once more after it was asked to. */
const END_MS = 2_000

/**
 * A program that speaks by its standard streams. Not the SDK's own transport: that one ends the program, and with it the
 * calls of everybody, when a single answer is too long.
 */
export function createProgramTransport(options: StdioOptions): Transport {
  let child: ChildProcess | undefined
  let ended: Promise<void> | undefined
  /** One wait for all that is to be sent meanwhile. */
  let drained: Promise<unknown> | undefined
  const transport: Transport = {
    async start() {
      const { command, args, env, cwd } = options
      const started = spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true })
      started.on('error', (error) => transport.onerror?.(error))
      started.on('close', () => {
        child = undefined
        transport.onclose?.()
      })
      for (const stream of [started.stdin, started.stdout, started.stderr]) {
        stream.on('error', (error) => transport.onerror?.(error))
      }
      // Read whatever comes: a pipe that is full would stop the server.
      started.stderr.on('data', options.onStderr)
      const read = createLineReader(MAX_MESSAGE_BYTES, hear, ({ head, tail }) => {
        const id = idIn(head, tail)
        transport.onerror?.(new RangeError('a message is too long'))
        if (id !== undefined) transport.onmessage?.(oversizedAnswer(id))
      })
      started.stdout.on('data', read)
      await once(started, 'spawn')
      child = started
    },
    async send(message) {
      const stdin = child?.stdin
      if (!stdin?.writable) throw new Error('the server is gone')
      if (stdin.write(`${JSON.stringify(message)}\n`)) return
      drained ??= once(stdin, 'drain').finally(() => (drained = undefined))
      await drained
    },
    async close() {
      const last = child
      child = undefined
      if (last !== undefined) ended = endProgram(last)
      // The SDK closes what it could not connect, and does not wait for it.
      await ended
    },
  }

  function hear(line: string): void {
    let message: JSONRPCMessage
    try {
      message = JSON.parse(line) as JSONRPCMessage
    } catch {
      transport.onerror?.(new SyntaxError('a line is no JSON'))
      return
    }
    // The SDK reads fields of it without looking.
    if (typeof message === 'object' && message !== null) transport.onmessage?.(soundAnswer(message))
    else transport.onerror?.(new TypeError('a line is no message'))
  }
  return transport
}

async function endProgram(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve))
  const soon = () => Promise.race([ended, new Promise((resolve) => setTimeout(resolve, END_MS).unref())])
  child.stdin?.end()
  await soon()
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    if (signal === 'SIGTERM') await soon()
  }
}
