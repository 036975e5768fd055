import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { linearPattern } from '../kit/linear-expression.ts'
import { openRegularFile } from '../kit/read-regular-file.ts'
import { FILE_PATH } from './schema/field.ts'
import { listOf, mapOf } from './source/value-shapes.ts'

/** A file that a pipeline names, as it was when the pipeline was read. */
export interface NamedFile {
  /** Absolute. */
  readonly path: string
  /** SHA-256 of its content, in hex; empty where there was none to read. */
  readonly digest: string
}

/** A longer text is no path: some fields take what stands in a file in place of its name. */
const LONGEST_PATH = 1000
const LONGEST_NAME = 255
/** What is larger is known by size and time: nobody waits for gigabytes. */
const LARGEST_READ_BYTES = 256 * 2 ** 20

/** Paths, as they are written, at the places that the schema marks with `FILE_PATH`; each once. */
export function pathsIn(schema: unknown, value: unknown): readonly string[] {
  const found = new Set<string>()
  collect(schema, value, found)
  return [...found]
}

function collect(schema: unknown, value: unknown, found: Set<string>): void {
  const rules = mapOf(schema)
  if (rules === undefined || value === undefined) return
  if (rules['format'] === FILE_PATH && typeof value === 'string' && isPath(value)) found.add(value)
  for (const keyword of ['allOf', 'anyOf', 'oneOf'])
    for (const part of listOf(rules[keyword])) collect(part, value, found)
  for (const item of listOf(value)) collect(rules['items'], item, found)
  const properties = mapOf(rules['properties']) ?? {}
  const patterns = Object.entries(mapOf(rules['patternProperties']) ?? {})
  for (const [name, item] of Object.entries(mapOf(value) ?? {})) {
    const matching = patterns.flatMap(([pattern, part]) => (linearPattern(pattern).test(name) ? [part] : []))
    const own = Object.hasOwn(properties, name) ? [properties[name]] : []
    const known = [...own, ...matching]
    for (const part of known.length > 0 ? known : [rules['additionalProperties']]) collect(part, item, found)
  }
}

function isPath(text: string): boolean {
  if (text === '' || text.length > LONGEST_PATH || /^\s*\{|[\r\n\0]|-----BEGIN/.test(text)) return false
  return text.split(/[/\\]/).every((name) => name.length <= LONGEST_NAME)
}

/** Reads each of them. Never rejects. */
export async function readNamedFiles(
  paths: readonly string[],
  baseDir: string,
): Promise<readonly NamedFile[]> {
  return await Promise.all(
    paths.map(async (written) => {
      const path = resolve(baseDir, written)
      return { path, digest: await digestOf(path).catch(() => '') }
    }),
  )
}

async function digestOf(path: string): Promise<string> {
  const { handle, found } = await openRegularFile(path)
  try {
    const hash = createHash('sha256')
    if (found.size > LARGEST_READ_BYTES) return hash.update(`${found.size} ${found.mtimeMs}`).digest('hex')
    const content = handle.createReadStream({ autoClose: false, end: LARGEST_READ_BYTES })
    for await (const chunk of content) hash.update(chunk as Buffer)
    return hash.digest('hex')
  } finally {
    await handle.close()
  }
}
