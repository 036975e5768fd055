import type { ErrorObject } from 'ajv'
import type { SchemaCheck } from './compile-schema.ts'
import { parseCoreScalar } from '../source/env-text.ts'
import { fillDefaults } from '../../kit/fill-defaults.ts'
import type { Path } from '../source/problem.ts'
import type { Finding, FindingContext } from './schema-findings.ts'
import { showValue } from './show-value.ts'
import { isBroken, locate, type SourceNode } from '../source/source-tree.ts'
import { findingsOf, pathOf } from './union-findings.ts'

/** Enough to work with; a file that has more is some other kind of file. */
const MAX_ERRORS = 1000

export interface CheckedValue {
  /** A copy with defaults filled in and numbers from the environment as numbers. */
  readonly value: unknown
  readonly findings: readonly Finding[]
}

/**
 * One value against one schema. `basePath` is where the value stands in the file, `source` the whole file's tree.
 * Values that depend on a missing variable are not judged: that problem is already told.
 */
export function checkValue(
  schema: object,
  check: SchemaCheck,
  value: unknown,
  basePath: Path,
  source: SourceNode,
  options: Partial<Omit<FindingContext, 'show'>> = {},
): CheckedValue {
  const root = { value: fillDefaults(schema, structuredClone(value)) }
  let errors = check(root.value)
  if (errors.length > 0 && useTypedEnv(root, errors, basePath, source)) errors = check(root.value)
  const context: FindingContext = {
    show: (shown, path) => showValue(shown, [...basePath, ...path], source),
    alsoKnown: [],
    nounFor: () => 'field',
    ...options,
  }
  const findings = findingsOf(errors.slice(0, MAX_ERRORS), root.value, context)
    .filter((finding) => !isUnjudgeable(finding, basePath, source))
    .map((finding) => (isOfDefault(finding, value, root.value) ? blamingSchema(finding) : finding))
  return { value: root.value, findings }
}

/** The value without numbers that its schema refuses: what would follow from them is no news. */
export function withoutRefusedNumbers({ value, findings }: CheckedValue): unknown {
  const root = { value: structuredClone(value) }
  for (const { path, at } of findings)
    if (at === 'value' && typeof valueAt(root.value, path) === 'number') setAt(root, path, undefined)
  return root.value
}

/** Whether the value that is wrong was written by nobody. */
function isOfDefault({ path, at }: Finding, written: unknown, filled: unknown): boolean {
  return at === 'value' && valueAt(written, path) === undefined && valueAt(filled, path) !== undefined
}

function blamingSchema(finding: Finding): Finding {
  return {
    ...finding,
    message: `${finding.message}; that is the default of the schema itself, which does not allow it: write the field, and tell whoever keeps the plugin`,
  }
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (within, key) =>
      typeof within === 'object' && within !== null && Object.hasOwn(within, key)
        ? (within as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  )
}

/**
 * Where a number or true/false is wanted and the text is one whole `${NAME}`, the text is read as YAML would
 * read it. Returns whether anything changed.
 */
function useTypedEnv(
  root: { value: unknown },
  errors: readonly ErrorObject[],
  basePath: Path,
  source: SourceNode,
): boolean {
  let changed = false
  for (const error of errors) {
    if (typeof error.data !== 'string' || !wants(error, parseCoreScalar(error.data))) continue
    const path = pathOf(error, root.value)
    const { node, found } = locate(source, [...basePath, ...path])
    if (!found || !node.env?.whole || node.env.broken) continue
    setAt(root, path, parseCoreScalar(error.data))
    changed = true
  }
  return changed
}

function wants(error: ErrorObject, plain: string | number | boolean): boolean {
  if (typeof plain === 'string') return false
  if (error.keyword === 'const') return error.schema === plain
  if (error.keyword === 'enum') return (error.schema as readonly unknown[]).includes(plain)
  if (error.keyword !== 'type') return false
  const types: readonly unknown[] = Array.isArray(error.schema) ? error.schema : [error.schema]
  return types.includes(typeof plain) || (typeof plain === 'number' && types.includes('integer'))
}

function setAt(root: { value: unknown }, path: Path, value: unknown): void {
  let holder: Record<string, unknown> = root
  let key = 'value'
  for (const part of path) {
    holder = holder[key] as Record<string, unknown>
    key = String(part)
  }
  holder[key] = value
}

function isUnjudgeable(finding: Finding, basePath: Path, source: SourceNode): boolean {
  if (finding.at !== 'value') return false
  const path = [...basePath, ...finding.path]
  const { node, found } = locate(source, path)
  // A map with a missing variable somewhere below is still a map: only what is not structure is unknown.
  return found && node.children.size > 0 ? false : isBroken(source, path)
}
