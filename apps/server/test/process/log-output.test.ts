import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { HANGING_FD, type LoggingProcess, startLogging } from './logging-process.ts'

/** Real processes on a shared machine may be slow; nothing here depends on how fast they are. */
const LIMIT_MS = 240_000
/** Twice as many are more than a pipe or socket holds; so many may wait. */
const SOME = 750
/** More than may wait. */
const TOO_MANY = 5000

interface Line {
  readonly number?: number | 'last'
  readonly lines?: number
}
const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)

describe('the log of a process', () => {
  let running: LoggingProcess | undefined
  afterEach(() => void running?.child.kill('SIGKILL'))

  it.each(['pipe', 'socket'] as const)(
    'waits for a reader that pauses, and the process does not: %s',
    async (kind) => {
      running = await startLogging(kind)
      await running.ask('log', SOME)
      await running.ask('turns', 500)
      await running.ask('log', SOME)
      expect(await running.ask('flush', 10)).toBe(false)
      const text = running.read()
      expect(await running.ask('flush', LIMIT_MS)).toBe(true)
      running.child.send(['exit', 0])
      const numbers = linesOf(await text).map((line) => line.number)
      expect(numbers).toEqual(Array.from({ length: 2 * SOME }, (_, index) => index))
    },
    LIMIT_MS,
  )

  it(
    'tells in one line how many lines found no room',
    async () => {
      running = await startLogging('socket')
      await running.ask('log', TOO_MANY)
      await running.ask('turns', 500)
      const lost = Number(await running.ask('lost'))
      expect(lost).toBeGreaterThan(0)
      expect(await running.ask('counted')).toBe(lost)
      const text = running.read()
      await running.ask('flush', LIMIT_MS)
      await running.ask('log', 1)
      await running.ask('flush', LIMIT_MS)
      running.child.send(['exit', 0])
      const lines = linesOf(await text)
      expect(lines.filter((line) => line.lines !== undefined)).toMatchObject([{ lines: lost }])
      expect(lines.at(-1)).toMatchObject({ number: TOO_MANY })
      expect(lines.length - 1 + lost).toBe(TOO_MANY + 1)
    },
    LIMIT_MS,
  )

  it.each(['json', 'pretty'])(
    'outlives its reader: %s',
    async (format) => {
      running = await startLogging('socket', format)
      await running.ask('log', 10)
      running.child.stdout!.destroy()
      await running.ask('log', TOO_MANY)
      await running.ask('turns', 500)
      expect(await running.ask('lost')).toBeGreaterThan(0)
      running.child.send(['exit', 5])
      expect(await running.ended).toEqual({ code: 5, signal: null })
    },
    LIMIT_MS,
  )

  it(
    'outlives a disk that is full',
    async () => {
      const full = openSync('/dev/full', 'w')
      running = await startLogging(full)
      closeSync(full)
      await running.ask('log', TOO_MANY)
      await running.ask('turns', 500)
      expect(await running.ask('lost')).toBeGreaterThan(0)
      await running.ask('last', 50)
      // Nothing is anywhere but in memory, so all of it.
      expect(await running.told()).toBe(
        `kav: ${TOO_MANY} lines of the log could not be written: nobody reads it, or its disk is full\n`,
      )
      running.child.send(['exit', 5])
      expect(await running.ended).toEqual({ code: 5, signal: null })
    },
    LIMIT_MS,
  )

  it.each([
    ['exit', 0, { code: 0, signal: null }],
    ['end', 3, { code: 3, signal: null }],
    ['throw', null, { code: 1, signal: null }],
  ] as const)(
    'has the last words of a process that ends by %s',
    async (how, value, ended) => {
      running = await startLogging('socket')
      const text = running.read()
      await running.ask('log', 3)
      running.child.send([how, value])
      expect(await running.ended).toEqual(ended)
      const numbers = linesOf(await text).map((line) => line.number)
      expect(numbers).toEqual(how === 'throw' ? [0, 1, 2, 'last'] : [0, 1, 2])
    },
    LIMIT_MS,
  )

  it(
    'does not keep a process that nobody reads from ending',
    async () => {
      running = await startLogging('socket')
      await running.ask('log', TOO_MANY)
      running.child.send(['end', 4])
      expect(await running.ended).toEqual({ code: 4, signal: null })
    },
    LIMIT_MS,
  )

  it(
    'does not keep a process from ending by a write that never comes back',
    async () => {
      running = await startLogging('socket', 'json', HANGING_FD)
      await running.ask('log', TOO_MANY)
      await running.ask('turns', 500)
      await running.ask('last', 50)
      expect(await running.told()).toContain('lines of the log could not be written')
      running.child.send(['end', 4])
      expect(await running.ended).toEqual({ code: null, signal: 'SIGTERM' })
    },
    LIMIT_MS,
  )

  it.each(['pipe', 'socket'] as const)(
    'leaves a linked package what it is: %s',
    async (kind) => {
      const dir = realpathSync(mkdtempSync(join(tmpdir(), 'kav-link-')))
      mkdirSync(join(dir, 'real'))
      mkdirSync(join(dir, 'node_modules'))
      writeFileSync(join(dir, 'real/index.js'), 'export const from = import.meta.url')
      writeFileSync(join(dir, 'real/package.json'), '{ "type": "module", "exports": "./index.js" }')
      symlinkSync('../real', join(dir, 'node_modules/linked'))
      writeFileSync(join(dir, 'first.mjs'), 'export const from = import.meta.url')
      writeFileSync(join(dir, 'plugin.mjs'), "export { from } from 'linked'")
      running = await startLogging(kind)
      // The second import of a folder is found in the cache of the paths that are known.
      await running.ask('import', pathToFileURL(join(dir, 'first.mjs')).href)
      const from = await running.ask('import', pathToFileURL(join(dir, 'plugin.mjs')).href)
      expect(from).toBe(pathToFileURL(join(dir, 'real/index.js')).href)
      rmSync(dir, { recursive: true })
    },
    LIMIT_MS,
  )

  it(
    'goes whole into a file',
    async () => {
      const dir = mkdtempSync(join(tmpdir(), 'kav-log-'))
      const file = openSync(join(dir, 'log'), 'w')
      running = await startLogging(file)
      closeSync(file)
      await running.ask('log', SOME)
      running.child.send(['end', 0])
      await running.ended
      expect(linesOf(readFileSync(join(dir, 'log'), 'utf8'))).toHaveLength(SOME)
      rmSync(dir, { recursive: true })
    },
    LIMIT_MS,
  )
})
