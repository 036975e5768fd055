import type { Worker } from 'node:worker_threads'
import { isLastResort, leftMs } from './last-resort.ts'

/** What gets to a pipe, and what a disk takes, after the work is done: once each, as far as there is time for it. */
const LIMIT_MS = 500
/** Of a command, whose exit code is its answer: on a busy machine a thread takes seconds to end, and nobody is served. */
const COMMAND_LIMIT_MS = 10_000
const LEAST_MS = 20
/** Before the process would be killed and say so, it has ended. */
const BEFORE_KILL_MS = 200
const LOOK_EVERY_MS = 20
/** Work of Node's thread pool: files and name look-ups. */
const POOL_WORK = /^(FSReq|FileHandleCloseReq|GetAddrInfo|GetNameInfo)/

// A service refuses it to everybody else (`refused-exit.ts`).
const exit = process.exit

/** Threads of this process, whoever started them, that have not ended. */
const threads = new Set<Worker>()

process.on('worker', (thread) => {
  // That one watches to the very end; with the thread of import hooks Node ends the process itself, by its exit code.
  if (isLastResort(thread) || thread.constructor.name === 'InternalWorker') return
  threads.add(thread)
  thread.once('exit', () => threads.delete(thread))
})

/**
 * Ends the process with this code, whatever a plugin has left open. `process.exit` waits for the thread pool and for
 * every worker thread, so a disk that hangs, or a thread that never comes back from a read, would hold it for ever: then
 * the process ends as by SIGTERM (143), which supervisors take for a clean end, too.
 */
export async function endProcess(code: number): Promise<never> {
  process.exitCode = code
  // The outcome is known: what a plugin still does changes nothing of it.
  process.on('unhandledRejection', ignore).on('uncaughtException', ignore)
  const limitMs = Math.min(LIMIT_MS, Math.max(LEAST_MS, (leftMs() - BEFORE_KILL_MS) / 2))
  const untilMs = performance.now() + (leftMs() === Infinity ? COMMAND_LIMIT_MS : 2 * limitMs)
  await Promise.race([Promise.all([process.stdout, process.stderr].map(whenWritten)), after(limitMs)])
  // Behind what was printed: a thread may have had its output on its way.
  for (const thread of threads) endThread(thread)
  const isHeld = (): boolean => isPoolBusy() || threads.size > 0
  while (isHeld() && performance.now() < untilMs) await after(LOOK_EVERY_MS)
  if (isHeld()) await endBySignal()
  return exit.call(process, code)
}

/** Unheard: a plugin would take it for a thread that died, tell of a fault that is none, and start another. */
function endThread(thread: Worker): void {
  thread.removeAllListeners('exit').removeAllListeners('error')
  thread.once('exit', () => threads.delete(thread)).on('error', ignore)
  void thread.terminate()
}

function ignore(): void {}

function isPoolBusy(): boolean {
  return process.getActiveResourcesInfo().some((name) => POOL_WORK.test(name))
}

async function endBySignal(): Promise<void> {
  // The first process of a container is spared by signals that it does not handle.
  if (process.pid === 1) process.abort()
  process.removeAllListeners('SIGTERM')
  process.kill(process.pid, 'SIGTERM')
  // Somebody's native code may have taken that one for itself.
  await after(LIMIT_MS)
  process.kill(process.pid, 'SIGKILL')
}

function whenWritten(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed) return resolve()
    stream.once('drain', resolve)
    stream.once('error', resolve)
  })
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
