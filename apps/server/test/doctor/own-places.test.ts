import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordDirFindings } from '../../src/doctor/own-files.ts'
import { portFindings } from '../../src/doctor/own-port.ts'

describe('record.dir', () => {
  let dir: string
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-doctor-'))))
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('can be written to, and nothing is left there', async () => {
    expect(await recordDirFindings(dir)).toMatchObject([{ level: 'ok' }])
    expect(readdirSync(dir)).toEqual([])
  })

  it('may not be there yet, and is not made', async () => {
    const [found] = await recordDirFindings(join(dir, 'a', 'b'))
    expect(found).toMatchObject({ level: 'ok', message: expect.stringContaining('will be made') })
    expect(readdirSync(dir)).toEqual([])
  })

  it.each(['calls', 'calls/below'])('is no file (%s)', async (path) => {
    writeFileSync(join(dir, 'calls'), '')
    expect(await recordDirFindings(join(dir, path))).toMatchObject([
      { level: 'error', message: expect.stringContaining('is no folder'), fix: expect.stringMatching(/\S/) },
    ])
  })

  it('is told when nothing can be written there', async () => {
    // Not even root writes to it.
    mkdirSync(join(dir, 'there'))
    expect(await recordDirFindings('/proc/1/fd')).toMatchObject([{ level: 'error' }])
  })
})

describe('the port', () => {
  const listen = async (answer: string) => {
    const server = createServer((_request, response) => response.end(answer))
    await new Promise<void>((resolve) => server.listen(0, resolve))
    return { server, port: (server.address() as AddressInfo).port }
  }

  it.each([
    ['{"ready":true}', 'ok', /^kav serve answers on port/],
    ['{"ready":false,"reason":"full"}', 'ok', /^kav serve answers on port/],
    ['{"ready":false}', 'warning', /something that is not kav serve/],
    ['{"status":"ok"}', 'warning', /something that is not kav serve/],
    ['hello', 'warning', /something that is not kav serve/],
  ] as const)('is had by what answers %s', async (answer, level, message) => {
    const { server, port } = await listen(answer)
    expect(await portFindings(port, undefined)).toMatchObject([
      { level, message: expect.stringMatching(message) },
    ])
    await new Promise((resolve) => server.close(resolve))
    expect(await portFindings(port, undefined)).toMatchObject([
      { level: 'ok', message: expect.stringContaining('is free') },
    ])
  })

  it('is had by one whose answer has no end, and is not read to it', async () => {
    let written = 0
    const piece = Buffer.alloc(65_536, ' ')
    const server = createServer((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(piece)) written += piece.length
        written += piece.length
      }
      response.on('drain', more)
      more()
    })
    await new Promise<void>((resolve) => server.listen(0, resolve))
    const { port } = server.address() as AddressInfo
    expect(await portFindings(port, undefined)).toMatchObject([
      { level: 'warning', message: expect.stringMatching(/something that is not kav serve/) },
    ])
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    expect(written).toBeLessThan(64 * 1_048_576)
  })

  it('of the operator that another kav serve has is a warning, and a strange address an error', async () => {
    const { server, port } = await listen('{"ready":true}')
    expect(await portFindings(0, { port, host: '127.0.0.1' })).toMatchObject([
      { level: 'ok' },
      {
        level: 'warning',
        message: expect.stringContaining('another kav serve'),
        fix: expect.stringContaining('ADMIN_PORT'),
      },
    ])
    await new Promise((resolve) => server.close(resolve))
    expect((await portFindings(0, { port: 0, host: '192.0.2.1' }))[1]).toMatchObject({
      level: 'error',
      fix: expect.stringContaining('ADMIN_HOST'),
    })
  })
})
