import type { Clock, Metrics } from '@kav/core'
import type { Connection } from './connection.ts'

/** An unused connection is kept this long for the next burst of calls. */
const IDLE_MS = 30_000

/** The right to one stream on one connection. `release` gives it back, once. */
export interface Lease {
  readonly connection: Connection
  release(): void
}

/**
 * Streams over as few HTTP/2 connections as the limit allows. A server queues streams over its own limit
 * silently, no error, no audio moving; so the limit is kept here, below the server's.
 */
export interface ConnectionPool {
  /** Takes a place at once; the connection may still be coming up. */
  lease(region: string): Lease
  readonly size: number
  close(): void
}

export function createConnectionPool(options: {
  open(region: string): Connection
  maxStreams: number
  clock: Clock
  metrics: Metrics
}): ConnectionPool {
  const { clock, metrics } = options
  const connections = new Set<Connection>()
  const idleTimers = new Map<Connection, () => void>()
  let closed = false

  function report(): void {
    metrics.gauge('google_stt_connections', connections.size)
  }

  function drop(connection: Connection): void {
    if (!connections.delete(connection)) return
    idleTimers.get(connection)?.()
    idleTimers.delete(connection)
    connection.close()
    report()
  }

  function add(region: string): Connection {
    const connection = options.open(region)
    connections.add(connection)
    // The SDK remembers a failed initialisation for ever; a fresh connection tries again.
    connection.client.catch(() => drop(connection))
    report()
    return connection
  }

  /** The fullest connection with room, so that the others run empty and can be closed. */
  function choose(region: string): Connection {
    let best: Connection | undefined
    for (const connection of connections) {
      if (connection.region !== region || connection.streams >= options.maxStreams) continue
      if (connection.isQuiet()) continue
      if (best === undefined || connection.streams > best.streams) best = connection
    }
    return best ?? add(region)
  }

  function hasSibling(of: Connection): boolean {
    for (const other of connections) if (other !== of && other.region === of.region) return true
    return false
  }

  return {
    get size() {
      return connections.size
    },
    lease(region) {
      const connection = choose(region)
      idleTimers.get(connection)?.()
      idleTimers.delete(connection)
      connection.streams += 1
      let held = true
      return {
        connection,
        release() {
          if (!held) return
          held = false
          const quiet = connection.isQuiet()
          connection.streams -= 1
          if (connection.streams > 0) return
          if (closed || quiet) drop(connection)
          else if (hasSibling(connection)) {
            idleTimers.set(
              connection,
              clock.after(IDLE_MS, () => {
                if (hasSibling(connection)) drop(connection)
              }),
            )
          }
        },
      }
    },
    close() {
      closed = true
      for (const connection of [...connections]) drop(connection)
    },
  }
}
