import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isNode, LineCounter, parseDocument } from 'yaml'
import { STEP_SHAPES, type CallerStep, type CallerStepName, type StepField } from './caller-step.ts'
import { whyUnread } from './file-fault.ts'
import { PhoneError } from './phone-error.ts'

export interface CallerScript {
  readonly name: string
  /** Where relative recordings are looked for, before those that come with the phone. */
  readonly baseDir: string
  readonly from?: string
  readonly to?: string
  /** The whole call is over by then. */
  readonly timeoutMs: number
  readonly steps: readonly CallerStep[]
}

type Path = readonly (string | number)[]
type Problem = { path: Path; text: string }

const CALL_TIMEOUT_MS = 120_000
const MAX_MS = 3_600_000
const TOP_FIELDS = ['name', 'from', 'to', 'timeout_ms', 'steps']
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const show = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 60)
const pathText = (path: Path): string =>
  path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('')

/** Reads a script file. Throws `KAV_PHONE_SCRIPT_INVALID` listing every problem as `file:line:column path: text`. */
export function loadCallerScript(path: string): CallerScript {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (thrown) {
    throw new PhoneError('KAV_PHONE_SCRIPT_INVALID', `cannot read the script ${path}: ${whyUnread(thrown)}`, {
      cause: thrown,
    })
  }
  return parseCallerScript(text, path)
}

/** Reads a script from YAML text; `path` is used for messages and as the place of relative recordings. */
export function parseCallerScript(text: string, path = 'script.yaml'): CallerScript {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  if (document.errors.length > 0) {
    throw invalid(document.errors.map((error) => `${at(error.pos[0])} ${error.message.split('\n')[0]}`))
  }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 50 })
  } catch (thrown) {
    throw invalid([`${path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`])
  }
  const position = (problemPath: Path): string => {
    for (let depth = problemPath.length; depth >= 0; depth--) {
      const node = depth === 0 ? document.contents : document.getIn(problemPath.slice(0, depth), true)
      if (isNode(node) && node.range) return at(node.range[0])
    }
    return `${path}:1:1`
  }
  return checkScript(value, dirname(resolve(path)), position)
}

/** Checks a script written as a value: the same shape as the YAML. */
export function createCallerScript(value: unknown, baseDir = process.cwd()): CallerScript {
  return checkScript(value, baseDir, () => 'script')
}

function invalid(lines: readonly string[]): PhoneError {
  return new PhoneError('KAV_PHONE_SCRIPT_INVALID', lines.join('\n'))
}

function checkScript(value: unknown, baseDir: string, position: (path: Path) => string): CallerScript {
  const problems: Problem[] = []
  const report = (path: Path, text: string): void => void problems.push({ path, text })
  const top = isMap(value) ? value : {}
  if (!isMap(value)) report([], `a script is a map with "steps", not ${show(value)}`)
  for (const key of Object.keys(top)) {
    if (!TOP_FIELDS.includes(key)) report([key], `unknown field; a script has ${TOP_FIELDS.join(', ')}`)
  }
  for (const key of ['name', 'from', 'to']) {
    if (key in top && typeof top[key] !== 'string')
      report([key], `must be a text in quotes, not ${show(top[key])}`)
  }
  const timeout = 'timeout_ms' in top ? top['timeout_ms'] : CALL_TIMEOUT_MS
  if (!isMs(timeout)) report(['timeout_ms'], `must be a number of milliseconds, not ${show(timeout)}`)
  const list = top['steps']
  if (isMap(value) && (!Array.isArray(list) || list.length === 0)) {
    report(
      ['steps'],
      list === undefined ? 'missing: a list of steps' : `must be a list of steps, not ${show(list)}`,
    )
  }
  const steps = (Array.isArray(list) ? list : []).map((step, i) => checkStep(step, ['steps', i], report))
  if (problems.length > 0) {
    throw invalid(
      problems.map(
        ({ path, text }) => `${position(path)}${path.length > 0 ? ` ${pathText(path)}` : ''}: ${text}`,
      ),
    )
  }
  const text = (key: string): string | undefined => top[key] as string | undefined
  return {
    name: text('name') ?? 'caller',
    baseDir,
    ...(text('from') !== undefined && { from: text('from')! }),
    ...(text('to') !== undefined && { to: text('to')! }),
    timeoutMs: timeout as number,
    steps: steps as CallerStep[],
  }
}

function isMs(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_MS
}

function checkStep(
  step: unknown,
  path: Path,
  report: (path: Path, text: string) => void,
): Record<string, unknown> | undefined {
  const entry = typeof step === 'string' ? { [step]: null } : step
  const names = isMap(entry) ? Object.keys(entry) : []
  const name = names[0]
  if (!isMap(entry) || name === undefined || names.length > 1) {
    return void report(path, `a step is one of ${Object.keys(STEP_SHAPES).join(', ')}; found ${show(step)}`)
  }
  if (!Object.hasOwn(STEP_SHAPES, name)) {
    return void report([...path, name], `unknown step; there are ${Object.keys(STEP_SHAPES).join(', ')}`)
  }
  const shape = STEP_SHAPES[name as CallerStepName]
  const given = entry[name]
  const values = isMap(given)
    ? given
    : given === null || given === true || given === undefined
      ? {}
      : { [shape.short ?? '']: given }
  const checked: Record<string, unknown> = { do: name }
  for (const key of Object.keys(values)) {
    if (Object.hasOwn(shape.fields, key)) continue
    const fields = Object.keys(shape.fields)
    const takes = fields.length === 0 ? 'takes nothing' : `takes ${fields.join(', ')}`
    report(
      key === '' ? [...path, name] : [...path, name, key],
      key === '' ? takes : `unknown field; ${name} ${takes}`,
    )
  }
  for (const [key, field] of Object.entries(shape.fields)) {
    const where = isMap(given) ? [...path, name, key] : [...path, name]
    const problem = checkField(values[key], field)
    if (problem) report(where, `${key} ${problem}`)
    const found = values[key] ?? field.default
    if (found !== undefined) checked[key] = found
  }
  return checked
}

function checkField(value: unknown, field: StepField): string | undefined {
  if (value === undefined || value === null) {
    return field.default !== undefined || field.optional ? undefined : 'is missing'
  }
  if (field.type === 'ms') {
    return isMs(value) ? undefined : `must be a number of milliseconds up to ${MAX_MS}, not ${show(value)}`
  }
  if (typeof value !== 'string' || value === '') return `must be a text in quotes, not ${show(value)}`
  if (field.type === 'digits' && !/^[0-9*#A-Dw]+$/.test(value)) {
    return `may hold 0-9 * # A-D and w (half a second), not ${show(value)}`
  }
  return undefined
}
