import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readHookAnswer } from '../../src/hooks/hook-answer.ts'
import { signatureOf } from '../../src/hooks/signature.ts'

const DOC = readFileSync(new URL('../../../../docs/hooks.md', import.meta.url), 'utf8')
const SECRET = 'a-secret-of-the-hooks'

/** The block of code behind a mark. */
function block(mark: string): string {
  const [, text] = new RegExp(`<!-- ${mark} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(DOC) ?? []
  return text!
}

describe('the manual of hooks', () => {
  it.each(['body: before_call', 'body: after_call', 'body: events'])('has %s as JSON', (mark) => {
    expect(JSON.parse(block(mark))).toHaveProperty('type')
  })

  it.each(['answer: values', 'answer: refuse'])('has an %s that can be used', (mark) => {
    const names = ['first_name', 'plan']
    expect(readHookAnswer(block(mark), { names, pipelines: ['front-desk'] }).faults).toEqual([])
  })

  it('signs as it says', () => {
    const wanted = createHmac('sha256', SECRET).update('1796000000.{"n":"ש"}').digest('hex')
    expect(signatureOf(SECRET, 1_796_000_000_900, '{"n":"ש"}')).toBe(`t=1796000000,v1=${wanted}`)
  })

  it('has a receiver that takes what Kav signs, and nothing else', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'kav-receiver-'))
    const file = join(dir, 'receiver.mjs')
    writeFileSync(file, block('receiver: js'))
    const child = spawn(process.execPath, [file], {
      env: { ...process.env, KAV_HOOK_SECRET: SECRET, PORT: '0' },
    })
    try {
      const port = await new Promise<string>((resolve) =>
        child.stdout.once('data', (text: Buffer) => resolve(String(text).replace(/\D/g, ''))),
      )
      const body = block('body: before_call')
      const post = (signature: string): Promise<Response> =>
        fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, headers: { 'kav-signature': signature } })
      const answer = await post(signatureOf(SECRET, Date.now(), body))
      expect(await answer.json()).toEqual({ values: { first_name: 'Ada' } })
      expect((await post(signatureOf('another-secret-of-hooks', Date.now(), body))).status).toBe(403)
      expect((await post(signatureOf(SECRET, Date.now() - 600_000, body))).status).toBe(403)
      expect((await post('')).status).toBe(403)
    } finally {
      child.kill()
      rmSync(dir, { recursive: true, force: true })
    }
  })
})
