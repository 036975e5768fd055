import { isSecretKey, replaceSecret } from '../kit/secret-keys.ts'
import { shorten, type Path } from './problem.ts'
import { locate, type SourceNode } from './source-tree.ts'

const SECRET_TEXT = /^(sk|pk|rk|xox[abp]|gh[opsu])[-_]|^AIza|^ey[\w-]+\.|-----BEGIN|:\/\/[^/@\s]*:[^/@\s]+@/

/** How a value appears in a problem: quoted and short, or its kind, or only where it came from when it may be secret. */
export function showValue(value: unknown, path: Path, source: SourceNode): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  const { node, found } = locate(source, path)
  if (found && node.env !== undefined) {
    return node.env.names.length === 0
      ? '(hidden)'
      : `(from ${node.env.names.map((name) => `\${${name}}`).join(', ')})`
  }
  if (value === '') return '""'
  if (path.some((part) => typeof part === 'string' && isSecretKey(part))) return '(hidden)'
  if (typeof value === 'string')
    return SECRET_TEXT.test(value) ? '(hidden)' : JSON.stringify(shorten(value, 60))
  return typeof value === 'number' ? showNumber(value) : JSON.stringify(value)
}

/** The secrets in a file, each with what to print in its place; for texts that others wrote. */
export function createSecretMask(root: unknown, source: SourceNode): (text: string) => string {
  const shownAs = new Map<string, string>()
  function collect(value: unknown, path: Path): void {
    if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        collect(item, [...path, Array.isArray(value) ? Number(key) : key])
      }
    } else if (typeof value === 'string' && value.length >= 4) {
      const shown = showValue(value, path, source)
      if (shown.startsWith('(')) shownAs.set(value, shown)
    }
  }
  collect(root, [])
  // The longest first, so that a secret inside another does not leave the rest of it standing.
  const secrets = [...shownAs].sort(([a], [b]) => b.length - a.length)
  return (text) => {
    let masked = text
    for (const [secret, shown] of secrets) masked = replaceSecret(masked, secret, shown)
    return masked
  }
}

function showNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  return Number.isFinite(value) ? String(value) : value > 0 ? '.inf' : '-.inf'
}
