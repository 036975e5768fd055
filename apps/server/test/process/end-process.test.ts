import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const END_PROCESS = new URL('../../dist/process/end-process.js', import.meta.url).href

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

  it('has its code with import hooks, whose thread ends the process by its own', async () => {
    const hooks = 'data:text/javascript,export const load = (url, context, next) => next(url, context)'
    const register = `(await import('node:module')).register(${JSON.stringify(hooks)})`
    expect(await ending('', register)).toEqual([3, null])
  })

  it('comes also where a thread never comes back from a read', async () => {
    const pipe = JSON.stringify(join(dir, 'pipe'))
    // Nobody writes into it: the thread stays in the system's call. It can be opened for writing once it is being read.
    const begun = `
      const { openSync, constants: { O_WRONLY, O_NONBLOCK } } = await import('node:fs')
      for (let isRead = false; !isRead; await new Promise((resolve) => setTimeout(resolve, 100)))
        try { isRead = openSync(${pipe}, O_WRONLY | O_NONBLOCK) > 0 } catch {}`
    expect(await ending(`require('node:fs').readFileSync(${pipe})`, '', begun)).toEqual([null, 'SIGTERM'])
  })
}, 30_000)
