import { randomBytes } from 'node:crypto'
import { type CallDirectory, type DirectoryState, messageOf, type PluginContext } from '@kav/core'
import { FleetWatchers, limitLog, OwnCalls } from '@kav/core/kit'
import { CallTable } from './call-table.ts'
import { Claims } from './claims.ts'
import { Commands } from './commands.ts'
import type { DirectoryTls } from './directory-tls.ts'
import { FleetLink } from './fleet-link.ts'
import { FleetView } from './fleet-view.ts'
import { fleetNames, safeToken } from './names.ts'
import { NodeLeases } from './node-leases.ts'
import { NoticeOutbox } from './notice-outbox.ts'
import { Once } from './once.ts'
import { OwnWriter } from './own-writer.ts'
import { Paces } from './paces.ts'
import { readAddresses } from './server-addresses.ts'

export interface NatsDirectoryOptions extends Pick<PluginContext, 'log' | 'metrics' | 'clock'> {
  /** `nats://user:pass@host:4222,nats://other`, `tls://…`. */
  readonly servers: string
  /** What a `.creds` file holds, for accounts with one. */
  readonly credentials?: Uint8Array
  /** For servers by `tls://` that Node.js does not know, or that ask who comes. Asked for each connection. */
  readonly tls?: () => Promise<DirectoryTls>
  /** Name of this node; processes may share one. */
  readonly node: string
  /** Services on the same servers are told apart by it: letters, digits, `-` and `_`. */
  readonly fleet: string
  /** Copies of what is kept, in a cluster of servers: 1, 3 or 5. */
  readonly replicas?: number
}

/** How long an end waits for the server with each of its two parts. */
const LEAVE_MS = 1000
const TAG_BYTES = 6

/**
 * A directory on NATS with JetStream. It is there at once, and on its own until a server is reached. Throws an Error
 * for addresses that cannot be read.
 */
export function openNatsDirectory(options: NatsDirectoryOptions): CallDirectory {
  const parts = createParts(options)
  const { own, table, link, claims, once, paces, commands, outbox, watchers } = parts
  const { clock, node } = options
  follow(parts, options)
  return {
    node,
    claim: (call, limits) => claims.claim(call, limits),
    add: (call) => own.hold(call, 'running'),
    list: () => table.shown(),
    find(callId) {
      const known = table.get(callId)
      return known?.heard ? known.call : undefined
    },
    command: (command, timeoutMs) => commands.send(command, timeoutMs),
    onCommand: (handler) => commands.handle(handler),
    watch: (listener) => watchers.add(listener),
    once: (key, forMs) => once.use(key, forMs),
    pace: (key, pace) => paces.take(key, pace),
    tell: (notice) => outbox.tell(notice),
    state: () => parts.state(),
    async close() {
      for (const call of [...own]) own.drop(call.id)
      await outbox.close(LEAVE_MS)
      await parts.writer.settled(LEAVE_MS)
      await link.close()
      parts.changedMs = clock.wallMs()
    },
  }
}

/** What there is, from the table of calls to the link. */
function createParts(options: NatsDirectoryOptions) {
  const { node, clock, metrics } = options
  const log = limitLog(options)
  const names = fleetNames(options.fleet)
  // A name may come again, a process never does.
  const owner = `${safeToken(node)}-${randomBytes(TAG_BYTES).toString('hex')}`
  const watchers = new FleetWatchers((thrown) =>
    log.error({ private: { error: messageOf(thrown) } }, 'DIRECTORY: a watcher failed'),
  )
  const table = new CallTable(watchers)
  table.prove(owner)
  const own: OwnCalls = new OwnCalls({
    node,
    clock,
    onChange(before, after) {
      if (after !== undefined) table.put({ call: after, owner }, Infinity)
      else table.remove(before!.id, owner)
      writer.touch((after ?? before!).id)
    },
  })
  const writer = new OwnWriter({ owner, own, clock, metrics })
  const leases = new NodeLeases({
    onLost(lost) {
      const calls = table.lose(lost)
      commands.lost(lost)
      metrics.count('directory_nodes_lost_total')
      metrics.count('directory_calls_lost_total', calls)
      log.warn({ lost, calls }, 'DIRECTORY: a node is not heard any more')
    },
    onLeft(left) {
      table.lose(left)
      commands.lost(left)
    },
    onFound(found) {
      table.find(found)
      log.info({ found }, 'DIRECTORY: a node is heard again')
    },
    onForgotten: (gone) => table.forget(gone),
  })
  const addresses = readAddresses(options.servers)
  const link = new FleetLink({ ...options, log, addresses, names, owner, replicas: options.replicas ?? 1 })
  const asks = { link, clock, metrics }
  const claims = new Claims({ ...asks, node, owner, own, table, leases })
  const paces = new Paces({ ...asks, leases })
  const commands = new Commands({ ...asks, own, table, names })
  return {
    ...{ watchers, own, table, writer, leases, link, claims, paces },
    once: new Once(asks),
    commands,
    outbox: new NoticeOutbox({ link, names, clock, metrics }),
    view: new FleetView({ owner, own, table, leases, writer, claims, paces, log, metrics }),
    /** When the link was made or lost. */
    changedMs: clock.wallMs(),
    state(): DirectoryState {
      return {
        kind: 'nats',
        node,
        connected: link.isReady,
        sinceMs: this.changedMs,
        nodes: leases.heard + 1,
        running: table.running,
        promised: table.counts.total - table.running,
      }
    },
  }
}
type Parts = ReturnType<typeof createParts>

/** Opens the link, and says what follows from what it tells. */
function follow(parts: Parts, { clock, metrics }: NatsDirectoryOptions): void {
  const { link, view, commands, once, leases, claims, writer, outbox } = parts
  const show = (): void => {
    const { connected, nodes, running, promised } = parts.state()
    metrics.gauge('directory_connected', connected ? 1 : 0)
    metrics.gauge('directory_nodes', nodes)
    metrics.gauge('directory_calls', running, { state: 'running' })
    metrics.gauge('directory_calls', promised, { state: 'promised' })
    metrics.gauge('directory_notices_waiting', outbox.waiting)
  }
  show()
  link.open({
    isComplete: () => writer.isAllSent,
    onBegin: () => view.begin(),
    onEntry: (entry, told) => view.entry(entry, told),
    onRequest: (request, maxBytes) => commands.answer(request, maxBytes),
    onReady(session) {
      parts.changedMs = clock.wallMs()
      view.ready(session)
      void once.tell(session)
    },
    onLost() {
      parts.changedMs = clock.wallMs()
      show()
    },
    onOwnBeat() {
      leases.ownBeat()
      claims.heard()
      writer.tick()
      show()
    },
  })
}
