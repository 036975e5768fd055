import { type ChildProcess, spawn } from 'node:child_process'
import { expect, it } from 'vitest'
import { endOf } from '../../src/process/child-end.ts'

const run = (code: string): ChildProcess => spawn(process.execPath, ['-e', code], { stdio: 'ignore' })

it.each([
  ['by itself', () => run('process.exit(3)'), { code: 3, signal: null }],
  ['by a signal', () => run('process.kill(process.pid, "SIGKILL")'), { code: null, signal: 'SIGKILL' }],
  ['before it began', () => spawn('/nowhere/at/all'), { code: null, signal: null }],
])('tells of a process that ends %s', async (_how, start, end) => {
  expect(await endOf(start())).toEqual(end)
})
