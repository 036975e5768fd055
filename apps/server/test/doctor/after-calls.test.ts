import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestLogger, createTestMetrics } from '@kav/core/testing'
import type { LoadedStage, PipelineConfig } from '@kav/core/host'
import { sqlStore } from '@kav/plugin-sql-store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  DOUBLE_KEYS,
  DOUBLE_REGION,
  openS3Double,
  type S3Double,
} from '../../../../packages/recordings-s3/test/s3-double.ts'
import { storeFindings } from '../../src/doctor/call-store.ts'
import { hookFindings } from '../../src/doctor/hook-places.ts'
import { uploadFindings } from '../../src/doctor/recording-place.ts'
import { systemClock } from '../../src/system-clock.ts'

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-doctor-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('the bucket', () => {
  let bucket: S3Double
  beforeEach(async () => (bucket = await openS3Double()))
  afterEach(() => bucket.close())

  const ask = () => {
    const keys = { access_key_id: DOUBLE_KEYS.id, secret_access_key: DOUBLE_KEYS.secret }
    const s3 = { bucket: 'kav', region: DOUBLE_REGION, endpoint: bucket.endpoint, prefix: 'calls/', ...keys }
    return uploadFindings({ audio: true, upload: { s3 } } as unknown as PipelineConfig['record'])
  }

  it('takes a probe and gives it up again', async () => {
    expect(await ask()).toMatchObject([{ level: 'ok' }])
    expect(bucket.objects.size).toBe(0)
    const asked = bucket.requests.map((one) => one.replace(/kav-doctor-[0-9a-f]{12}/, 'probe'))
    expect(asked[0]).toContain('PUT kav/calls/probe')
    expect(asked).toContainEqual(expect.stringContaining('DELETE kav/calls/probe'))
  })

  it('that refuses is an error', async () => {
    bucket.fail(9, 403, 'AccessDenied')
    expect(await ask()).toMatchObject([{ level: 'error', fix: expect.stringContaining('key') }])
  })

  it('that takes and does not delete is a warning, which names what was left', async () => {
    bucket.onRequest = () => {
      if (bucket.requests.at(-1)!.startsWith('DELETE')) bucket.fail(9, 403, 'AccessDenied')
    }
    const [found] = await ask()
    expect(found).toMatchObject({
      level: 'warning',
      fix: expect.stringContaining('s3://kav/calls/kav-doctor-'),
    })
  })
})

describe('a hook', () => {
  it('is reached and sent nothing, or is an error', async () => {
    let heard = 0
    const server = createServer((socket) => socket.on('data', ({ length }) => (heard += length)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const hooks = (at: string) =>
      ({ after_call: { url: `${at}:${port}/calls` } }) as unknown as PipelineConfig['hooks']
    expect(await hookFindings(hooks('http://127.0.0.1'))).toMatchObject([{ level: 'ok' }])
    expect(heard).toBe(0)
    await new Promise((resolve) => server.close(resolve))
    expect(await hookFindings(hooks('http://127.0.0.1'))).toMatchObject([
      {
        level: 'error',
        message: expect.stringMatching(/^after_call: .*ECONNREFUSED/),
        fix: expect.stringContaining('hooks.after_call.url'),
      },
    ])
    expect(await hookFindings({})).toEqual([])
  })
})

describe('the store', () => {
  const ask = (file: string) => {
    const stage = {
      kind: 'store',
      path: ['store'],
      package: '@kav/plugin-sql-store',
      plugin: sqlStore,
      params: { file, max_connections: 2 },
    } as unknown as LoadedStage<'store'>
    return storeFindings(stage, {
      ...{ log: createTestLogger(), metrics: createTestMetrics(), clock: systemClock, baseDir: dir },
    })
  }

  it('keeps a call and forgets it, or is an error', async () => {
    expect(await ask(join(dir, 'calls.db'))).toMatchObject([{ level: 'ok' }])
    expect(existsSync(join(dir, 'calls.db'))).toBe(true)
    writeFileSync(join(dir, 'broken.db'), 'no database '.repeat(1000))
    expect(await ask(join(dir, 'broken.db'))).toMatchObject([{ level: 'error' }])
  })
})
