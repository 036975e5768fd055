import { once } from 'node:events'
import { afterEach, expect, it, vi } from 'vitest'
import { keepStdout, stdoutStream } from '../../src/process/kept-stdout.ts'

const written = { stdout: '', stderr: '' }

function watch(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    written[name] = ''
    vi.spyOn(process[name], 'write').mockImplementation((text, done) => {
      written[name] += String(text)
      setImmediate(() => (done as undefined | (() => void))?.())
      return true
    })
  }
}

afterEach(() => vi.restoreAllMocks())

it('keeps standard output for Kav: what anybody else writes there goes to standard error', () => {
  watch()
  const write = keepStdout()
  process.stdout.write('forged\n')
  write('{}\n')
  // Once more, as a command that runs within another does.
  keepStdout()('[]\n')
  expect(written).toEqual({ stdout: '{}\n[]\n', stderr: 'forged\n' })
})

it('has two hundred wait for its stream without a warning', async () => {
  watch()
  const warnings: string[] = []
  const note = ({ name }: Error): void => void warnings.push(name)
  process.on('warning', note)
  const stream = stdoutStream(keepStdout())
  const drained = Array.from({ length: 200 }, () => once(stream, 'drain'))
  stream.write('x'.repeat(100_000))
  await Promise.all(drained)
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', note)
  expect(warnings).toEqual([])
  expect(written.stdout).toHaveLength(100_000)
})
