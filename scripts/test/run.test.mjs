import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { runInTurn } from '../run.mjs'

let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kav-run-'))
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockReturnValue(true)
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})
const script = (name, text) => {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, text)
  return [name, file]
}
const printed = () => process.stdout.write.mock.calls.map(([text]) => text).join('')

it('runs each, whatever failed before it, and gives those that did', async () => {
  const failed = await runInTurn([
    script('one', 'console.log("said by one"); process.exit(3)'),
    script('two', 'process.kill(process.pid, "SIGKILL")'),
    script('three', 'console.error("said by three")'),
  ])
  expect(failed).toEqual(['one', 'two'])
  for (const text of ['▸ one\nsaid by one', '▸ two', '▸ three\nsaid by three'])
    expect(printed()).toContain(text)
})

it('shares a list with another lane', async () => {
  const waiting = ['a', 'b', 'c'].map((name) => script(name, ''))
  expect(await Promise.all([runInTurn(waiting), runInTurn(waiting)])).toEqual([[], []])
  for (const name of ['a', 'b', 'c']) expect(printed().split(`▸ ${name}\n`)).toHaveLength(2)
})

it('waits for nobody that a script has left running with its output', async () => {
  const left = `import { spawn } from 'node:child_process'
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit', detached: true })
child.unref()
console.log('left ' + child.pid)
process.exit(1)`
  expect(await runInTurn([script('left', left)])).toEqual(['left'])
  const [, pid] = /left (\d+)/.exec(printed())
  process.kill(Number(pid), 'SIGKILL')
})
