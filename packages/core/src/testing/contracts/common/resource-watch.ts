import { AsyncLocalStorage, createHook } from 'node:async_hooks'
import childProcess from 'node:child_process'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

/** What opens a file, a socket, a process or a thread, as `async_hooks` calls it. */
const OPENING =
  /^(TCP|TCPSERVER|TCPCONNECT|PIPE|PIPECONNECT|TLS|UDP|GETADDRINFOREQ|QUERY|PROCESS|FSEVENT)WRAP$|^FSREQ|^FILEHANDLE$|^HTTPCLIENTREQUEST$|^HTTP2SESSION$|^WORKER$/

const FILE_CALLS = [
  ...['openSync', 'readFileSync', 'writeFileSync', 'appendFileSync', 'readdirSync', 'mkdirSync', 'rmSync'],
  ...['existsSync', 'statSync', 'lstatSync', 'accessSync', 'realpathSync'],
]
const PROCESS_CALLS = ['execSync', 'execFileSync', 'spawnSync']

/** What code run here, and all that follows from it, has opened. Code of others at the same time is not seen. */
export interface ResourceWatch {
  run<T>(work: () => T): T
  /** Files, sockets, timers and threads that were opened, one line each. */
  opened(): readonly string[]
  /** Timers that wait and keep no process alive, by the line that made them. */
  idleTimers(): ReadonlyMap<string, number>
  stop(): void
}

interface Made {
  readonly what: string
  readonly at: Error
  readonly timer: NodeJS.Timeout | undefined
  gone: boolean
}

const inside = new AsyncLocalStorage<object>()

export function watchResources(): ResourceWatch {
  const self = {}
  const made = new Map<number, Made>()
  const files: string[] = []
  const hook = createHook({
    init(asyncId, type, _trigger, resource) {
      const isTimer = type === 'Timeout'
      if ((!isTimer && !OPENING.test(type)) || inside.getStore() !== self) return
      const timer = isTimer ? (resource as NodeJS.Timeout) : undefined
      made.set(asyncId, { what: isTimer ? 'a timer' : type, at: new Error(), timer, gone: false })
    },
    destroy(asyncId) {
      const one = made.get(asyncId)
      if (one !== undefined) one.gone = true
    },
  }).enable()

  return {
    run: (work) => inside.run(self, () => seeFileCalls(files, work)),
    opened() {
      const others = [...made.values()].flatMap(({ what, at, timer }) => {
        const place = placeOf(at)
        return timer !== undefined && place === undefined ? [] : [`${what} (${place ?? 'by Node.js'})`]
      })
      return [...files, ...others]
    },
    idleTimers() {
      const counts = new Map<string, number>()
      for (const { gone, timer, at } of made.values()) {
        if (gone || timer === undefined || timer.hasRef()) continue
        const place = placeOf(at)
        if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1)
      }
      return counts
    },
    stop: () => void hook.disable(),
  }
}

/** Runs `work`, noting the calls that no `async_hooks` sees, as they are over when they return. */
function seeFileCalls<T>(calls: string[], work: () => T): T {
  const putBack = [
    noteCalls(fs, FILE_CALLS, (name, of) => calls.push(`a file (${name} of ${of})`)),
    noteCalls(childProcess, PROCESS_CALLS, (name, of) => calls.push(`a process (${name} of ${of})`)),
  ]
  syncBuiltinESMExports()
  try {
    return work()
  } finally {
    for (const put of putBack) put()
    syncBuiltinESMExports()
  }
}

function noteCalls(
  module: object,
  names: readonly string[],
  note: (name: string, of: string) => void,
): () => void {
  const functions = module as Record<string, unknown>
  const own = names.map((name) => [name, functions[name]] as const)
  for (const [name, call] of own) {
    const noted = (...args: unknown[]): unknown => {
      note(name, String(args[0]))
      return (call as (...given: unknown[]) => unknown)(...args)
    }
    // `realpathSync.native` and the like stay.
    functions[name] = Object.assign(noted, call)
  }
  return () => void Object.assign(functions, Object.fromEntries(own))
}

/** The line that made something; undefined where Node.js did so for itself. */
function placeOf({ stack = '' }: Error): string | undefined {
  const frames = stack.split('\n').slice(1)
  const caller = frames.find(
    (frame) => !/resource-watch|node:timers|node:internal\/(async_hooks|timers|process)/.test(frame),
  )
  if (caller === undefined || /\(?node:internal/.test(caller)) return undefined
  return caller.trim().replace(/^at /, '')
}
