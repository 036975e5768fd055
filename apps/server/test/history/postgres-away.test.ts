import { fileURLToPath } from 'node:url'
import { testContext } from '@kav/core/testing'
import { placeCall } from '@kav/phone'
import { sqlStore } from '@kav/plugin-sql-store'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findPostgres, startPostgres } from '../../../../scripts/postgres-server.mjs'
import { serveProcess, type ServedProcess } from '../served-process.ts'
import { eventually, type HistoryRig, openHistoryRig, storedCallOf } from './history-rig.ts'

const DESK = fileURLToPath(new URL('../fixtures/postgres-desk.yaml', import.meta.url))
const LIMIT_MS = 240_000

const bin = findPostgres()
if (bin === undefined) console.log('history: SKIPPED on PostgreSQL, there is none here')

describe.skipIf(bin === undefined)('a PostgreSQL that goes and comes back', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>
  let url: string
  beforeAll(async () => (server = await startPostgres(bin)), 60_000)
  afterAll(async () => server.close())
  beforeEach(async () => {
    await server.restart()
    url = server.database()
  })

  describe('while calls end', () => {
    let rig: HistoryRig
    beforeEach(async () => (rig = await openHistoryRig([{ name: 'desk', url }])))
    afterEach(() => rig.remove())

    const put = async (from: number, to: number): Promise<void> => {
      for (let n = from; n <= to; n++) {
        void rig.history.put('desk', storedCallOf('desk', n, 1000, { state: 'begun' }))
        void rig.history.put('desk', storedCallOf('desk', n, 1000))
      }
      await rig.time.advance(250)
    }
    const ids = async (): Promise<string> => {
      const { calls } = await rig.store('desk').find({ state: 'ended' }, { limit: 100 })
      return calls
        .map(({ id }) => id)
        .sort()
        .join(' ')
    }

    it('has each of them, and they were counted meanwhile', async () => {
      await put(1, 2)
      await eventually(() => rig.figure('kav_store_calls_written_total')).toBe(4)
      await server.stop()
      await put(3, 4)
      await eventually(() => rig.figure('kav_outbox_waiting{outbox="store"}')).toBe(4)
      expect(rig.history.states()).toEqual([
        {
          ...{ store: 'sql-store', pipelines: ['desk'], taking: false, waiting: 4 },
          why: expect.stringContaining('PostgreSQL cannot be reached') as string,
        },
      ])
      expect(await rig.figure('kav_stores_away')).toBe(1)
      await server.restart()
      await eventually(async () => {
        await rig.time.advance(1000)
        return await rig.figure('kav_outbox_waiting{outbox="store"}')
      }).toBe(0)
      expect(await ids()).toBe('CA1 CA2 CA3 CA4')
      expect(rig.history.states()).toMatchObject([{ taking: true, waiting: 0 }])
      expect(await rig.figure('kav_stores_away')).toBe(0)
      expect(await rig.figure('kav_store_calls_lost_total')).toBe(0)
      expect(rig.log.find('HISTORY: the store takes calls again')).toHaveLength(1)
    })
  })

  describe('while a server starts', () => {
    let served: ServedProcess | undefined
    afterEach(() => served?.remove())

    it(
      'costs no call, is said by the operator’s port, and has the call when it is back',
      async () => {
        await server.stop()
        served = await serveProcess(DESK, { KAV_DRAIN_MS: '100', DATABASE_URL: url })
        const phone = await placeCall({ webhookUrl: `http://127.0.0.1:${served.port}/twilio/voice` })
        await served.line('🔊 greeting_end')
        phone.hangUp()
        await served.line('📞 CALL: ended')
        await served.line('HISTORY: the store takes no calls, they wait in the outbox')
        const detail = async () =>
          (await (await fetch(`${served!.adminUrl}/readyz`)).json()) as Record<string, unknown>
        await expect
          .poll(detail, { timeout: 120_000 })
          .toMatchObject({ ready: true, stores: [{ taking: false, waiting: 2 }] })
        await server.restart()
        await expect
          .poll(detail, { timeout: 120_000 })
          .toMatchObject({ stores: [{ taking: true, waiting: 0 }] })
        const store = sqlStore.create({ file: '', url, max_connections: 1 }, testContext())
        expect((await store.find({}, { limit: 9 })).calls).toMatchObject([
          { state: 'ended', outcome: 'caller' },
        ])
        await store.close()
      },
      LIMIT_MS,
    )
  })
})
