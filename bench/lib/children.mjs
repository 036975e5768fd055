// Child processes with a question-and-answer channel. None outlives its parent, and no question waits for ever.

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const READY_LIMIT_MS = 20_000
const ANSWER_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 3000
const running = new Set()

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))

/** Starts a file of this folder and waits for its first message, which becomes `ready`. */
export async function startChild(file, options = {}) {
  const child = fork(fileURLToPath(new URL(`../${file}`, import.meta.url)), options.args ?? [], {
    env: { ...process.env, ...options.env },
    execArgv: options.nodeFlags ?? [],
    // The log of a server goes nowhere, but it is written.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  running.add(child)
  const waiting = new Map()
  let nextId = 1
  let exited = false
  const gone = new Promise((resolve) => {
    child.once('exit', (code) => {
      exited = true
      running.delete(child)
      for (const { reject } of waiting.values()) reject(new Error(`${file} ended (exit code ${code})`))
      resolve()
    })
  })
  child.on('message', ({ id, value, error }) => {
    const question = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) question?.resolve(value)
    else question?.reject(new Error(`${file}: ${error}`))
  })

  function answer(id, what, limitMs) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${file}: no answer to ${what}`)), limitMs)
      const settle = (then) => (value) => {
        clearTimeout(timer)
        then(value)
      }
      if (exited) reject(new Error(`${file} has ended`))
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject) })
    })
  }

  const ready = await answer(0, 'its start', READY_LIMIT_MS)
  return {
    pid: child.pid,
    ready,
    ask(question, args = {}, limitMs = ANSWER_LIMIT_MS) {
      const id = nextId++
      const answered = answer(id, question, limitMs)
      child.send({ id, ask: question, args })
      return answered
    },
    /** Asks it to end, and makes it. */
    async stop() {
      if (!exited) child.send({ id: nextId++, ask: 'stop', args: {} })
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
      await gone
      clearTimeout(timer)
    },
  }
}
