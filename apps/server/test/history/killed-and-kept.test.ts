import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readWav, type StoredCall } from '@kav/core'
import { testContext } from '@kav/core/testing'
import { type PhoneCall, placeCall } from '@kav/phone'
import { sqlStore } from '@kav/plugin-sql-store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  DOUBLE_KEYS,
  openS3Double,
  type S3Double,
} from '../../../../packages/recordings-s3/test/s3-double.ts'
import { serveProcess, type ServedProcess } from '../served-process.ts'

const DESK = fileURLToPath(new URL('../fixtures/uploading-desk.yaml', import.meta.url))
const LIMIT_MS = 240_000
const POLL = { timeout: 120_000 }

describe('a process that is killed', () => {
  let double: S3Double
  const servers: ServedProcess[] = []
  const phones: PhoneCall[] = []
  beforeEach(async () => (double = await openS3Double()))
  afterEach(async () => {
    for (const phone of phones.splice(0)) phone.hangUp()
    for (const server of servers.splice(0)) await server.remove()
    await double.close()
  })

  const env = () => ({
    KAV_DRAIN_MS: '100',
    S3_ENDPOINT: double.endpoint,
    S3_KEY_ID: DOUBLE_KEYS.id,
    S3_SECRET: DOUBLE_KEYS.secret,
  })
  async function start(dir?: string): Promise<ServedProcess> {
    const server = await serveProcess(DESK, env(), dir)
    servers.push(server)
    return server
  }
  async function call(server: ServedProcess, from: string): Promise<PhoneCall> {
    const phone = await placeCall({ webhookUrl: `http://127.0.0.1:${server.port}/twilio/voice`, from })
    phones.push(phone)
    return phone
  }
  const folder = ({ dir }: ServedProcess): string => join(dir, 'recordings')
  const files = (server: ServedProcess, ending: string): string[] =>
    readdirSync(folder(server))
      .filter((name) => name.endsWith(ending))
      .map((name) => join(folder(server), name))
  const messages = (server: ServedProcess, message: string): number =>
    server.lines.filter((line) => line['msg'] === message).length
  async function stored(server: ServedProcess): Promise<readonly StoredCall[]> {
    const params = { file: join(folder(server), 'calls.db'), max_connections: 1 }
    const store = sqlStore.create(params, testContext())
    const { calls } = await store.find({}, { limit: 9 })
    const all = await Promise.all(calls.map(({ id, startedAtMs }) => store.get(id, startedAtMs)))
    await store.close()
    return all.flatMap((one) => one ?? []).sort((one, other) => one.from!.localeCompare(other.from!))
  }

  it(
    'leaves a call that runs, one that has just begun and one whose recording is on its way whole or torn',
    async () => {
      const server = await start()
      double.fail(1000, 503, 'SlowDown')
      const over = await call(server, '+15550101')
      await server.line('🔊 greeting_end')
      over.hangUp()
      await expect.poll(() => double.requests.length, POLL).toBeGreaterThan(0)
      await call(server, '+15550102')
      // The last seconds of a call may still change, and are in no file yet.
      const long = () => files(server, '.wav').filter((file) => statSync(file).size > 1000)
      await expect.poll(() => long().length, POLL).toBe(2)
      await expect.poll(() => messages(server, '📞 CALL: started'), POLL).toBe(2)
      await call(server, '+15550103')
      await expect.poll(() => messages(server, '📞 CALL: started'), POLL).toBe(3)
      await expect.poll(() => files(server, '.journal').length, POLL).toBe(2)
      server.signal('SIGKILL')
      await server.exited
      // Of the one that had just begun there may be something: who kills it may be late.
      const heard = long().length

      double.fail(0, 200, '')
      const next = await start(server.dir)
      const states = async () => (await stored(next)).map(({ state, outcome }) => `${state} ${outcome}`)
      await expect.poll(states, POLL).toEqual(['ended caller', 'torn killed', 'torn killed'])
      await expect.poll(() => double.objects.size, POLL).toBe(heard)
      await expect.poll(() => files(next, '.wav'), POLL).toEqual([])
      for (const { id, from, recording } of await stored(next)) {
        const wav = recording && double.objects.get(recording.slice('s3://'.length))
        expect(wav === undefined).toBe(from === '+15550103' && heard === 2)
        if (wav instanceof Buffer) expect(readWav(wav).audio.length).toBe(wav.length - 44)
        const record = JSON.parse(
          readFileSync(
            files(next, '.json').find((file) => file.includes(id))!,
            'utf8',
          ),
        ) as Record<string, unknown>
        expect(record).toMatchObject({
          callId: id,
          from,
          ...(recording && { recording, uploadedTo: recording }),
        })
      }
      expect(files(next, '.journal')).toEqual([])
    },
    LIMIT_MS,
  )
})
