import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const LAST_RESORT = new URL('../../dist/process/last-resort.js', import.meta.url).href

it.each([
  // Long enough for a thread to start in.
  ['stay', 1500],
  ['rmdirSync(process.cwd())', 60],
])(
  'ends a process whose code never comes back, also where its folder is gone: %s',
  async (first, afterMs) => {
    const code = `
      import { rmdirSync } from 'node:fs'
      import { endWithoutFail } from ${JSON.stringify(LAST_RESORT)}
      const stay = undefined
      ${first}
      endWithoutFail(${afterMs})
      for (;;);`
    const cwd = mkdtempSync(join(tmpdir(), 'kav-last-'))
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let told = ''
    child.stderr.on('data', (text: Buffer) => (told += text.toString()))
    const [, signal] = (await once(child, 'close', { signal: AbortSignal.timeout(20_000) }).finally(() =>
      child.kill('SIGKILL'),
    )) as [number | null, string | null]
    expect(signal).toBe('SIGKILL')
    if (afterMs > 1000) expect(told).toMatch(/^kav: ended by force \(SIGKILL\): something never came back/)
  },
  120_000,
)
