/** What gets to a pipe, and what a disk takes, after the work is done. */
const LIMIT_MS = 500
const LOOK_EVERY_MS = 20
/** Work of Node's thread pool: files and name look-ups. */
const POOL_WORK = /^(FSReq|GetAddrInfo|GetNameInfo)/

/**
 * Ends the process with this code, whatever a plugin has left open. `process.exit` waits for the thread pool, so a
 * disk that hangs would hold it for ever: then the process ends as by SIGTERM (143), which supervisors take for a
 * clean end, too.
 */
export async function endProcess(code: number): Promise<never> {
  process.exitCode = code
  // The outcome is known: what a plugin still does changes nothing of it.
  process.on('unhandledRejection', ignore).on('uncaughtException', ignore)
  const untilMs = performance.now() + LIMIT_MS
  await Promise.race([Promise.all([process.stdout, process.stderr].map(whenWritten)), after(LIMIT_MS)])
  while (isPoolBusy() && performance.now() < untilMs) await after(LOOK_EVERY_MS)
  if (isPoolBusy()) endBySignal()
  return process.exit(code)
}

function ignore(): void {}

function isPoolBusy(): boolean {
  return process.getActiveResourcesInfo().some((name) => POOL_WORK.test(name))
}

function endBySignal(): void {
  // The first process of a container is spared by signals that it does not handle.
  if (process.pid === 1) process.abort()
  process.removeAllListeners('SIGTERM')
  process.kill(process.pid, 'SIGTERM')
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
