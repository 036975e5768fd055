import { readdirSync, renameSync, rmSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { createTestLogger } from '@kav/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openS3Double } from '../../../../packages/recordings-s3/test/s3-double.ts'
import { type AdminPort, openAdminPort } from '../../src/admin/admin-port.ts'
import { createMetrics } from '../../src/metrics.ts'
import {
  callWithFiles,
  doubleAsYaml,
  type HistoryRig,
  NOW_MS,
  openHistoryRig,
  storedCallOf,
} from './history-rig.ts'

const TOKEN = 'sesame/open+now=123'
const AUTH = { authorization: `Bearer ${TOKEN}` }
const HOUR_MS = 3_600_000
const WAV = Uint8Array.from({ length: 1000 }, (_, n) => n % 251)

interface Answer {
  readonly status: number
  readonly body: {
    readonly calls?: readonly { readonly id: string }[]
    readonly next?: string
    readonly error?: { readonly code: string; readonly message: string; readonly fix: string }
  } & Record<string, unknown>
}

describe('the history over the admin API', () => {
  let rig: HistoryRig
  let admin: AdminPort
  beforeEach(async () => {
    rig = await openHistoryRig([
      { name: 'desk' },
      { name: 'night', db: 'night.db', records: 'night-records' },
    ])
    admin = await openAdminPort(
      { port: 0, host: '127.0.0.1' },
      {
        state: { status: undefined, warm: false, history: rig.history },
        log: createTestLogger(),
        metrics: createMetrics(),
        access: { token: TOKEN, names: [] },
        env: {},
      },
    )
    const recorded = callWithFiles(join(rig.dir, 'records'), storedCallOf('desk', 1, 3 * HOUR_MS), WAV)
    await rig
      .store('desk')
      .put([
        recorded,
        storedCallOf('desk', 2, 2 * HOUR_MS, { to: '+15550888' }),
        storedCallOf('desk', 3, HOUR_MS, { state: 'begun', recording: 's3://calls/CA3.wav' }),
      ])
    const night = callWithFiles(join(rig.dir, 'night-records'), storedCallOf('night', 7, HOUR_MS), WAV)
    await rig.store('night').put([night])
  })
  afterEach(async () => {
    await admin.close()
    await rig.remove()
  })

  const raw = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${admin.port}/api/history${path}`, {
      ...init,
      headers: { ...AUTH, ...(init.headers as Record<string, string> | undefined) },
    })
  async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const answer = await raw(path, init)
    return { status: answer.status, body: (await answer.json()) as Answer['body'] }
  }
  async function found(query: string): Promise<string | undefined> {
    return (await ask(query)).body.calls?.map(({ id }) => id).join(' ')
  }

  it('is for those who have the token', async () => {
    expect(await ask('', { headers: { authorization: 'Bearer another' } })).toMatchObject({ status: 401 })
  })

  it('is searched by everything that it names', async () => {
    const at = (hours: number): string => encodeURIComponent(new Date(NOW_MS - hours * HOUR_MS).toISOString())
    expect(await found('')).toBe('CA3 CA7 CA2 CA1')
    expect(await found(`?since=${at(2)}`)).toBe('CA3 CA7 CA2')
    // As with kav calls.
    expect(await found('?since=100y')).toBe(await found(''))
    expect(await found(`?until=${at(2)}`)).toBe('CA1')
    expect(await found('?from=%2B15550102')).toBe('CA2')
    expect(await found('?to=%2B15550888')).toBe('CA2')
    expect(await found('?text=TABLE3%20zoe')).toBe('CA3')
    expect(await found('?text=nobody')).toBe('')
    expect(await found('?outcome=agent')).toBe('CA2')
    expect(await found('?slow=502')).toBe('CA3 CA7 CA2')
    expect(await found('?from=%2B15550102&outcome=caller')).toBe('')
    expect(await found('?pipeline=desk')).toBe('CA3 CA2 CA1')
    expect(await found('?pipeline=night')).toBe('CA7')
    const { body } = await ask('?limit=1')
    expect(body.calls![0]).toMatchObject({ id: 'CA3', state: 'begun', startedAt: '2029-12-31T23:00:00.000Z' })
    expect(body.calls![0]).not.toHaveProperty('owner')
  })

  it('is read page by page', async () => {
    const first = await ask('?limit=2')
    expect(first.body.calls!.map(({ id }) => id)).toEqual(['CA3', 'CA7'])
    const second = await ask(`?limit=2&cursor=${first.body.next}`)
    expect(second.body.calls!.map(({ id }) => id)).toEqual(['CA2', 'CA1'])
    expect(second.body).not.toHaveProperty('next')
  })

  it('names the parameter that is wrong', async () => {
    for (const [query, place] of [
      ['?since=soon', 'query.since'],
      ['?until=later', 'query.until'],
      ['?limit=0', 'query.limit'],
      ['?limit=many', 'query.limit'],
      ['?slow=-1', 'query.slow'],
      ['?text=', 'query.text'],
      ['?cursor=here', 'query.cursor'],
      ['?form=1', 'query.form'],
    ] as const) {
      const { status, body } = await ask(query)
      expect([query, status, body.error?.code]).toEqual([query, 400, 'bad-request'])
      expect(body.error!.message).toContain(place)
      expect(body.error!.fix).not.toBe('')
    }
  })

  it('shows a call of whichever store has it', async () => {
    expect(await ask('/CA1')).toMatchObject({
      status: 200,
      body: {
        callId: 'CA1',
        from: '+15550101',
        state: 'ended',
        transcript: [{ who: 'caller', text: 'I would like the table1 for Zoë.' }],
      },
    })
    expect(await ask('/CA7')).toMatchObject({ status: 200, body: { callId: 'CA7', pipeline: 'night' } })
    expect(await ask('/CA9')).toMatchObject({ status: 404, body: { error: { code: 'unknown-call' } } })
  })

  it('plays a recording, whole and in parts', async () => {
    const whole = await raw('/CA1/recording')
    expect(whole.status).toBe(200)
    expect(whole.headers.get('content-type')).toBe('audio/wav')
    expect(whole.headers.get('accept-ranges')).toBe('bytes')
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(WAV)
    for (const [range, from, to] of [
      ['bytes=10-19', 10, 20],
      ['bytes=990-', 990, 1000],
      ['bytes=-5', 995, 1000],
      ['bytes=900-5000', 900, 1000],
    ] as const) {
      const part = await raw('/CA1/recording', { headers: { range } })
      expect([range, part.status]).toEqual([range, 206])
      expect(part.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/1000`)
      expect(new Uint8Array(await part.arrayBuffer())).toEqual(WAV.slice(from, to))
    }
    const beyond = await raw('/CA1/recording', { headers: { range: 'bytes=1000-' } })
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */1000'])
    expect((await raw('/CA7/recording')).status).toBe(200)
    expect(await ask('/CA2/recording')).toMatchObject({
      status: 404,
      body: { error: { code: 'unknown-call', message: 'the call has no recording' } },
    })
    // A path that a store holds is not read.
    expect(await ask('/CA3/recording')).toMatchObject({ status: 409, body: { error: { code: 'cannot-do' } } })
    expect(await ask('/CA9/recording')).toMatchObject({ status: 404 })
  })

  it('plays nothing through a link that somebody has put in its place, and no file without a sound', async () => {
    const file = (name: string): string => {
      const folder = join(rig.dir, name)
      return join(
        folder,
        readdirSync(folder).find((one) => one.endsWith('.wav'))!,
      )
    }
    const linked = file('records')
    renameSync(linked, join(rig.dir, 'elsewhere.wav'))
    symlinkSync(join(rig.dir, 'elsewhere.wav'), linked)
    truncateSync(file('night-records'))
    for (const id of ['CA1', 'CA7'])
      expect(await ask(`/${id}/recording`)).toMatchObject({
        status: 404,
        body: { error: { message: 'the recording is gone' } },
      })
  })

  it('plays a recording that was brought elsewhere, from there and while it is on its way', async () => {
    const double = await openS3Double()
    const brought = await openHistoryRig([{ name: 'desk', s3: doubleAsYaml(double) }])
    const port = await openAdminPort(
      { port: 0, host: '127.0.0.1' },
      {
        state: { status: undefined, warm: false, history: brought.history },
        log: createTestLogger(),
        metrics: createMetrics(),
        access: { token: TOKEN, names: [] },
        env: {},
      },
    )
    try {
      const dir = join(brought.dir, 'records')
      const call = callWithFiles(dir, storedCallOf('desk', 1, HOUR_MS), WAV)
      const name = call.recording!.slice(dir.length + 1)
      await brought.store('desk').put([{ ...call, recording: `s3://calls/${name}` }])
      const read = async (headers: Record<string, string> = {}) => {
        const url = `http://127.0.0.1:${port.port}/api/history/CA1/recording`
        const answer = await fetch(url, { headers: { ...AUTH, ...headers } })
        return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) }
      }
      expect(await read()).toEqual({ status: 200, bytes: WAV })
      rmSync(call.recording!)
      expect((await read()).status).toBe(503)
      double.objects.set(`calls/${name}`, Buffer.from(WAV))
      expect(await read()).toEqual({ status: 200, bytes: WAV })
      expect(await read({ range: 'bytes=10-19' })).toEqual({ status: 206, bytes: WAV.slice(10, 20) })
    } finally {
      await port.close()
      await brought.remove()
      await double.close()
    }
  })

  it('erases a call with its words and files, and no other', async () => {
    const erased = await ask('/CA1', { method: 'DELETE' })
    expect(erased.status).toBe(200)
    expect((erased.body['files'] as string[]).map((file) => file.slice(-4)).sort()).toEqual([
      '.txt',
      '.wav',
      'json',
    ])
    expect(readdirSync(join(rig.dir, 'records'))).not.toContainEqual(expect.stringContaining('CA1'))
    expect(await found('')).toBe('CA3 CA7 CA2')
    expect(await found('?text=table1')).toBe('')
    expect((await ask('/CA1')).status).toBe(404)
    expect((await ask('/CA1', { method: 'DELETE' })).status).toBe(404)
    expect((await ask('/CA7', { method: 'DELETE' })).status).toBe(200)
    expect(readdirSync(join(rig.dir, 'night-records'))).not.toContainEqual(expect.stringContaining('CA7'))
    expect(await found('?pipeline=night')).toBe('')
  })

  it('says so while a store does not answer', async () => {
    await rig.history.close()
    expect(await ask('')).toMatchObject({ status: 503, body: { error: { code: 'not-ready' } } })
    expect(await ask('/CA1')).toMatchObject({ status: 503, body: { error: { code: 'not-ready' } } })
  })
})
