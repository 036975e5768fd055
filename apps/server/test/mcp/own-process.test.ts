import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const PROGRAM = fileURLToPath(new URL('without-files.mjs', import.meta.url))

it.skipIf(process.platform === 'win32')(
  'a process that cannot be started is told to who asked, and ends nobody',
  () => {
    const command = 'ulimit -n 60 && exec "$0" "$1"'
    const said = execFileSync('sh', ['-c', command, process.execPath, PROGRAM], { encoding: 'utf8' })
    expect(said).toBe('rejected: EMFILE\n')
  },
)
