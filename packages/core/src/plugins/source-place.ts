import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A place in somebody's source. */
export interface SourcePlace {
  readonly file: string
  /** `/srv/desk/acme-voice.js:12:9`, or without the column. */
  readonly shown: string
}

/** A line of a stack, or a place alone; folders have names with spaces and brackets in them. */
const PLACE = /^(?:.*\(|at (?:async )?)?(file:\/\/\/[^\s:]+|\/[^:]+):(\d+)(?::(\d+))?\)?$/

/** The first frame that is in a file, and not in Node.js itself or in the core's own code. */
export function placeInFrames(frames: readonly string[]): string | undefined {
  return frames.map(placeIn).find((place) => place !== undefined && !place.file.startsWith(OWN_FOLDER))?.shown
}

const OWN_FOLDER = fileURLToPath(new URL('.', import.meta.url))

/** Of a `SyntaxError` that Node.js decorated: its stack begins with the place. */
export function placeInStack(error: Error): SourcePlace | undefined {
  return placeIn(String(error.stack).split('\n')[0] ?? '')
}

const CHILD_LIMIT_MS = 5000

/**
 * Where the text of a module, or of one that it imports, cannot be read. Node.js tells that to its standard error alone,
 * so another one is asked; it runs nothing of what it cannot read.
 */
export function syntaxPlace(url: string): Promise<SourcePlace | undefined> {
  return new Promise((resolve) => {
    const code = `import ${JSON.stringify(url)}`
    const options = { timeout: CHILD_LIMIT_MS }
    execFile(
      process.execPath,
      ['--input-type=module', '--eval', code],
      options,
      (_error, _stdout, stderr) => {
        resolve(
          stderr
            .split('\n')
            .map(placeIn)
            .find((place) => place !== undefined),
        )
      },
    )
  })
}

/** The path of a file's URL; undefined for one that no file can have. Its text may be anybody's. Never throws. */
export function pathOf(url: string): string | undefined {
  try {
    return fileURLToPath(url)
  } catch {
    return undefined
  }
}

function placeIn(line: string): SourcePlace | undefined {
  const [, where, row, column] = PLACE.exec(line.trim()) ?? []
  if (where === undefined) return undefined
  const file = where.startsWith('file:') ? pathOf(where) : where
  return file === undefined
    ? undefined
    : { file, shown: `${file}:${row}${column === undefined ? '' : `:${column}`}` }
}
