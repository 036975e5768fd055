import { readFileSync, statSync } from 'node:fs'
import { messageOf } from '@kav/core'
import type { Environment } from './environment.ts'

/** What was read of a `.env`. */
export interface EnvFile {
  readonly file: string
  /** How many of its variables are used; those that were set already keep their value. */
  readonly used: number
  readonly kept: number
  /**
   * Reads it anew: what came from it has the new value, what is new in it is there, what is gone from it is gone. Throws
   * when it cannot be read.
   */
  again(): void
}

/** Blank lines and remarks aside, `NAME=` at the beginning of a line, with or without `export`. */
const NAME = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/gm

/**
 * Puts the variables of `.env` in the folder of the command into the process's environment, where libraries look,
 * too. What is set already wins. `undefined` when there is no such file; throws when it cannot be read.
 */
export function loadEnvFile(env: Environment, file = '.env'): EnvFile | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR') return undefined
    throw new Error(`${file} cannot be read: ${messageOf(error)}`, { cause: error })
  }
  if (typeof process.loadEnvFile !== 'function')
    throw new Error(`${file} is there, and this Node.js cannot read it: use 20.12 or newer, or remove it`)
  const names = new Set([...text.matchAll(NAME)].map(([, name]) => name!))
  const used = new Set([...names].filter((name) => env[name] === undefined))
  process.loadEnvFile(file)
  return { file, used: used.size, kept: names.size - used.size, again: () => readAgain(file, used) }
}

/** For a process that had no `.env` at its start: reads the one that is there by now. */
export function lateEnvFile(file = '.env'): Pick<EnvFile, 'again'> {
  const used = new Set<string>()
  return { again: () => readAgain(file, used) }
}

/** @param used the variables that are the file's; of one that is gone there are none. */
function readAgain(file: string, used: Set<string>): void {
  const isThere = statSync(file, { throwIfNoEntry: false })?.isFile() ?? false
  const text = isThere ? readFileSync(file, 'utf8') : ''
  for (const name of used) delete process.env[name]
  used.clear()
  for (const [, name] of text.matchAll(NAME)) if (process.env[name!] === undefined) used.add(name!)
  if (text !== '') process.loadEnvFile(file)
}
