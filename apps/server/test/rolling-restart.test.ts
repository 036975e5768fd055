import { fileURLToPath } from 'node:url'
import { type PhoneCall, placeCall } from '@kav/phone'
import { afterEach, describe, expect, it } from 'vitest'
import { type Balancer, freePort, hasNginx, openNginx } from './balancer.ts'
import { hasCaddy, openCaddy } from './caddy-balancer.ts'
import { serveProcess, type ServedProcess } from './served-process.ts'

const PIPELINE = fileURLToPath(new URL('fixtures/fleet-desk.yaml', import.meta.url))
const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'
const LIMIT_MS = 240_000

describe.each([
  ['nginx', 'deploy/nginx', hasNginx, openNginx],
  ['Caddy', 'deploy/caddy', hasCaddy, openCaddy],
] as const)('processes behind %s, by the file of %s', (_, _dir, isThere, openBalancer) => {
  const processes: ServedProcess[] = []
  let balancer: Balancer | undefined
  afterEach(async () => {
    await balancer?.close()
    await Promise.all(processes.splice(0).map((one) => one.remove()))
  })

  const start = async (port: number): Promise<ServedProcess> => {
    const one = await serveProcess(PIPELINE, { FLEET_AUTH_TOKEN: AUTH_TOKEN, PORT: String(port) })
    processes.push(one)
    return one
  }
  const dial = (): Promise<PhoneCall> =>
    placeCall({
      webhookUrl: `${balancer!.origin}/twilio/voice`,
      authToken: AUTH_TOKEN,
      publicUrl: 'https://voice.example.com',
    })
  const dialMany = (count: number) => Promise.all(Array.from({ length: count }, dial))
  /** None was cut off before. */
  const hangUp = async (calls: readonly PhoneCall[]): Promise<void> => {
    for (const call of calls) call.hangUp()
    const ends = await Promise.all(calls.map(({ finished }) => finished))
    expect(ends.map(({ endedBy }) => endedBy)).toEqual(calls.map(() => 'caller'))
  }

  it.skipIf(!isThere)(
    'take every call while each of them is replaced, and lose none',
    async () => {
      const [first, second] = [await freePort(), await freePort()] as [number, number]
      const old = [await start(first), await start(second)] as const
      balancer = await openBalancer([first, second])

      const calls = await dialMany(4)
      for (const [index, port] of [first, second].entries()) {
        old[index]!.signal('SIGTERM')
        await old[index]!.line('SERVER: draining, no new calls')
        const later = await dialMany(4)
        expect([...calls, ...later].flatMap(({ endedBy }) => endedBy ?? [])).toEqual([])
        await hangUp(calls.splice(0, calls.length, ...later))
        // Streams of calls that its neighbour promised may have come here: they are taken, and waited for.
        await hangUp(calls.splice(0))
        expect(await old[index]!.exited).toBe(0)
        // It is gone, and its neighbour has them all.
        calls.push(...(await dialMany(4)))
        await start(port)
        calls.push(...(await dialMany(2)))
      }
      await hangUp(calls)
    },
    LIMIT_MS,
  )
})
