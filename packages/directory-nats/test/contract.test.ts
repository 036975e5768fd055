import { jetstream } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { callDirectoryContract } from '@kav/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type NatsServer, startNatsServer, withNatsServer } from './nats-server.ts'
import { openNodes } from './test-fleet.ts'

describe.runIf(withNatsServer('contract'))('the directory on NATS', () => {
  let server: NatsServer
  beforeAll(async () => void (server = await startNatsServer()))
  afterAll(() => server.close())

  let fleets = 0
  const cases = callDirectoryContract({
    nodes: 2,
    // The end of a fleet that was closed already waits for nobody.
    async create() {
      const fleet = `contract-${++fleets}`
      const nodes = await openNodes(server.url, fleet, ['one', 'two'])
      return {
        nodes: nodes.map(({ directory }) => directory),
        async pass(ms) {
          for (const { fake } of nodes) await fake.advance(ms)
        },
        notices: () => noticesOf(server.url, fleet),
        close: async () => void (await Promise.all(nodes.map((node) => node.close()))),
      }
    },
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})

async function noticesOf(url: string, fleet: string): Promise<string[]> {
  const connection = await connect({ servers: url })
  try {
    const js = jetstream(connection)
    const stream = `kav_${fleet}_notices`
    const jsm = await js.jetstreamManager()
    const { state } = await jsm.streams.info(stream)
    const ids: string[] = []
    for (let seq = 1; seq <= state.last_seq; seq++) {
      ids.push((await jsm.streams.getMessage(stream, { seq }))!.json<{ id: string }>().id)
    }
    return ids
  } finally {
    await connection.close()
  }
}
