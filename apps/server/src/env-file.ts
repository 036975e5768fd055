import { readFileSync, statSync } from 'node:fs'
import util from 'node:util'
import { messageOf } from '@kav/core'
import type { Environment } from './environment.ts'

/** What was read of a `.env`. */
export interface EnvFile {
  readonly file: string
  /** How many of its variables are used; those that were set already keep their value. */
  readonly used: number
  readonly kept: number
  /** Lines, from 1, that are no variable: they were passed over. What stands there may be a secret. */
  readonly passedOver: readonly number[]
  /**
   * Reads it anew: what came from it has the new value, what is new in it is there, what is gone from it is gone. Throws
   * when it cannot be read.
   */
  again(): void
}

/**
 * Puts the variables of `.env` in the folder of the command into the process's environment, where libraries look,
 * too. What is set already wins. `undefined` when there is no such file; throws when it cannot be read.
 */
export function loadEnvFile(env: Environment, file = '.env'): EnvFile | undefined {
  let read: ReadFile
  try {
    read = readVariables(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR') return undefined
    throw new Error(`${file} cannot be read: ${messageOf(error)}`, { cause: error })
  }
  const { values, passedOver } = read
  const names = Object.keys(values)
  const used = new Set(names.filter((name) => env[name] === undefined))
  setMissing(values)
  const kept = names.length - used.size
  return { file, used: used.size, kept, passedOver, again: () => readAgain(file, used) }
}

/** For a process that had no `.env` at its start: reads the one that is there by now. */
export function lateEnvFile(file = '.env'): Pick<EnvFile, 'again'> {
  const used = new Set<string>()
  return { again: () => readAgain(file, used) }
}

/** @param used the variables that are the file's; of one that is gone there are none. */
function readAgain(file: string, used: Set<string>): void {
  const isThere = statSync(file, { throwIfNoEntry: false })?.isFile() ?? false
  const values = isThere ? readVariables(file).values : {}
  for (const name of used) delete process.env[name]
  used.clear()
  for (const name of setMissing(values)) used.add(name)
}

type Variables = Readonly<Record<string, string>>
type ReadFile = Pick<EnvFile, 'passedOver'> & { readonly values: Variables }

/** Of whatever editors and shells of Windows write, what can be read is, and the rest is no file without variables. */
function readVariables(file: string): ReadFile {
  const bytes = readFileSync(file)
  // Node 20.11 has no such export to import by its name.
  if (typeof util.parseEnv !== 'function')
    throw new Error('this Node.js cannot read it; use 20.12 or newer, or remove it')
  if (UTF16_MARKS.some((mark) => bytes.subarray(0, 2).equals(mark)) || bytes.includes(0))
    throw new Error('it is not UTF-8 text (it looks like UTF-16); save it as UTF-8')
  // `TextDecoder` takes the byte order mark away, which would be part of the first name.
  const lines = new TextDecoder().decode(bytes).split('\n')
  const passedOver = linesWithoutVariable(lines)
  // `parseEnv` would take the next variable for a part of such a line, and say nothing.
  for (const line of passedOver) lines[line - 1] = ''
  const read = Object.entries(util.parseEnv(lines.join('\n')) as Variables)
  // It trims spaces, and leaves tabs where they are.
  const values = Object.fromEntries(
    read.map(([name, value]) => [name.trim().replace(/^export\s+/, ''), value]),
  )
  return { values, passedOver }
}

const VARIABLE = /^\s*(?:export\s+)?[\w.-]+\s*=\s*(["'`])?/

/** `PORT: 8080`, `set PORT 8080`. A value within quotes may have lines of its own. */
function linesWithoutVariable(lines: readonly string[]): readonly number[] {
  const found: number[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!
    const variable = VARIABLE.exec(line)
    if (variable) at = lastLineOf(lines, at, variable)
    else if (!/^\s*(?:#|$)/.test(line)) found.push(at + 1)
  }
  return found
}

function lastLineOf(lines: readonly string[], first: number, [begin, quote]: RegExpExecArray): number {
  if (quote === undefined || lines[first]!.slice(begin.length).includes(quote)) return first
  const last = lines.findIndex((line, at) => at > first && line.includes(quote))
  return last === -1 ? first : last
}

const UTF16_MARKS = [Buffer.of(0xff, 0xfe), Buffer.of(0xfe, 0xff)]

/** Gives the names of those that were not set before. */
function setMissing(values: Variables): readonly string[] {
  const missing = Object.keys(values).filter((name) => process.env[name] === undefined)
  for (const name of missing) process.env[name] = values[name]
  return missing
}
