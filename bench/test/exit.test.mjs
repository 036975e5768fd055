import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const EXIT = fileURLToPath(new URL('../lib/exit.mjs', import.meta.url))
const CHARS = 1_000_000

it('ends with its code once a reader that is slow has all that was printed', async () => {
  const script = `
    import { exitWhenWritten } from ${JSON.stringify(EXIT)}
    setInterval(() => {}, 1000)
    console.log('x'.repeat(${CHARS}))
    await exitWhenWritten(3)
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let chars = 0
  for await (const piece of child.stdout) chars += piece.length
  const code = child.exitCode ?? (await new Promise((resolve) => child.on('close', resolve)))
  expect({ chars, code }).toEqual({ chars: CHARS + 1, code: 3 })
})
