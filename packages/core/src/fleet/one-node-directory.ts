import {
  type CallDirectory,
  type CommandHandler,
  messageOf,
  type Pace,
  type PluginContext,
} from '../contracts/index.ts'
import { withDeadline } from '../kit/deadline.ts'
import {
  FleetWatchers,
  noticeBytes,
  OnceMemory,
  OwnCalls,
  PaceBucket,
  refusalBy,
  runCommand,
} from '../kit/fleet/index.ts'
import { limitLog } from '../kit/limit-log.ts'

export interface OneNodeDirectoryOptions extends Pick<PluginContext, 'log' | 'metrics' | 'clock'> {
  /** Name of the one node. */
  readonly node: string
}

/** The directory `none`: one process is the whole fleet. It asks nobody, so every answer is there at once. */
export function createOneNodeDirectory({
  node,
  clock,
  log,
  metrics,
}: OneNodeDirectoryOptions): CallDirectory {
  const limited = limitLog({ log, clock, metrics })
  const watchers = new FleetWatchers((thrown) =>
    limited.error({ private: { error: messageOf(thrown) } }, 'DIRECTORY: a watcher failed'),
  )
  const own = new OwnCalls({ node, clock, onChange: (before, after) => watchers.tellChange(before, after) })
  const used = new OnceMemory(clock, () => metrics.count('directory_once_forgotten_early_total'))
  const paces = new Map<string, PaceBucket>()
  const sinceMs = clock.wallMs()
  let handler: CommandHandler | undefined

  function paceOf(key: string): PaceBucket {
    const known = paces.get(key) ?? new PaceBucket(clock)
    paces.set(key, known)
    return known
  }

  return {
    node,
    claim(call, limits) {
      const again = own.again(call.id)
      if (again !== undefined) return again
      const { counts } = own
      const refusal = refusalBy(
        call,
        limits,
        (limit, number) => (number === undefined ? counts.total : counts.of(number)) < limit,
      )
      if (refusal === undefined) return own.hold(call, 'promised')
      metrics.count('directory_claims_refused_total', 1, { by: refusal.by })
      return refusal
    },
    add: (call) => own.hold(call, 'running'),
    list: () => [...own],
    find: (callId) => own.get(callId),
    async command(command, timeoutMs) {
      if (own.get(command.callId) === undefined)
        return { answered: false, why: 'unknown-call', message: `no call ${command.callId} runs here` }
      const done = runCommand(command, handler)
      return withDeadline(clock, timeoutMs, command.name, done).catch((error: Error) => ({
        answered: false,
        why: 'no-answer',
        message: error.message,
      }))
    },
    onCommand: (next) => void (handler = next),
    watch: (listener) => watchers.add(listener),
    once: (key, forMs) => used.use(key, forMs),
    pace: (key: string, pace: Pace) => paceOf(key).take(pace),
    // It is for other processes, and there is none.
    tell: ({ body }) => noticeBytes(body) !== undefined,
    state: () => ({
      kind: 'none',
      node,
      connected: true,
      sinceMs,
      nodes: 1,
      running: own.running,
      promised: own.counts.total - own.running,
    }),
    async close() {
      for (const call of [...own]) own.drop(call.id)
    },
  }
}
