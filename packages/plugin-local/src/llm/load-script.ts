import { basename } from 'node:path'
import { readRegularFileSync } from '@kav/core/kit'
import { LineCounter, isMap, isNode, isPair, isScalar, parseDocument, type Document } from 'yaml'
import { checkScript, type ScriptPath } from './check-script.ts'
import type { Script } from './script-schema.ts'

/** Most bytes of a script: a file of this size is not one. */
const MAX_BYTES = 1 << 20

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  ENOTREG: 'it is no regular file',
}

/** Reads a script file. Throws an `Error` whose message lists every problem as `file:line:column path: what`. */
export function loadScript(file: string): Script {
  return parseScript(readText(file), basename(file))
}

function readText(file: string): string {
  let bytes: Buffer
  try {
    bytes = readRegularFileSync(file, MAX_BYTES)
  } catch (thrown) {
    const { code = '' } = thrown as NodeJS.ErrnoException
    if (code === 'EFBIG')
      throw new Error(`The script ${file} is larger than ${MAX_BYTES} bytes`, { cause: thrown })
    throw new Error(`Cannot read the script ${file}: ${WHY[code] ?? String(thrown)}`, { cause: thrown })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (thrown) {
    throw new Error(`The script ${file} is not UTF-8 text`, { cause: thrown })
  }
}

/** The text of a script file; `name` stands in front of each problem. */
export function parseScript(text: string, name: string): Script {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    strict: true,
    uniqueKeys: true,
  })
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${name}:${Math.max(1, line)}:${Math.max(1, col)}`
  }
  const faults = document.errors.map((error) => `${place(error.pos[0])} ${error.message}`)
  if (faults.length > 0) throw scriptError(name, faults)
  const value = valueOf(document, name)
  const problems = checkScript(value).map(
    ({ path, message }) => `${place(offsetOf(document, path))} ${pathName(path)}: ${message}`,
  )
  if (problems.length > 0) throw scriptError(name, problems)
  return value as Script
}

/** A script written inside the pipeline file. */
export function checkInlineScript(value: unknown): Script {
  const problems = checkScript(value).map(
    ({ path, message }) => `${pathName(['script', ...path])}: ${message}`,
  )
  if (problems.length > 0) throw scriptError('script', problems)
  return value as Script
}

function valueOf(document: Document, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown
  } catch (thrown) {
    throw scriptError(name, [`${name}:1:1 ${thrown instanceof Error ? thrown.message : String(thrown)}`])
  }
}

function scriptError(name: string, problems: readonly string[]): Error {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  return new Error(
    `The script ${name} has ${count}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
  )
}

/** Where the value at `path` is written, or what holds it when it is missing. */
function offsetOf(document: Document, path: ScriptPath): number {
  for (let length = path.length; length >= 0; length--) {
    const holder = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const key = path[length - 1]
    if (length > 0 && isMap(holder)) {
      const pair = holder.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
      const written = pair?.key
      if (isNode(written) && written.range) return written.range[0]
    }
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function pathName(path: ScriptPath): string {
  if (path.length === 0) return 'script'
  return path.reduce<string>(
    (name, part) => (typeof part === 'number' ? `${name}[${part}]` : name === '' ? part : `${name}.${part}`),
    '',
  )
}
