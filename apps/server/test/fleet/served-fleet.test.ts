import { fileURLToPath } from 'node:url'
import { type PhoneCall, placeCall } from '@kav/phone'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type NatsServer,
  startNatsServer,
  withNatsServer,
} from '../../../../packages/directory-nats/test/nats-server.ts'
import { serveProcess, type ServedProcess } from '../served-process.ts'

const PIPELINE = fileURLToPath(new URL('../fixtures/fleet-desk.yaml', import.meta.url))
const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'
/** Real processes on a shared machine may be slow; nothing here depends on how fast they are. */
const LIMIT_MS = 90_000

interface Listed {
  readonly id: string
  readonly node: string
  readonly state: string
}

describe.skipIf(!withNatsServer('processes of one fleet'))('processes of one fleet', () => {
  let nats: NatsServer
  const served: ServedProcess[] = []
  beforeAll(async () => void (nats = await startNatsServer()), LIMIT_MS)
  afterEach(async () => void (await Promise.all(served.splice(0).map((one) => one.remove()))))
  afterAll(() => nats.close())

  const serve = async (node: string, env: Record<string, string>): Promise<ServedProcess> => {
    const fleet = { KAV_DIRECTORY: nats.url, KAV_NODE: node, KAV_FLEET_MAX_CALLS: '3', ...env }
    const one = await serveProcess(PIPELINE, { FLEET_AUTH_TOKEN: AUTH_TOKEN, ...fleet })
    served.push(one)
    return one
  }
  const dial = ({ port }: ServedProcess): Promise<PhoneCall> =>
    placeCall({
      webhookUrl: `http://127.0.0.1:${port}/twilio/voice`,
      authToken: AUTH_TOKEN,
      publicUrl: 'https://voice.example.com',
    })
  const listed = async ({ adminUrl }: ServedProcess): Promise<readonly string[]> => {
    const { calls } = (await (await fetch(`${adminUrl}/calls`)).json()) as { calls: Listed[] }
    return calls.map(({ id, node, state }) => `${node} ${id} ${state}`).sort()
  }
  const wait = { timeout: LIMIT_MS }

  it(
    'know of each other’s calls, take no more than the fleet may, and go on when one of them dies',
    async () => {
      const workers = await serve('many', { KAV_WORKERS: '2' })
      const alone = await serve('alone', {})
      const [one, two, three] = [await dial(workers), await dial(workers), await dial(alone)]
      const all = [
        `alone ${three.callSid} running`,
        `many ${one.callSid} running`,
        `many ${two.callSid} running`,
      ].sort()
      for (const node of [workers, alone]) await expect.poll(() => listed(node), wait).toEqual(all)
      for (const node of [workers, alone]) await expect(dial(node)).rejects.toThrow()

      // Its calls are known dead, and there is room again.
      alone.signal('SIGKILL')
      await expect.poll(() => listed(workers), wait).toEqual(all.filter((call) => call.startsWith('many')))
      const next = await dial(workers)
      const ready = (await (await fetch(`${workers.adminUrl}/readyz`)).json()) as { fleet: object }
      expect(ready.fleet).toMatchObject({ kind: 'nats', node: 'many', connected: true })
      // Without the server the calls go on, and so does the process.
      await nats.kill()
      expect([one, two, next].filter(({ ended }) => ended)).toEqual([])
      for (const call of [one, two, next]) call.hangUp()
      const ends = await Promise.all([one, two, next].map(({ finished }) => finished))
      expect(ends.map(({ endedBy }) => endedBy)).toEqual(['caller', 'caller', 'caller'])
      workers.signal('SIGTERM')
      expect(await workers.exited).toBe(0)
    },
    LIMIT_MS,
  )
})
