import { closeSync, openSync } from 'node:fs'

/**
 * Requests to stop, in the order they came: the first drains, the second hangs up, the third waits for nothing but the
 * files.
 */
export interface StopSignals {
  /** The next request, or the oldest that nobody has taken yet. */
  next(): Promise<string>
  /** A request of the process's own. */
  raise(why: string): void
}

/**
 * A key in the terminal, a battery that ends, a limit of CPU time that is reached: reasons to stop like any other,
 * and no call may be cut for one.
 */
const STOP: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGPWR', 'SIGXCPU']

/** A wish for the files to be read anew, from whoever sends it; from a terminal that is closed, a request to stop. */
const RELOAD = 'SIGHUP'

/** Drains without a limit: for whoever waits for the last call however long it takes. */
export const STOP_WITHOUT_LIMIT = 'SIGUSR1'

/** The process stops itself: errors of unknown origin came one after the other. A supervisor starts a fresh one. */
export const ILL = 'too-many-errors'
/** Its exit code then. */
export const EXIT_ILL = 3

/**
 * What other programs take as a wish, and what would end a process that has no wish for it. SIGPIPE is not among them: Node
 * ignores it by itself.
 */
const MEANINGLESS: readonly NodeJS.Signals[] = [
  'SIGUSR2',
  'SIGALRM',
  'SIGVTALRM',
  'SIGPROF',
  'SIGIO',
  'SIGXFSZ',
  'SIGSTKFLT',
  'SIGTRAP',
]

export interface SignalListeners {
  onReload(): void
  /** Told of signals that change nothing. */
  onMeaningless(signal: string): void
}

/**
 * Hears signals from now until the process has ended: were they let go before, one that came just then would end it on
 * the spot, files or no files.
 */
export function listenForStop({ onReload, onMeaningless }: SignalListeners): StopSignals {
  const requests = createStopRequests()
  const { raise } = requests
  for (const signal of [...STOP, STOP_WITHOUT_LIMIT] as const) listen(signal, raise)
  const hadTerminal = hasTerminal()
  listen(RELOAD, () => {
    if (hadTerminal && !hasTerminal()) raise(RELOAD)
    else onReload()
  })
  for (const signal of MEANINGLESS) {
    // A profiler of V8 lives on it.
    if (signal === 'SIGPROF' && process.execArgv.some((option) => option.includes('prof'))) continue
    listen(signal, onMeaningless)
  }
  return requests
}

/** Requests to stop that come by another way than a signal. */
export function createStopRequests(): StopSignals {
  const come: string[] = []
  const waiting: ((why: string) => void)[] = []
  return {
    next() {
      const why = come.shift()
      return why === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(why)
    },
    raise(why) {
      const first = waiting.shift()
      if (first) first(why)
      else come.push(why)
    },
  }
}

/**
 * For a process that does what another says: a key in the terminal and a supervisor's signal come to all of a service,
 * and the other one knows what is to be done.
 */
export function listenForNothing(): void {
  for (const signal of [...STOP, STOP_WITHOUT_LIMIT, RELOAD, ...MEANINGLESS] as const)
    listen(signal, () => undefined)
}

/** Whether there is one that this process was started from and that is still open (tty(4)). */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}

/** Not every system has every signal. */
function listen(signal: NodeJS.Signals, act: (signal: string) => void): void {
  try {
    process.on(signal, act)
  } catch {
    // What it does not have, it does not send.
  }
}
