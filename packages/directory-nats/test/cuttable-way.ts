import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** The network between one node and the server, which can be cut. */
export interface CuttableWay {
  readonly url: string
  /** Connections stay, and nothing comes through any more: the machine is gone. */
  freeze(): void
  /** Connections break, and none comes about. */
  cut(): void
  mend(): void
  close(): Promise<void>
}

export async function openWay(to: string): Promise<CuttableWay> {
  const { hostname, port } = new URL(to)
  const sockets = new Set<Socket>()
  let state: 'open' | 'frozen' | 'cut' = 'open'

  const server = createServer((near) => {
    if (state === 'cut') return void near.destroy()
    const far = connect(Number(port), hostname)
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => void (state === 'open' && into.write(bytes)))
      from.on('error', () => into.destroy())
      from.on('close', () => {
        sockets.delete(from)
        into.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const breakAll = (): void => sockets.forEach((socket) => socket.destroy())

  return {
    url: `nats://127.0.0.1:${(server.address() as { port: number }).port}`,
    freeze: () => void (state = 'frozen'),
    cut() {
      state = 'cut'
      breakAll()
    },
    mend() {
      // What was swallowed meanwhile is lost to a connection: it cannot go on.
      if (state === 'frozen') breakAll()
      state = 'open'
    },
    async close() {
      breakAll()
      server.close()
      await once(server, 'close')
    },
  }
}
