import { expect } from './contract-case.ts'
import {
  changedThings,
  putThingsBack,
  type SharedThings,
  sharedThings,
  withConsoleOf,
} from './shared-things.ts'

/** What a plugin has no business to change, as it belongs to everybody in the process. */
export interface ProcessState {
  readonly listeners: ReadonlyMap<string, number>
  readonly things: SharedThings
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly folder: string
}

// eslint-disable-next-line no-restricted-properties -- compared, and put back: nothing is read from it
const ENVIRONMENT = process.env

/** One that listens decides what becomes of the faults of all. */
const OF_ALL: ReadonlySet<string> = new Set(['unhandledRejection', 'uncaughtException'])

export function processState(): ProcessState {
  return {
    listeners: new Map(process.eventNames().map((name) => [String(name), process.listenerCount(name)])),
    things: sharedThings(),
    environment: { ...ENVIRONMENT },
    folder: process.cwd(),
  }
}

/**
 * Compares the process before all providers and at the start of the case, behind one, and behind another of the same: a library that is loaded once
 * may listen to the process, one listener for each provider is a leak. Puts back what it can.
 */
export function expectProcessKept(
  { before, start, once }: Readonly<Record<'before' | 'start' | 'once', ProcessState>>,
  twice: ProcessState,
): void {
  const things = withConsoleOf(start.things, before.things)
  const changed = changedThings(things, twice.things)
  putBack({ ...before, things }, changed)
  for (const [name, count] of twice.listeners) {
    const from = (OF_ALL.has(name) ? before : once).listeners.get(name) ?? 0
    expect(count <= from, `no listener of process more than before`, `there is one more for "${name}"`)
  }
  expect(
    changed.length === 0,
    'what all code of the process shares as it was',
    `${changed.slice(0, 5).join(', ')} is another`,
  )
  const names = new Set([...Object.keys(before.environment), ...Object.keys(twice.environment)])
  const written = [...names].find((name) => before.environment[name] !== twice.environment[name])
  expect(written === undefined, 'the environment as it was', `${written} is another`)
  expect(before.folder === twice.folder, 'the working folder as it was', `it is ${twice.folder}`)
}

function putBack({ things, environment, folder }: ProcessState, changed: readonly string[]): void {
  putThingsBack(things, changed)
  for (const name of Object.keys(ENVIRONMENT)) if (environment[name] === undefined) delete ENVIRONMENT[name]
  for (const [name, value] of Object.entries(environment)) ENVIRONMENT[name] = value
  if (process.cwd() !== folder) process.chdir(folder)
}
