import type { ErrorCode } from '../../errors.ts'

/** One thing wrong with a pipeline file, at its place. */
export interface Problem {
  /** The file as it was named to `loadPipeline`. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units as editors count them. */
  readonly column: number
  /** `stt.params.region`; empty for the file as a whole. */
  readonly path: string
  /** One line, without place and path. Holds no secret. */
  readonly message: string
  readonly severity: 'error' | 'warning'
  readonly code: ErrorCode
}

/** One aligned line per problem: `file:line:column path: message`. */
export function formatProblems(problems: readonly Problem[]): string {
  const places = problems.map(({ file, line, column }) => `${file}:${line}:${column}`)
  const width = Math.max(0, ...places.map((place) => place.length))
  return problems
    .map((problem, index) => {
      const warning = problem.severity === 'warning' ? 'warning: ' : ''
      const path = problem.path === '' ? '' : `${problem.path}: `
      return `${(places[index] ?? '').padEnd(width)} ${warning}${path}${problem.message}`
    })
    .join('\n')
}

export type Path = readonly (string | number)[]

/** `['stt', 'fallback', 0, 'params']` as people read it: `stt.fallback[0].params`. */
export function formatPath(path: Path): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else if (!/^[\w-]{1,64}$/.test(part)) text += `[${JSON.stringify(shorten(part, 40))}]`
    else text += text === '' ? part : `.${part}`
  }
  return text
}

/** At most `max` characters, never half a surrogate pair, control characters made visible by the caller's quoting. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text
  return `${text.slice(0, max).replace(/[\uD800-\uDBFF]$/, '')}…`
}
