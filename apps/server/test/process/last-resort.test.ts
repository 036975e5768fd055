import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const LAST_RESORT = new URL('../../dist/process/last-resort.js', import.meta.url).href

it.each(['stay', 'rmdirSync(process.cwd())'])(
  'ends a process whose code never comes back, also where its folder is gone: %s',
  async (first) => {
    const code = `
      import { rmdirSync } from 'node:fs'
      import { endWithoutFail } from ${JSON.stringify(LAST_RESORT)}
      const stay = undefined
      ${first}
      endWithoutFail(50)
      for (;;);`
    const cwd = mkdtempSync(join(tmpdir(), 'kav-last-'))
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd, stdio: 'ignore' })
    const [, signal] = (await once(child, 'exit', { signal: AbortSignal.timeout(20_000) }).finally(() =>
      child.kill('SIGKILL'),
    )) as [number | null, string | null]
    expect(signal).toBe('SIGKILL')
  },
  30_000,
)
