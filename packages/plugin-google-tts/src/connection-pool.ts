import type { Clock, Metrics } from '@kav/core'
import type { TextToSpeechClient } from '@google-cloud/text-to-speech'
import type { GrpcStub } from '@kav/google-cloud'

/** An unused connection is kept this long for the next burst. */
const IDLE_MS = 30_000

/** The right to one request or stream on one connection; given back once, by either end. */
export interface Lease {
  /** The client with its credentials checked; rejects with what the auth library said. */
  readonly client: Promise<TextToSpeechClient>
  release(): void
  /** Gives it back and takes the connection out of use: it did not answer. */
  abandon(): void
}

/** Requests over as few HTTP/2 connections as the limit allows: a server queues what is over its own silently. */
export interface ConnectionPool {
  lease(): Lease
  /** Brings a connection up ahead of the first request. Never rejects. */
  warm(timeoutMs: number): Promise<void>
  close(): void
}

interface Connection {
  readonly client: Promise<TextToSpeechClient>
  readonly stub: Promise<GrpcStub>
  streams: number
  stopIdle: () => void
}

export function createConnectionPool(options: {
  makeClient(): Promise<TextToSpeechClient>
  maxStreams: number
  clock: Clock
  metrics: Metrics
}): ConnectionPool {
  const { clock, metrics } = options
  const connections = new Set<Connection>()

  function drop(connection: Connection): void {
    if (!connections.delete(connection)) return
    connection.stopIdle()
    metrics.gauge('google_tts_connections', connections.size)
    if (connection.streams === 0) close(connection)
  }

  function close(connection: Connection): void {
    connection.client.then((client) => client.close()).catch(() => undefined)
  }

  function add(): Connection {
    const made = options.makeClient()
    // Initialising before the first request is what makes bad credentials a rejection here instead of an unhandled one.
    const stub = made.then((client) => client.initialize() as Promise<unknown> as Promise<GrpcStub>)
    const client = Promise.all([made, stub]).then(([ready]) => ready)
    const connection: Connection = { client, stub, streams: 0, stopIdle: () => undefined }
    connections.add(connection)
    metrics.gauge('google_tts_connections', connections.size)
    // The SDK remembers a failed initialisation for ever; a fresh connection tries again.
    client.catch(() => {
      drop(connection)
    })
    return connection
  }

  function choose(): Connection {
    let best: Connection | undefined
    for (const connection of connections) {
      if (connection.streams >= options.maxStreams) continue
      if (best === undefined || connection.streams > best.streams) best = connection
    }
    return best ?? add()
  }

  return {
    lease() {
      const connection = choose()
      connection.stopIdle()
      connection.streams += 1
      let held = true
      const giveBack = (): boolean => {
        if (!held) return false
        held = false
        connection.streams -= 1
        return true
      }
      return {
        client: connection.client,
        release() {
          if (!giveBack() || connection.streams > 0) return
          if (!connections.has(connection)) close(connection)
          else if (connections.size > 1) {
            connection.stopIdle = clock.after(IDLE_MS, () => {
              if (connections.size > 1) drop(connection)
            })
          }
        },
        abandon() {
          if (!giveBack()) return
          if (connections.has(connection)) drop(connection)
          else if (connection.streams === 0) close(connection)
        },
      }
    },
    async warm(timeoutMs) {
      const stub = await choose().stub.catch(() => undefined)
      if (stub === undefined) return
      await new Promise<void>((resolve) => {
        stub.waitForReady(Date.now() + timeoutMs, () => {
          resolve()
        })
      })
    },
    close() {
      for (const connection of [...connections]) {
        drop(connection)
        close(connection)
      }
    },
  }
}
