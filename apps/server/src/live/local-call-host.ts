import type { Clock } from '@kav/core'
import type { OperatorAction } from '@kav/core/host'
import type { CallCommand, CallCommandAnswer, CallCommandFault, CallHost } from './call-command.ts'
import type { PlaceAnswer, PlaceAsk } from './place-ask.ts'
import type { CallChange, CallNews, HeardFrame } from './live-call.ts'
import type { LiveCalls, Watch } from './live-calls.ts'

type AnyWatch = Watch<CallNews | CallChange | HeardFrame>

interface Lease {
  readonly watch: AnyWatch
  readonly gatherMs: number
  /** Forgets it when nobody asks any more. */
  cancel: () => void
}

/** A pull is answered within so long, with nothing if there is nothing. */
const PULL_MS = 2000
/** Who has not pulled for so long is gone. */
const LEASE_MS = 10_000
/** What comes within so long goes together. */
const GATHER_MS = 40
/** More listeners and watchers than any desk has people. */
const MAX_WATCHES = 200

/** Answers for the calls of this process. */
export function createLocalCallHost(
  live: LiveCalls,
  clock: Clock,
  place: (ask: PlaceAsk) => Promise<PlaceAnswer>,
): CallHost {
  const leases = new Map<number, Lease>()
  let next = 1

  function renew(id: number, lease: Lease): void {
    lease.cancel()
    lease.cancel = clock.after(LEASE_MS, () => end(id))
  }

  function end(id: number): void {
    const lease = leases.get(id)
    leases.delete(id)
    lease?.cancel()
    lease?.watch.close()
  }

  const isFull = (): boolean => leases.size >= MAX_WATCHES

  function begin(watch: AnyWatch): number {
    const id = next++
    const lease: Lease = { watch, gatherMs: GATHER_MS, cancel: () => undefined }
    leases.set(id, lease)
    renew(id, lease)
    return id
  }

  async function pull(id: number): Promise<CallCommandAnswer> {
    const lease = leases.get(id)
    if (lease === undefined) return fault('unknown-watch', 'nobody has pulled it for too long')
    renew(id, lease)
    const pulled = await lease.watch.pull(PULL_MS, lease.gatherMs)
    if (pulled.over) end(id)
    return done(pulled)
  }

  async function act(id: string, action: OperatorAction, by: string): Promise<CallCommandAnswer> {
    const answer = await live.control(id)?.act(action, by)
    if (answer === undefined) return UNKNOWN
    return answer.done ? done(null) : fault(answer.why, answer.message)
  }

  async function ask(command: CallCommand): Promise<CallCommandAnswer> {
    switch (command.name) {
      case 'list':
        return done(live.list())
      case 'has':
        return done(live.has(command.ask.id))
      case 'detail': {
        const detail = live.detail(command.ask.id)
        return detail === undefined ? UNKNOWN : done(detail)
      }
      case 'act':
        return await act(command.ask.id, command.ask.action, command.ask.by)
      case 'watch': {
        if (isFull()) return TOO_MANY
        const watch = live.watch(command.ask.id)
        return watch === undefined
          ? UNKNOWN
          : done({ watch: begin(watch), detail: live.detail(command.ask.id) })
      }
      case 'watch-calls':
        return done({ watch: begin(live.watchCalls()), calls: live.list() })
      case 'listen': {
        // Before it is written down that somebody listens.
        if (isFull()) return TOO_MANY
        const told = await act(command.ask.id, { type: 'listen' }, command.ask.by)
        const watch = told.done ? live.listen(command.ask.id) : undefined
        return watch === undefined ? (told.done ? UNKNOWN : told) : done({ watch: begin(watch) })
      }
      case 'place':
        return done(await place(command.ask))
      case 'pull':
        return await pull(command.ask.watch)
      case 'unwatch':
        end(command.ask.watch)
        return done(null)
    }
  }

  return { ask }
}

function done(value: unknown): CallCommandAnswer {
  return { done: true, value }
}

function fault(why: CallCommandFault, message: string): CallCommandAnswer {
  return { done: false, why, message }
}

/** Those that watch go on: none of them is told that a call is over which is not. */
const TOO_MANY = fault('too-many-watchers', `${MAX_WATCHES} watch and listen already`)
const UNKNOWN = fault('unknown-call', 'there is no such call')
