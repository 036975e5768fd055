import type { CallDirectory, Clock, CommandFault, FleetCall } from '@kav/core'
import { withDeadline } from '@kav/core/kit'
import type { OperatorAction } from '@kav/core/host'
import type {
  CallCommand,
  CallCommandFault,
  CallCommandName,
  CallCommands,
  CallHost,
  PulledNews,
} from './call-command.ts'
import { hostOfNode, NodeFailure } from './fleet-call-host.ts'
import type { PlaceAnswer, PlaceAsk } from './place-ask.ts'
import type { LiveCall, LiveCallDetail } from './live-call.ts'

/** Why something cannot be done with a call. `gone`: who has it is not there; `no-answer`: or does not answer. */
export type CallFault = CallCommandFault | 'gone' | 'no-answer'

/** Thrown by all of `CallsAccess`. */
export class CallFailure extends Error {
  readonly why: CallFault

  constructor(why: CallFault, message: string) {
    super(message)
    this.name = 'CallFailure'
    this.why = why
  }
}

/** The calls of the service, in whichever process and on whichever node they run. */
export interface CallsAccess {
  list(): Promise<readonly LiveCall[]>
  detail(id: string): Promise<LiveCallDetail>
  act(id: string, action: OperatorAction, by: string): Promise<void>
  /** What happens in one call. Iterated once; ends with the call, or when it is left. */
  watch(id: string): Promise<{ readonly detail: LiveCallDetail; readonly news: NewsOf<PulledNews> }>
  listen(id: string, by: string): Promise<NewsOf<PulledNews>>
  /** Has somebody called, by any process of this node. */
  place(asked: PlaceAsk): Promise<PlaceAnswer>
  /** The processes of this node that run calls. */
  hosts(): readonly CallHost[]
}

export type NewsOf<Pulled extends PulledNews> = AsyncIterableIterator<Pulled['news']>

export interface CallsAccessParts {
  /** The one that has least to do first. */
  readonly hosts: () => readonly CallHost[]
  readonly directory: CallDirectory
  readonly clock: Clock
}

/** A process that stands is not waited for: what the others know is told without it. */
const KNOWS_LIMIT_MS = 1000
/** A carrier gets eight seconds for a transfer, and for a call that is placed. */
const DOES_LIMIT_MS = 12_000

export function createCallsAccess({ hosts, directory, clock }: CallsAccessParts): CallsAccess {
  /** Who runs it: a process of this node, else another node. */
  async function hostOf(id: string): Promise<CallHost> {
    const { host, silent } = await ownHostOf(hosts(), id, clock)
    if (host !== undefined) return host
    const found = directory.find(id)
    if (found !== undefined && found.node !== directory.node) return hostOfNode(directory, id)
    if (silent > 0) throw new CallFailure('no-answer', 'a process that may have the call does not answer')
    if (found === undefined) throw new CallFailure('unknown-call', 'there is no such call')
    if (found.state === 'promised')
      throw new CallFailure('unknown-call', 'the call is promised, and has not come yet')
    throw new CallFailure('gone', 'the process that had the call is not there any more')
  }

  /** Whoever does it; what is pulled has a limit of its own. */
  const askInTime: typeof ask = (host, name, asked) => askWithin(clock, DOES_LIMIT_MS, host, name, asked)

  return {
    hosts,
    async list() {
      const own = await Promise.all(
        hosts().map((host) => askWithin(clock, KNOWS_LIMIT_MS, host, 'list', null).catch(() => [])),
      )
      const calls = own.flat()
      const known = new Set(calls.map(({ id }) => id))
      const others = directory.list().filter(({ id }) => !known.has(id))
      return [...calls, ...others.map(asLiveCall)]
    },
    detail: async (id) => await askInTime(await hostOf(id), 'detail', { id }),
    async act(id, action, by) {
      await askInTime(await hostOf(id), 'act', { id, action, by })
    },
    async watch(id) {
      const host = await hostOf(id)
      const { watch, detail } = await askInTime(host, 'watch', { id })
      return { detail, news: pulling(host, watch) }
    },
    async place(asked) {
      const [host] = hosts()
      return host === undefined ? { refused: 'draining' } : await askInTime(host, 'place', asked)
    },
    async listen(id, by) {
      const host = await hostOf(id)
      const { watch } = await askInTime(host, 'listen', { id, by })
      return pulling(host, watch)
    },
  }
}

/**
 * The process that runs a call, of these: as soon as one says so. `silent`: so many did not answer in time, where none
 * has said so.
 */
export async function ownHostOf(
  hosts: readonly CallHost[],
  id: string,
  clock: Clock,
): Promise<{ readonly host?: CallHost; readonly silent: number }> {
  let silent = 0
  const asked = hosts.map(async (host) => {
    const has = await askWithin(clock, KNOWS_LIMIT_MS, host, 'has', { id }).catch((error: unknown) => {
      if (error instanceof CallFailure && error.why === 'no-answer') silent++
      return false
    })
    if (!has) throw new NotThere()
    return host
  })
  // Rejects once nobody has it.
  return await Promise.any(asked).then(
    (host) => ({ host, silent: 0 }),
    () => ({ silent }),
  )
}

class NotThere extends Error {}

/** Throws `CallFailure`, `no-answer` once the time is over. */
async function askWithin<Name extends CallCommandName>(
  clock: Clock,
  withinMs: number,
  host: CallHost,
  name: Name,
  asked: CallCommands[Name]['ask'],
): Promise<CallCommands[Name]['answer']> {
  return await withDeadline(clock, withinMs, 'an answer of a process', ask(host, name, asked)).catch(
    (error: unknown) => {
      if (error instanceof CallFailure) throw error
      throw new CallFailure('no-answer', 'the process that was asked does not answer')
    },
  )
}

/** Throws `CallFailure`. */
export async function ask<Name extends CallCommandName>(
  host: CallHost,
  name: Name,
  asked: CallCommands[Name]['ask'],
): Promise<CallCommands[Name]['answer']> {
  const answer = await host.ask({ name, ask: asked } as CallCommand).catch((error: unknown) => {
    if (error instanceof NodeFailure) throw new CallFailure(FAULTS[error.why], error.message)
    throw new CallFailure('gone', 'the process that has the call is not there any more')
  })
  if (!answer.done) throw new CallFailure(answer.why, answer.message)
  return answer.value as CallCommands[Name]['answer']
}

const FAULTS: Readonly<Record<CommandFault, CallFault>> = {
  'unknown-call': 'unknown-call',
  'node-lost': 'gone',
  'no-answer': 'no-answer',
  failed: 'gone',
  'cut-off': 'gone',
}

/** Asks on and on, until it is over or is left (`return`). Throws where the process is gone. */
export async function* pulling(host: CallHost, watch: number): NewsOf<PulledNews> {
  let over = false
  try {
    while (!over) {
      const pulled = await ask(host, 'pull', { watch })
      over = pulled.over
      yield pulled.news
    }
  } finally {
    if (!over) void ask(host, 'unwatch', { watch }).catch(() => undefined)
  }
}

/** What the directory knows of a call that is promised, or runs elsewhere. */
export function asLiveCall({ id, pipeline, node, direction, state, sinceMs }: FleetCall): LiveCall {
  return {
    id,
    pipeline,
    node,
    direction: direction ?? 'in',
    startedAt: new Date(sinceMs).toISOString(),
    state,
  }
}
