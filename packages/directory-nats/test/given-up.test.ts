import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NatsServer, startNatsServer, withNatsServer } from './nats-server.ts'
import { beat, counted, openNode, openNodes } from './test-fleet.ts'

const resources = (kind: string): number =>
  process.getActiveResourcesInfo().filter((name) => name === kind).length

describe.runIf(withNatsServer('given up'))('a node that is closed while it opens', () => {
  let server: NatsServer
  beforeAll(async () => void (server = await startNatsServer()))
  afterAll(() => server.close())

  it('at any step leaves nothing that goes on, and nobody who takes it for lost', async () => {
    const [here] = await openNodes(server.url, 'given-up', ['here'])
    const [sockets, timers] = [resources('TCPSocketWrap'), resources('Timeout')]
    for (let step = 0; step < 150; step += 3) {
      const there = openNode({ servers: server.url, node: `there-${step}`, fleet: 'given-up' })
      for (let turn = 0; turn < step; turn++) await new Promise(setImmediate)
      await there.directory.close()
    }
    await beat([here!], 6)
    expect(counted(here!, 'directory_nodes_lost_total')).toBe(0)
    await expect.poll(() => resources('TCPSocketWrap'), { timeout: 5000 }).toBe(sockets)
    await expect.poll(() => resources('Timeout'), { timeout: 5000 }).toBeLessThanOrEqual(timers)
    await here!.close()
  })
})
