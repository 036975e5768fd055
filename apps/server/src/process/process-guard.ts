import { type Clock, type Logger, messageOf, type Metrics } from '@kav/core'
import { followPlugins, placeOfThrown, pluginAtWork } from '@kav/core/host'
import { type CodePlace, isOfConnection, originOf } from './fault-origin.ts'
import { describeThrown, stackOf } from './thrown-value.ts'

/** An error that nobody caught: a promise that was rejected, or a throw out of a timer or an event handler. */
type Kind = 'unhandledRejection' | 'uncaughtException'

export interface ProcessGuardOptions {
  readonly log: Logger
  readonly metrics: Metrics
  readonly clock: Clock
  readonly places: readonly CodePlace[]
  /**
   * Exceptions that are neither a plugin's nor a package's nor a far end's come one after the other: something that all
   * calls share may be broken, and a fresh process is the better one. Called once.
   */
  readonly onIll: () => void
}

const ILL_AFTER = 10
const ILL_WITHIN_MS = 60_000
/** How many different faults are told apart. */
const KNOWN_MAX = 200

/**
 * From now on an error that nobody caught is told, with the plugin it came from, and ends nothing: no call, since
 * none is known to be its own, and not the process. Returns what takes the guard away again.
 */
export function guardProcess(options: ProcessGuardOptions): () => void {
  const { log, metrics, clock } = options
  const times = new Map<string, number>()
  let recentMs: number[] = []
  let ill = false

  function note(kind: Kind, thrown: unknown): void {
    const stack = stackOf(thrown)
    const read = originOf(stack, options.places)
    const origin = { ...read, plugin: read.plugin ?? pluginAtWork()?.name }
    metrics.count('stray_errors_total', 1, { kind, plugin: origin.plugin ?? 'unknown' })
    const count = timesSeen(`${kind} ${origin.plugin} ${messageOf(thrown)}`)
    // The same fault on every frame of every call would be all there is in the log.
    if (isPowerOfTwo(count)) {
      const fields = { kind, ...origin, at: placeOfThrown(thrown), times: count, ...describeThrown(thrown) }
      log.error(fields, 'PROCESS: an error that nobody caught')
    }
    // Neither Kav nor Node throws what is no error: a value without a stack is some plugin's, too.
    const ours = stack !== '' && origin.plugin === undefined && origin.package === undefined
    if (kind === 'uncaughtException' && ours && !isOfConnection(thrown)) judge(clock.nowMs())
  }

  function timesSeen(fault: string): number {
    if (times.size >= KNOWN_MAX && !times.has(fault)) times.clear()
    const count = (times.get(fault) ?? 0) + 1
    times.set(fault, count)
    return count
  }

  function judge(nowMs: number): void {
    recentMs = [...recentMs.filter((atMs) => nowMs - atMs < ILL_WITHIN_MS), nowMs]
    if (ill || recentMs.length < ILL_AFTER) return
    ill = true
    log.error({ times: recentMs.length }, 'PROCESS: too many errors of unknown origin')
    options.onIll()
  }

  const onRejection = guarded((reason: unknown) => note('unhandledRejection', reason))
  const onException = guarded((error: unknown) => note('uncaughtException', error))
  // What a plugin prints goes to a stream that fails when nobody reads it any more.
  const onStreamError = (): void => metrics.count('output_errors_total')
  process.on('unhandledRejection', onRejection)
  process.on('uncaughtException', onException)
  process.stdout.on('error', onStreamError)
  process.stderr.on('error', onStreamError)
  return () => {
    process.off('unhandledRejection', onRejection)
    process.off('uncaughtException', onException)
    process.stdout.off('error', onStreamError)
    process.stderr.off('error', onStreamError)
  }
}

/** The guard of a process that starts: what it runs is not known yet, and whose work it is that fails is followed. */
export function guardStart(options: Omit<ProcessGuardOptions, 'places'>): {
  /** There is a guard that knows the plugins. */
  readonly guarded: () => void
  /** There are calls from now on. */
  readonly ready: () => void
} {
  return { guarded: guardProcess({ ...options, places: [] }), ready: followPlugins() }
}

/** A handler of last resort that throws would end the process. */
function guarded(handle: (thrown: unknown) => void): (thrown: unknown) => void {
  return (thrown) => {
    try {
      handle(thrown)
    } catch {
      // Nobody is left to tell.
    }
  }
}

function isPowerOfTwo(count: number): boolean {
  return (count & (count - 1)) === 0
}
