import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { createTestLogger } from '@kav/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createStaticSite } from '../../src/admin/static-site.ts'
import { createHttpHost, type HttpHost } from '../../src/http-host.ts'
import { openIn, tellsOpenFiles } from '../open-in.ts'

/** More than the sockets between two ends hold. */
const LARGE_BYTES = 16 * 1024 * 1024

describe('a page served from its files', () => {
  let folder: string
  let host: HttpHost
  let base: string
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kav-site-'))
    mkdirSync(join(folder, 'site', 'assets'), { recursive: true })
    writeFileSync(join(folder, 'secret.txt'), 'secret')
    writeFileSync(join(folder, 'site', 'index.html'), '<p>page</p>')
    writeFileSync(join(folder, 'site', 'assets', 'a-1f2e.js'), 'run()')
    writeFileSync(join(folder, 'site', 'assets', 'large-5c3d.js'), Buffer.alloc(LARGE_BYTES, ' '))
    host = createHttpHost(createTestLogger())
    host.mount(createStaticSite({ prefix: '/console/', folder: join(folder, 'site'), hashed: 'assets/' }))
    base = `http://127.0.0.1:${await host.listen(0, '127.0.0.1')}`
  })
  afterEach(async () => {
    await host.close()
    rmSync(folder, { recursive: true })
  })

  it('has its own paths, its files kept as long as their names say, and nothing beside its folder', async () => {
    const ask = async (path: string, init?: RequestInit) => {
      const answer = await fetch(base + path, init)
      return { status: answer.status, headers: answer.headers, text: await answer.text() }
    }
    const page = await ask('/console')
    expect(page).toMatchObject({ status: 200, text: '<p>page</p>' })
    const policy = page.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect(await ask('/console/calls/CA1')).toMatchObject({ status: 200, text: '<p>page</p>' })
    const script = await ask('/console/assets/a-1f2e.js')
    expect([script.text, script.headers.get('content-type'), script.headers.get('cache-control')]).toEqual([
      'run()',
      'text/javascript',
      'public, max-age=31536000, immutable',
    ])
    expect((await ask('/console/..%2Fsecret.txt')).text).not.toContain('secret')
    expect(await ask('/console/', { method: 'POST' })).toMatchObject({ status: 405 })
    expect(await ask('/other')).toMatchObject({ status: 404 })
  })

  it('cuts the answer off where its file was taken away since, and goes on with others', async () => {
    rmSync(join(folder, 'site', 'assets', 'a-1f2e.js'))
    await expect(fetch(`${base}/console/assets/a-1f2e.js`).then((answer) => answer.text())).rejects.toThrow()
    expect(await (await fetch(`${base}/console/`)).text()).toBe('<p>page</p>')
  })

  it.skipIf(!tellsOpenFiles)(
    'keeps no file open for who leaves at any step, nor one taken away',
    async () => {
      const { port } = new URL(base)
      for (let step = 0; step < 40; step++) {
        const socket = connect(Number(port), '127.0.0.1')
        socket.write('GET /console/assets/large-5c3d.js HTTP/1.1\r\nhost: localhost\r\n\r\n')
        for (let turn = 0; turn < step; turn++) await new Promise(setImmediate)
        if (step === 30) rmSync(join(folder, 'site', 'assets', 'large-5c3d.js'))
        socket.destroy()
      }
      await expect.poll(() => openIn(folder)).toEqual([])
    },
  )

  it('sends what was packed beside the file to whoever takes it', async () => {
    const script = join(folder, 'site', 'assets', 'b-77aa.js')
    writeFileSync(script, 'run()')
    writeFileSync(`${script}.gz`, gzipSync('run()'))
    writeFileSync(`${script}.br`, brotliCompressSync('run()'))
    const other = createHttpHost(createTestLogger())
    other.mount(createStaticSite({ prefix: '/console/', folder: join(folder, 'site'), hashed: 'assets/' }))
    const port = await other.listen(0, '127.0.0.1')
    const packing = async (taken: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}/console/assets/b-77aa.js`, {
        headers: { 'accept-encoding': taken },
      })
      expect(await answer.text()).toBe('run()')
      return answer.headers.get('content-encoding')
    }
    try {
      expect(await packing('gzip, br')).toBe('br')
      expect(await packing('gzip')).toBe('gzip')
      expect(await packing('identity')).toBeNull()
    } finally {
      await other.close()
    }
  })
})
