import { Worker } from 'node:worker_threads'
import type { SqliteAnswer, SqliteQuestion } from './sqlite-messages.ts'

const WORKER_URL = new URL('../../dist/sqlite/sqlite-thread.js', import.meta.url)

/** A file, and the thread that has it: no query holds the thread that asks. */
export interface SqliteLink {
  /** One after the other. Rejects with `SqliteFault`. */
  ask(question: SqliteQuestion): Promise<{ readonly rows: readonly unknown[]; readonly changes: number }>
  close(): Promise<void>
}

/** What SQLite says, or why its thread is gone. */
export class SqliteFault extends Error {
  override readonly name = 'SqliteFault'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

interface Waiting {
  resolve(answer: { readonly rows: readonly unknown[]; readonly changes: number }): void
  reject(fault: SqliteFault): void
}

/** Starts its thread with the first question, and another one behind one that died. */
export function createSqliteLink(file: string): SqliteLink {
  const waiting: Waiting[] = []
  let thread: Worker | undefined
  let closed = false

  function start(): Worker {
    const started = new Worker(WORKER_URL, { workerData: { file }, name: 'kav-calls' })
    // Whoever waits for an answer keeps the process; the thread alone does not.
    started.unref()
    let why = 'its thread ended'
    started.on('message', (answer: SqliteAnswer) => {
      const next = waiting.shift()
      if (waiting.length === 0) started.unref()
      if ('code' in answer) next?.reject(new SqliteFault(answer.code, answer.message))
      else next?.resolve(answer)
    })
    started.on('error', (error) => (why = String(error)))
    started.on('exit', () => {
      if (thread === started) thread = undefined
      for (const one of waiting.splice(0)) one.reject(new SqliteFault('THREAD', why))
    })
    return started
  }

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        // A transaction that was broken off is still taken back.
        if (closed) return reject(new SqliteFault('THREAD', 'it was closed'))
        thread ??= start()
        // What cannot be sent waits for no answer.
        thread.postMessage(question)
        waiting.push({ resolve, reject })
        thread.ref()
      }),
    async close() {
      closed = true
      await thread?.terminate()
    },
  }
}
