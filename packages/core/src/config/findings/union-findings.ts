import type { ErrorObject } from 'ajv'
import { didYouMean } from '../../kit/did-you-mean.ts'
import type { Path } from '../source/problem.ts'
import {
  findingOf,
  notOneOf,
  typeFinding,
  typeWords,
  type Finding,
  type FindingContext,
} from './schema-findings.ts'

type Schema = Readonly<Record<string, unknown>>

/**
 * ajv's errors as findings, one for each mistake. A value that fits none of several alternatives gives many
 * errors in ajv, those of every branch; here it gives those of the branch that was surely meant, or one that
 * lists what is allowed.
 */
export function findingsOf(
  errors: readonly ErrorObject[],
  value: unknown,
  context: FindingContext,
): Finding[] {
  const open: { error: ErrorObject; findings: readonly Finding[] }[] = []
  for (const error of errors) {
    const path = pathOf(error, value)
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      open.push({ error, findings: error.keyword === 'if' ? [] : [findingOf(error, path, context)] })
      continue
    }
    // Errors of the branches stand just before the error of the union.
    const ofBranches: typeof open = []
    while (open.at(-1)?.error.schemaPath.startsWith(`${error.schemaPath}/`)) ofBranches.unshift(open.pop()!)
    open.push({ error, findings: unionFindings(error, path, ofBranches, context) })
  }
  return withoutEchoes(open.flatMap(({ findings }) => findings))
}

function unionFindings(
  error: ErrorObject,
  path: Path,
  ofBranches: readonly { error: ErrorObject; findings: readonly Finding[] }[],
  context: FindingContext,
): readonly Finding[] {
  const branches = flatten(error.schema as readonly Schema[])
  const shown = context.show(error.data, path)
  const words = branches.flatMap((branch) => constantsOf(branch) ?? [])
  if (branches.every((branch) => constantsOf(branch) !== undefined))
    return [notOneOf(words, error.data, shown, path)]

  const meant = new Map<string, Finding[]>()
  const schemas = error.schema as readonly Schema[]
  for (const { error: inner, findings } of ofBranches) {
    const index = inner.schemaPath.slice(error.schemaPath.length + 1).split('/')[0] ?? ''
    if (!fitsType(schemas[Number(index)], error.data)) continue
    meant.set(index, [...(meant.get(index) ?? []), ...findings])
  }
  const candidates = [...meant.values()]
  const best = candidates.length === 1 ? candidates[0] : mostLikely(candidates, path)
  if (best !== undefined) return best
  const expected = branches.flatMap(
    (branch) => constantsOf(branch)?.map(quoteWord) ?? typeWords(branch['type']),
  )
  const word = typeof error.data === 'string' ? didYouMean(error.data, words.map(String)) : undefined
  const hint = word === undefined ? '' : `; did you mean "${word}"?`
  return [typeFinding(error, [...new Set(expected)], shown, path, { schemas: branches, hint })]
}

/** Among maps, the branch whose fixed fields (`type: sip`) agree with what is written, or the one with fewest faults. */
function mostLikely(candidates: readonly Finding[][], path: Path): readonly Finding[] | undefined {
  const agreeing = candidates.filter(
    (findings) =>
      !findings.some((finding) => finding.path.length === path.length + 1 && isFixedField(finding)),
  )
  return [...(agreeing.length > 0 ? agreeing : candidates)].sort((a, b) => a.length - b.length)[0]
}

function isFixedField(finding: Finding): boolean {
  return finding.code === 'KAV_CONFIG_VALUE' && finding.message.startsWith('must be ')
}

function flatten(branches: readonly Schema[]): Schema[] {
  return branches.flatMap((branch) =>
    Array.isArray(branch['anyOf']) ? flatten(branch['anyOf'] as readonly Schema[]) : [branch],
  )
}

function constantsOf(branch: Schema): readonly unknown[] | undefined {
  if ('const' in branch) return [branch['const']]
  return Array.isArray(branch['enum']) ? (branch['enum'] as readonly unknown[]) : undefined
}

/** Whether a branch is meant by a value of this type; a fixed word is not, or every text would mean it. */
function fitsType(branch: Schema | undefined, value: unknown): boolean {
  if (branch === undefined || constantsOf(branch) !== undefined) return false
  if (Array.isArray(branch['anyOf'])) return branch['anyOf'].some((inner) => fitsType(inner as Schema, value))
  const types: readonly unknown[] = Array.isArray(branch['type']) ? branch['type'] : [branch['type']]
  if (Array.isArray(value)) return types.includes('array')
  if (value === null) return types.includes('null')
  if (typeof value === 'number') return types.includes('number') || types.includes('integer')
  return types.includes(typeof value)
}

function quoteWord(word: unknown): string {
  return JSON.stringify(word)
}

/** Where an error stands in the value: ajv's JSON pointer with list indexes as numbers. */
export function pathOf(error: ErrorObject, root: unknown): Path {
  const path: (string | number)[] = []
  let value = root
  for (const part of error.instancePath.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(value) ? Number(key) : key)
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
  }
  return path
}

/** The same sentence twice at one place is said once, and a value of the wrong type is not judged otherwise. */
function withoutEchoes(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ path, at }: Finding) => `${at} ${JSON.stringify(path)}`
  const mistyped = new Set(findings.filter(({ code }) => code === 'KAV_CONFIG_TYPE').map(keyOf))
  const seen = new Set<string>()
  return findings.filter((finding) => {
    const key = `${keyOf(finding)} ${finding.message}`
    const isEcho = seen.has(key) || (finding.code === 'KAV_CONFIG_VALUE' && mistyped.has(keyOf(finding)))
    seen.add(key)
    return !isEcho
  })
}
