import { type Clock, type Logger, messageOf, type Metrics } from '@kav/core'
import { followPlugins, placeOfThrown, pluginAtWork } from '@kav/core/host'
import { type CodePlace, isOfConnection, originOf } from './fault-origin.ts'
import { RefusedExit, refuseExits } from './refused-exit.ts'
import { describeThrown, stackOf } from './thrown-value.ts'

/**
 * An error that nobody caught: a promise that was rejected, a throw out of a timer or an event handler, or an end of the
 * process that was refused.
 */
type Kind = 'unhandledRejection' | 'uncaughtException' | 'exit'

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
  return guard(options, (fault) => tellFault(options.log, options.places, fault))
}

interface Fault {
  /** As the pipeline file names it. */
  readonly plugin?: string | undefined
}

function tellFault(log: Logger, places: readonly CodePlace[], fault: Fault): void {
  const named = places.find(({ name }) => name === fault.plugin)?.namedAt ?? []
  log.error({ ...fault, ...(named.length > 0 && { named }) }, 'PROCESS: an error that nobody caught')
}

function guard(options: ProcessGuardOptions, tell: (fault: Fault) => void): () => void {
  const { log, metrics, clock } = options
  const times = new Map<string, number>()
  let recentMs: number[] = []
  let ill = false

  function note(kind: Kind, thrown: unknown): void {
    // It was noted as it was refused.
    if (kind !== 'exit' && thrown instanceof RefusedExit) return
    const stack = stackOf(thrown)
    const read = originOf(stack, options.places)
    const origin = { ...read, plugin: read.plugin ?? pluginAtWork()?.name }
    metrics.count('stray_errors_total', 1, { kind, plugin: origin.plugin ?? 'unknown' })
    const count = timesSeen(`${kind} ${origin.plugin} ${messageOf(thrown)}`)
    // The same fault on every frame of every call would be all there is in the log.
    if (isPowerOfTwo(count)) {
      const fields = { kind, ...origin, at: placeOfThrown(thrown), times: count, ...describeThrown(thrown) }
      tell(fields)
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
  const freeExit = refuseExits(guarded((error: unknown) => note('exit', error)))
  process.on('unhandledRejection', onRejection)
  process.on('uncaughtException', onException)
  process.stdout.on('error', onStreamError)
  process.stderr.on('error', onStreamError)
  return () => {
    freeExit()
    process.off('unhandledRejection', onRejection)
    process.off('uncaughtException', onException)
    process.stdout.off('error', onStreamError)
    process.stderr.off('error', onStreamError)
  }
}

/** By then it is told without the lines that name the plugin. */
const HOLD_MS = 2_000
const MAX_HELD = 100

/** The guard of a process that starts: what it runs is not known yet, and whose work it is that fails is followed. */
export function guardStart(options: Omit<ProcessGuardOptions, 'places'>): {
  /** What it runs is known: where files name the plugins, above all. */
  readonly known: (places: readonly CodePlace[]) => void
  /** There is a guard that knows the plugins. */
  readonly guarded: () => void
  /** There are calls from now on. */
  readonly ready: () => void
} {
  let places: readonly CodePlace[] | undefined
  let held: readonly Fault[] = []
  let cancel: (() => void) | undefined
  const tell = (fault: Fault): void => tellFault(options.log, places ?? [], fault)
  function tellHeld(): void {
    cancel?.()
    cancel = undefined
    const faults = held
    held = []
    faults.forEach(tell)
  }
  const unguard = guard({ ...options, places: [] }, (fault) => {
    // Its import fails before its pipeline is known.
    if (fault.plugin === undefined || places !== undefined || held.length === MAX_HELD) return tell(fault)
    held = [...held, fault]
    cancel ??= options.clock.after(HOLD_MS, tellHeld)
  })
  return {
    known(found) {
      places = found
      tellHeld()
    },
    guarded() {
      tellHeld()
      unguard()
    },
    ready: followPlugins(),
  }
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
