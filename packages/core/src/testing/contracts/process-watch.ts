import { expect } from './contract-case.ts'

/** What a plugin has no business to change, as it belongs to everybody in the process. */
export interface ProcessState {
  readonly listeners: ReadonlyMap<string, number>
  readonly globals: ReadonlyMap<string, unknown>
  readonly prototypes: ReadonlyMap<string, string>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly folder: string
}

// eslint-disable-next-line no-restricted-properties -- compared, and put back: nothing is read from it
const ENVIRONMENT = process.env

const GLOBALS = [
  'fetch',
  'WebSocket',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'Promise',
  'Date',
  'JSON',
  'Math',
  'Buffer',
]
const PROTOTYPES = { Array, Object, String, Number, Function, Promise, Map, Set, Error, Uint8Array }
/** One that listens decides what becomes of the faults of all. */
const OF_ALL: ReadonlySet<string> = new Set(['unhandledRejection', 'uncaughtException'])

export function processState(): ProcessState {
  const shared = globalThis as unknown as Readonly<Record<string, unknown>>
  return {
    listeners: new Map(process.eventNames().map((name) => [String(name), process.listenerCount(name)])),
    globals: new Map(GLOBALS.map((name) => [name, shared[name]])),
    prototypes: new Map(
      Object.entries(PROTOTYPES).map(([name, { prototype }]) => [
        name,
        Reflect.ownKeys(prototype).map(String).join(),
      ]),
    ),
    environment: { ...ENVIRONMENT },
    folder: process.cwd(),
  }
}

/**
 * Compares the process before a provider, behind it, and behind another one of the same: a library that is loaded once
 * may listen to the process, one listener for each provider is a leak. Puts back what it can.
 */
export function expectProcessKept(before: ProcessState, once: ProcessState, twice: ProcessState): void {
  try {
    for (const [name, count] of twice.listeners) {
      const from = (OF_ALL.has(name) ? before : once).listeners.get(name) ?? 0
      expect(count <= from, `no listener of process more than before`, `there is one more for "${name}"`)
    }
    const changed = [...before.globals].find(([name, value]) => twice.globals.get(name) !== value)?.[0]
    expect(changed === undefined, 'globals as they were', `${changed} is another`)
    const extended = [...before.prototypes].find(([name, keys]) => twice.prototypes.get(name) !== keys)?.[0]
    expect(extended === undefined, 'prototypes as they were', `that of ${extended} is another`)
    const names = new Set([...Object.keys(before.environment), ...Object.keys(twice.environment)])
    const written = [...names].find((name) => before.environment[name] !== twice.environment[name])
    expect(written === undefined, 'the environment as it was', `${written} is another`)
    expect(before.folder === twice.folder, 'the working folder as it was', `it is ${twice.folder}`)
  } finally {
    putBack(before)
  }
}

function putBack({ globals, environment, folder }: ProcessState): void {
  for (const [name, value] of globals) Reflect.set(globalThis, name, value)
  for (const name of Object.keys(ENVIRONMENT)) if (environment[name] === undefined) delete ENVIRONMENT[name]
  for (const [name, value] of Object.entries(environment)) ENVIRONMENT[name] = value
  process.chdir(folder)
}
