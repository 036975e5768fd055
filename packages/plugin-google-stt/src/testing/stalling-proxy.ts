import { connect, createServer, type Socket } from 'node:net'

/** A TCP hop whose wire can be cut silently: what a half-open connection looks like from the client's side. */
export interface StallingProxy {
  readonly port: number
  readonly endpoint: string
  /** From now on no byte passes, in either direction; sockets stay open. New connections work. */
  stall(): void
  /** Breaks every connection (RST). */
  cut(): void
  close(): Promise<void>
}

export async function openStallingProxy(targetPort: number): Promise<StallingProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1')
    const pair = [client, target] as const
    pairs.add(pair)
    client.pipe(target)
    target.pipe(client)
    for (const socket of pair) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        client.destroy()
        target.destroy()
        pairs.delete(pair)
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = (server.address() as { port: number }).port
  return {
    port,
    endpoint: `http://127.0.0.1:${port}`,
    stall() {
      for (const [client, target] of pairs) {
        client.unpipe()
        target.unpipe()
        client.pause()
        target.pause()
      }
    },
    cut() {
      for (const [client] of pairs) client.resetAndDestroy()
    },
    close() {
      for (const [client, target] of pairs) {
        client.destroy()
        target.destroy()
      }
      return new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
      })
    },
  }
}
