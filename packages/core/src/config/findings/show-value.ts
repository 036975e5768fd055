import { isSecretKey, looksSecret, Redactor } from '../../kit/secrets/index.ts'
import { secretsOfPipeline } from './pipeline-secrets.ts'
import type { EnvOrigin } from '../source/env-text.ts'
import { shorten, type Path } from '../source/problem.ts'
import { quoteText } from '../source/quote-text.ts'
import { locate, type SourceNode } from '../source/source-tree.ts'

/** How a value appears in a problem: quoted and short, or its kind, or only where it came from when it may be secret. */
export function showValue(value: unknown, path: Path, source: SourceNode): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  const { node, found } = locate(source, path)
  if (found && node.env !== undefined) return showOrigin(node.env)
  if (value === '') return '""'
  if (path.some((part) => typeof part === 'string' && isSecretKey(part))) return '(hidden)'
  if (typeof value === 'string') return looksSecret(value) ? '(hidden)' : quoteText(value)
  if (found && node.plain !== undefined) return shorten(node.plain, 60)
  return typeof value === 'number' ? showNumber(value) : JSON.stringify(value)
}

/** In place of what came from the environment. */
export function showOrigin({ names }: EnvOrigin): string {
  return names.length === 0 ? '(hidden)' : `(from ${names.map((name) => `\${${name}}`).join(', ')})`
}

/** Hides the secrets of one file. */
export interface SecretMask {
  /** For what Kav itself says of the file: without secrets. */
  readonly own: (text: string) => string
  /** For texts of others: without secrets, and without what came from the environment, which may be one. */
  readonly foreign: (text: string) => string
}

export function createSecretMask(root: unknown, source: SourceNode): SecretMask {
  const redactor = new Redactor()
  const fromEnvironment = new Map<string, string>()
  for (const secret of secretsOfPipeline(root).texts) redactor.add(secret)
  function collect(value: unknown, path: Path): void {
    if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        collect(item, [...path, Array.isArray(value) ? Number(key) : key])
      }
    } else if (typeof value === 'string' && value.length >= 4) {
      const shown = showValue(value, path, source)
      if (shown.startsWith('(from')) fromEnvironment.set(value, shown)
    }
  }
  collect(root, [])
  // The longest first, so that one inside another does not leave the rest of it standing.
  const longestFirst = [...fromEnvironment].sort(([a], [b]) => b.length - a.length)
  const own = (text: string): string => redactor.clean(text).replaceAll('"(hidden)"', '(hidden)')
  return {
    own,
    foreign: (text) =>
      own(
        longestFirst.reduce((masked, [value, shown]) => {
          // A quote, a backslash or a line end in it is written otherwise in quotes.
          const quoted = JSON.stringify(value)
          return [quoted, quoted.slice(1, -1), value].reduce(
            (left, spelled) => left.replaceAll(spelled, () => shown),
            masked,
          )
        }, text),
      ),
  }
}

function showNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  return Number.isFinite(value) ? String(value) : value > 0 ? '.inf' : '-.inf'
}
