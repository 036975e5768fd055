import { spawn, spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
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

/** A request that ends in the middle of its body, once the receiver has begun to read it. */
async function cutOff(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nhost: here\r\nexpect: 100-continue\r\ncontent-length: 100\r\n\r\n{')
  await once(socket, 'data')
  socket.resetAndDestroy()
}

const hasPython = spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0
if (!hasPython) console.log('hooks, the check in Python: SKIPPED, there is no python3 here')

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

  it.skipIf(!hasPython)('has a check in Python that takes what Kav signs, and nothing else', () => {
    const body = JSON.stringify({ text: 'שלום', n: 1 })
    const now = Date.now()
    const cases = [
      [signatureOf(SECRET, now, body), true],
      [signatureOf('another-secret-of-hooks', now, body), false],
      [signatureOf(SECRET, now - 600_000, body), false],
      [signatureOf(SECRET, now + 600_000, body), false],
      [signatureOf(SECRET, now, `${body} `), false],
      ['', false],
      ['t=,v1=', false],
      ['nonsense', false],
      // What is no number although `isdigit` says so, or none that Python reads; letters beyond ASCII.
      ['t=²,v1=aa', false],
      [`t=${'9'.repeat(400)},v1=aa`, false],
      [`t=${'9'.repeat(5_000)},v1=aa`, false],
      [`t=${Math.floor(now / 1000)},v1=é`, false],
    ] as const
    const asked = JSON.stringify(cases.map(([header]) => [header, body, SECRET]))
    const script = `${block('receiver: python')}
import json, sys
print(json.dumps([is_from_kav(h, b.encode(), s) for h, b, s in json.load(sys.stdin)]))`
    const { stdout, stderr } = spawnSync('python3', ['-c', script], { input: asked, encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual(cases.map(([, isGood]) => isGood))
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
      await cutOff(Number(port))
      expect((await post(signatureOf(SECRET, Date.now(), body))).status).toBe(200)
    } finally {
      child.kill()
      rmSync(dir, { recursive: true, force: true })
    }
  })
})
