import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const DIST = new URL('../../dist/process/', import.meta.url)
const END_PROCESS = new URL('end-process.js', DIST).href
const LAST_RESORT = new URL('last-resort.js', DIST).href

describe('the end of a process', () => {
  let dir: string
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'kav-end-'))
    execFileSync('mkfifo', [join(dir, 'pipe')])
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  /** Runs `code` with a thread that does `work`, and says how it ended. */
  async function ending(work: string, before = '', begun = ''): Promise<readonly unknown[]> {
    const code = `
      ${before}
      import { once } from 'node:events'
      import { Worker } from 'node:worker_threads'
      import { endProcess } from ${JSON.stringify(END_PROCESS)}
      const thread = new Worker(${JSON.stringify(`require('node:worker_threads').parentPort.postMessage(0); ${work}`)}, { eval: true, execArgv: [] })
      await once(thread, 'message')
      ${begun}
      await endProcess(3)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' })
    const late = AbortSignal.timeout(20_000)
    return await once(child, 'exit', { signal: late }).finally(() => child.kill('SIGKILL'))
  }

  it('has its code, whatever its threads are busy with', async () => {
    expect(await ending('for (;;);')).toEqual([3, null])
  })

  it('tells nobody of threads that it ends: a plugin would take them for dead, and start others', async () => {
    const heard = `thread.on('exit', () => process.kill(process.pid, 'SIGKILL'))`
    expect(await ending('setInterval(() => {}, 1000)', '', heard)).toEqual([3, null])
  })

  it('has its code with import hooks, whose thread ends the process by its own', async () => {
    const hooks = 'data:text/javascript,export const load = (url, context, next) => next(url, context)'
    const register = `(await import('node:module')).register(${JSON.stringify(hooks)})`
    expect(await ending('', register)).toEqual([3, null])
  })

  /** A thread that reads where nobody writes stays in the system's call, and no `terminate` ends it. */
  const reading = (): string => `require('node:fs').readFileSync(${JSON.stringify(join(dir, 'pipe'))})`

  /** Waits until the pipe can be opened for writing, which is once it is being read. */
  const writerIsThere = (): string => `
    const { openSync, closeSync, constants: { O_WRONLY, O_NONBLOCK } } = await import('node:fs')
    let writer = 0
    for (; writer === 0; await new Promise((resolve) => setTimeout(resolve, 100)))
      try { writer = openSync(${JSON.stringify(join(dir, 'pipe'))}, O_WRONLY | O_NONBLOCK) } catch {}`

  it('comes also where a thread of a service that was told to stop never comes back from a read', async () => {
    const stopping = `import { endWithoutFail } from ${JSON.stringify(LAST_RESORT)}`
    const begun = `${writerIsThere()}; endWithoutFail(5_000)`
    expect(await ending(reading(), stopping, begun)).toEqual([null, 'SIGTERM'])
  })

  it('waits longer for the threads of a command, whose code is its answer', async () => {
    // Longer than a service would; as a thread takes to end on a machine that is busy.
    const begun = `${writerIsThere()}; setTimeout(() => closeSync(writer), 2_000)`
    expect(await ending(reading(), '', begun)).toEqual([3, null])
  })
}, 30_000)
