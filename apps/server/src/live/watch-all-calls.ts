import type { CallDirectory, Clock } from '@kav/core'
import type { CallHost } from './call-command.ts'
import { ask, asLiveCall, type CallsAccess, pulling } from './calls-access.ts'
import type { CallChange, LiveCall } from './live-call.ts'

/** How often it is looked for workers that have come. */
const LOOK_MS = 1000

/**
 * Tells which calls begin and end from now on: of the processes of this node by asking each of them, of other nodes by
 * what the directory hears. Calls of a process that is gone are lost. Returns how to stop.
 */
export function watchAllCalls(
  calls: Pick<CallsAccess, 'hosts'>,
  directory: CallDirectory,
  clock: Clock,
  tell: (change: CallChange) => void,
): () => void {
  const watched = new Map<CallHost, () => void>()
  let cancel = (): void => undefined
  let stopped = false

  function look(first: boolean): void {
    if (stopped) return
    const hosts = calls.hosts()
    for (const host of hosts) if (!watched.has(host)) void follow(host, first)
    cancel = clock.after(LOOK_MS, () => look(false))
  }

  async function follow(host: CallHost, first: boolean): Promise<void> {
    let leave = (): void => undefined
    watched.set(host, () => leave())
    const known = new Map<string, LiveCall>()
    try {
      const { watch, calls: there } = await ask(host, 'watch-calls', null)
      for (const call of there) known.set(call.id, call)
      // The first ones stand in the snapshot.
      if (!first) for (const call of there) tell({ type: 'began', call })
      const news = pulling(host, watch)
      leave = () => void news.return?.()
      if (stopped) return leave()
      for await (const changes of news) {
        for (const change of changes as readonly CallChange[]) {
          if (change.type === 'began') known.set(change.call.id, change.call)
          else known.delete(change.call.id)
          if (!stopped) tell(change)
        }
        if (stopped) return
      }
    } catch {
      if (!stopped) for (const call of known.values()) tell({ type: 'lost', call })
    } finally {
      if (!calls.hosts().includes(host)) watched.delete(host)
      else if (!stopped) clock.after(LOOK_MS, () => void watched.delete(host))
    }
  }

  const unwatch = directory.watch(({ type, call }) => {
    if (call.node === directory.node) return
    tell({ type: type === 'found' ? 'began' : type, call: asLiveCall(call) })
  })
  look(true)
  return () => {
    stopped = true
    cancel()
    unwatch()
    for (const leave of watched.values()) leave()
  }
}
