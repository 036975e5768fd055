import type { Clock, Metrics } from '@kav/core'

/** An unused connection is kept this long for the next burst of calls. */
const IDLE_MS = 30_000

/** What a pool needs of a connection. */
export interface PooledConnection {
  /** Rejects when the connection will never serve: it is taken out of use. */
  readonly client: Promise<unknown>
  close(): void
}

/** The right to one request or stream on one connection; given back once, by either end. */
export interface Lease<Connection> {
  readonly connection: Connection
  /** Anything arrived from the server. */
  heard(): void
  release(): void
  /** Gives it back and takes the connection out of use: it did not answer. */
  abandon(): void
}

/**
 * Requests and streams over as few HTTP/2 connections as the limit allows. A server queues streams over its own limit
 * silently, no error, nothing moving; so the limit is kept here, below the server's.
 */
export interface ConnectionPool<Connection> {
  /** Takes a place at once; the connection may still be coming up. */
  lease(region: string): Lease<Connection>
  /** The connection that the next lease would be on, to bring it up ahead. */
  ahead(region: string): Connection
  close(): void
}

export interface ConnectionPoolOptions<Connection> {
  open(region: string): Connection
  readonly maxStreams: number
  /** With streams on it and nothing heard for this long, a connection gets no new one: it may be half-open. */
  readonly quietMs?: number
  /** Name of the gauge of open connections. */
  readonly gauge: string
  readonly clock: Clock
  readonly metrics: Metrics
}

interface Member<Connection> {
  readonly region: string
  readonly connection: Connection
  /** Requests and streams open or opening on it. */
  streams: number
  heardAtMs: number
  stopIdle: () => void
  closed: boolean
}

export function createConnectionPool<Connection extends PooledConnection>(
  options: ConnectionPoolOptions<Connection>,
): ConnectionPool<Connection> {
  const members = createMembers(options)
  return {
    lease: (region) => leaseOn(members.choose(region), members, options.clock),
    ahead: (region) => members.choose(region).connection,
    close: () => members.closeAll(),
  }
}

interface Members<Connection> {
  choose(region: string): Member<Connection>
  /** Nothing is open on it any more: kept for a while, or let go of. */
  emptied(member: Member<Connection>): void
  /** Gets nothing new; closed once nothing is open on it. */
  drop(member: Member<Connection>): void
  isQuiet(member: Member<Connection>): boolean
  closeAll(): void
}

function createMembers<Connection extends PooledConnection>(
  options: ConnectionPoolOptions<Connection>,
): Members<Connection> {
  const { clock, metrics, quietMs = Infinity } = options
  const members = new Set<Member<Connection>>()
  let closed = false
  const report = (): void => metrics.gauge(options.gauge, members.size)
  const isQuiet = (member: Member<Connection>): boolean =>
    member.streams > 0 && clock.nowMs() - member.heardAtMs > quietMs

  function add(region: string): Member<Connection> {
    const connection = options.open(region)
    const member: Member<Connection> = {
      region,
      connection,
      streams: 0,
      heardAtMs: clock.nowMs(),
      stopIdle: () => undefined,
      closed: false,
    }
    members.add(member)
    // The SDK remembers a failed initialisation for ever; a fresh connection tries again.
    connection.client.catch(() => drop(member))
    report()
    return member
  }

  function close(member: Member<Connection>): void {
    if (member.closed) return
    member.closed = true
    member.connection.close()
  }

  function drop(member: Member<Connection>): void {
    if (members.delete(member)) {
      member.stopIdle()
      report()
    }
    if (member.streams === 0) close(member)
  }

  function hasSibling(of: Member<Connection>): boolean {
    for (const other of members) if (other !== of && other.region === of.region) return true
    return false
  }

  return {
    isQuiet,
    drop,
    /** The fullest with room, so that the others run empty and can be closed. */
    choose(region) {
      let best: Member<Connection> | undefined
      for (const member of members) {
        if (member.region !== region || member.streams >= options.maxStreams || isQuiet(member)) continue
        if (best === undefined || member.streams > best.streams) best = member
      }
      return best ?? add(region)
    },
    emptied(member) {
      if (closed || !members.has(member)) return drop(member)
      if (!hasSibling(member)) return
      member.stopIdle = clock.after(IDLE_MS, () => {
        if (hasSibling(member)) drop(member)
      })
    },
    closeAll() {
      closed = true
      for (const member of [...members]) {
        drop(member)
        close(member)
      }
    },
  }
}

function leaseOn<Connection>(
  member: Member<Connection>,
  members: Members<Connection>,
  clock: Clock,
): Lease<Connection> {
  member.stopIdle()
  member.streams += 1
  let held = true
  const giveBack = (mayServe: boolean): void => {
    if (!held) return
    held = false
    const quiet = members.isQuiet(member)
    member.streams -= 1
    if (!mayServe) members.drop(member)
    else if (member.streams > 0) return
    else if (quiet) members.drop(member)
    else members.emptied(member)
  }
  return {
    connection: member.connection,
    heard() {
      member.heardAtMs = clock.nowMs()
    },
    release: () => giveBack(true),
    abandon: () => giveBack(false),
  }
}
