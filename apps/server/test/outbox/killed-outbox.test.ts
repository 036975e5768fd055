import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { type Note, openTestOutbox } from './open-test-outbox.ts'

const FILLER = fileURLToPath(new URL('../fixtures/outbox-filler.mjs', import.meta.url))

describe('an outbox whose process is killed in the middle of writing', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kav-outbox-'))
  afterEach(() => rmSync(dir, { recursive: true, force: true }))
  const items = (): string[] =>
    readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))

  it('has whole items alone, and each goes to one of those that come after', async () => {
    const filler = spawn(process.execPath, [FILLER, dir], { stdio: 'inherit' })
    await expect.poll(() => items().length, { timeout: 120_000 }).toBeGreaterThan(40)
    filler.kill('SIGKILL')
    await once(filler, 'exit')
    const left = items().length
    const whole = ({ text = '' }: Note): Promise<void> =>
      text.length === 20_000 ? Promise.resolve() : Promise.reject(new Error('torn'))
    const next = [openTestOutbox(dir), openTestOutbox(dir)]
    for (const { target } of next) target.answer = whole
    const delivered = (): number[] => next.flatMap((one) => one.delivered)
    while (delivered().length < left) for (const { quiet } of next) await quiet()
    expect(new Set(delivered()).size).toBe(left)
    expect(delivered()).toHaveLength(left)
    expect(items()).toEqual([])
    for (const { outbox, quiet } of next) {
      const closed = outbox.close()
      await quiet()
      await closed
    }
  })
})
