import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const built = (file: string): string => JSON.stringify(new URL(`../../dist/${file}`, import.meta.url).href)
const own = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const LIMIT_MS = 240_000

describe('the end of a service', () => {
  let dir: string
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-end-'))))
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  function run(args: readonly string[]) {
    const child = spawn(process.execPath, args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] })
    const said = { out: '', err: '' }
    child.stdout.on('data', (text: Buffer) => (said.out += text.toString()))
    child.stderr.on('data', (text: Buffer) => (said.err += text.toString()))
    const ended = (once(child, 'close') as Promise<[number | null, string | null]>).finally(() =>
      clearTimeout(limit),
    )
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
    return { child, said, ended }
  }

  it(
    'comes by itself and in order, whatever hangs: all that is to be closed, and a disk that has every thread',
    async () => {
      const pipe = JSON.stringify(join(dir, 'pipe'))
      const code = `
        import { execFileSync } from 'node:child_process'
        import { open } from 'node:fs/promises'
        import { endProcess } from ${built('process/end-process.js')}
        import { endWithoutFail } from ${built('process/last-resort.js')}
        import { createStopRequests } from ${built('process/stop-signals.js')}
        import { limitOf, shutDown, stepOfEnd } from ${built('service/shut-down.js')}
        const never = () => new Promise(() => undefined)
        function hang() {
          execFileSync('mkfifo', [${pipe}])
          for (let thread = 0; thread < 4; thread++) void open(${pipe}, 'w')
        }
        const tell = (fields, message) => console.log(message, fields.step ?? '')
        const log = { info: tell, warn: tell }
        // All that is kept for what comes behind the calls, and little more.
        endWithoutFail(1300)
        hang()
        await shutDown({
          server: { activeCalls: 0, drain() {}, idle: async () => {}, close: never },
          history: { hasten: () => console.log('history hastens'), close: never },
          http: { close: never },
          log, stop: createStopRequests(), why: 'SIGTERM', drainMs: 0,
        })
        await stepOfEnd('directory', log, never())
        await stepOfEnd('operator’s port', log, never())
        console.log('last words', limitOf('last words') > 0)
        await endProcess(0)`
      const { said, ended } = run(['--input-type=module', '-e', code])
      expect(await ended).toEqual([null, 'SIGTERM'])
      expect(
        said.out
          .trim()
          .split('\n')
          .map((line) => line.trim()),
      ).toEqual([
        'history hastens',
        'SERVER: draining, no new calls',
        'SERVER: not closed in its time calls',
        'SERVER: not closed in its time history',
        'SERVER: not closed in its time port',
        'SERVER: stopped',
        'SERVER: not closed in its time directory',
        'SERVER: not closed in its time operator’s port',
        'last words true',
      ])
      expect(said.err).toBe('')
    },
    LIMIT_MS,
  )

  it(
    'waits neither for the draining after a second request, nor for calls that do not end after a third',
    async () => {
      const code = `
        import { once } from 'node:events'
        import { endProcess } from ${built('process/end-process.js')}
        import { createStopRequests } from ${built('process/stop-signals.js')}
        import { shutDown } from ${built('service/shut-down.js')}
        const tell = (fields, message) => console.log(message)
        const stop = createStopRequests()
        const requestedAgain = (why) => setTimeout(() => stop.raise(why), 50)
        requestedAgain('a second time')
        await shutDown({
          server: {
            activeCalls: 1,
            drain() {},
            idle: () => new Promise(() => undefined),
            async close(hurry) {
              console.log('calls are ended')
              requestedAgain('a third time')
              await once(hurry, 'abort')
            },
          },
          http: { close: async () => {} },
          log: { info: tell, warn: tell }, stop, why: 'SIGTERM', drainMs: undefined,
        })
        await endProcess(0)`
      const { said, ended } = run(['--input-type=module', '-e', code])
      expect(await ended).toEqual([0, null])
      expect(said.out.trim().split('\n')).toEqual([
        'SERVER: draining, no new calls',
        'SERVER: hanging up on the calls that are left',
        'calls are ended',
        'SERVER: stopped',
      ])
    },
    LIMIT_MS,
  )

  it(
    'comes at once while it starts, whatever the start waits for',
    async () => {
      const desk = own('../fixtures/never-there-desk.yaml')
      const { child, said, ended } = run([own('../../bin/kav.js'), 'serve', '--port', '0', desk])
      await expect.poll(() => existsSync(join(dir, 'is-waiting')), { timeout: LIMIT_MS }).toBe(true)
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
      expect(said.out).toContain('"signal":"SIGTERM","msg":"SERVER: stopped before it was ready"')
    },
    LIMIT_MS,
  )

  it(
    'closes the stores also where the service cannot start: their threads are not ended in the middle of something',
    async () => {
      const desk = own('../fixtures/unmakable-desk.yaml')
      const { said, ended } = run([own('../../bin/kav.js'), 'serve', '--port', '0', desk])
      expect(await ended).toEqual([2, null])
      expect(said.err).toContain('no voice today')
      expect(existsSync(join(dir, 'store-is-closed'))).toBe(true)
    },
    LIMIT_MS,
  )
})
