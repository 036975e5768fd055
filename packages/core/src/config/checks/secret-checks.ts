import { isPlainElsewhere } from '../../kit/plain-elsewhere.ts'
import { guardsNothing, isPlaceholder, isSecretKey, looksSecret } from '../../kit/secrets/index.ts'
import { visible } from '../hints/meant-value.ts'
import { namedVariable, oddInToken } from '../hints/other-spellings.ts'
import type { Path } from '../source/problem.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { locate, type SourceNode } from '../source/source-tree.ts'
import { listOf, mapOf } from '../source/value-shapes.ts'

/** A key file's content, which has quotes and line ends of its own. */
const KEY_FILE = /^\s*\{|-----BEGIN/
/** Under these no value has white space inside; a password or a header may. */
const ONE_WORD = /(^|_)(key|token|bearer)$/i
/** In quotes of YAML that came along, or of a word processor, which are none to YAML. */
const QUOTED = /^(["'`“„‘«])(.*)(["'`”“’»])$/s
/** What stands there is where a secret is. */
const PATH_NAME = /_(file|path)$/
/** Shorter ones are what a local server is given that asks for any key at all. */
const MIN_SECRET_CHARS = 16
/** What the redactor lets pass, for it is in every text. */
const MIN_HIDDEN_CHARS = 6
const TOO_ORDINARY =
  'is as short as a word, or is one, and so it is not hidden where texts have it; use a longer one, with digits'

/**
 * Takes white space and quotes off the ends of secrets and of values that are one whole `${NAME}`: environment files
 * bring them along, and no provider takes them. Changes `root`; says so at each.
 */
export function trimSecrets(root: unknown, source: SourceNode): readonly Finding[] {
  const found: Finding[] = []
  eachText(root, [], (text, path, replace) => {
    const { node } = locate(source, path)
    const secret = isSecretAt(path)
    if (!isOfAProvider(path) || !(secret || node.env?.whole) || node.env?.broken || KEY_FILE.test(text))
      return
    const where =
      node.env === undefined ? 'here' : `in ${node.env.names.map((name) => `\${${name}}`).join(', ')}`
    const seen = visible(text)
    const trimmed = seen.trim()
    const bare = trimmed.replace(QUOTED, '$2').trim()
    if (text !== seen)
      found.push(doubt(path, `a character that is not seen is left out; write it anew ${where}`))
    if (seen !== trimmed) found.push(doubt(path, `white space at its ends is left out; remove it ${where}`))
    if (trimmed !== bare) found.push(doubt(path, `the quotes around it are left out; remove them ${where}`))
    if (secret && /^["']|["']$/.test(bare))
      found.push(doubt(path, `begins or ends with a quote; remove it ${where}`))
    if (secret && ONE_WORD.test(String(path.at(-1)))) {
      const odd = oddInToken(bare)
      const other = node.env === undefined ? undefined : namedVariable(bare, false)
      if (odd !== undefined) found.push(doubt(path, `${odd} ${where}`))
      else if (other !== undefined)
        found.push(doubt(path, `names another variable, which is not filled in; write its value ${where}`))
    }
    if (bare !== text) replace(bare)
  })
  return found
}

/**
 * Secrets that stand in the file itself, and those that cross a network readable. `isChoice`: what stands there is one
 * of the words that a plugin takes.
 */
export function secretWarnings(
  root: unknown,
  source: SourceNode,
  isChoice: (path: Path) => boolean,
): readonly Finding[] {
  const found: Finding[] = []
  eachText(root, [], (text, path) => {
    if (isChoice(path)) return
    if (isKeyOfAProvider(path) && text !== '' && (guardsNothing(text) || text.length < MIN_HIDDEN_CHARS)) {
      found.push(doubt(path, isPlaceholder(text) ? placeholderText(path) : TOO_ORDINARY))
      return
    }
    const { env } = locate(source, path).node
    const named = env === undefined ? namedVariable(text, isKeyOfAProvider(path)) : undefined
    if (named !== undefined && (isOfAProvider(path) || path[0] === 'hooks')) {
      found.push(doubt(path, `is no variable here and stays as it is; write "\${${named}}"`))
      return
    }
    // A user and password in the URL of a tool are refused anyway.
    if (isToolUrl(path)) return
    const literals = env === undefined ? [text] : env.presets
    const isSecret = (literal: string): boolean =>
      looksSecret(literal) || (isSecretAt(path) && isLiteralSecret(literal, path))
    if (!literals.some(isSecret)) return
    const name = env?.names[0] ?? variableFor(path)
    const message = `a secret is written in the file; keep it in the environment, and write "\${${name}}"`
    found.push(doubt(path, message))
  })
  return [...found, ...readableTools(root)]
}

const placeholderText = (path: Path): string =>
  `is a placeholder and guards nothing: write the real one, or leave \`${String(path.at(-1))}\` out where none is asked for`

/** `API_KEY` of what stands at `params.api_key`, or in a list there. */
function variableFor(path: Path): string {
  const field = path.findLast((part) => typeof part === 'string') ?? 'SECRET'
  return field.replaceAll(/\W+/g, '_').replace(/^\d/, '_$&').toUpperCase()
}

/** By its own name: not a text somewhere below one. */
function isKeyOfAProvider(path: Path): boolean {
  const name = String(path.at(-1))
  return isOfAProvider(path) && isSecretKey(name) && !PATH_NAME.test(name)
}

function isLiteralSecret(text: string, path: Path): boolean {
  const bare = text.replace(/^(bearer|basic) /i, '')
  if (bare.length < MIN_SECRET_CHARS || /[\s{}]/.test(bare) || PATH_NAME.test(String(path.at(-1))))
    return false
  // The path of a key file, which `credentials` may be.
  return !/^([.~]|[A-Za-z]:)?[/\\]|\.(json|pem|txt|key)$/.test(bare)
}

function readableTools(root: unknown): readonly Finding[] {
  return listOf(mapOf(mapOf(root)?.['tools'])?.['http']).flatMap((tool, index) => {
    const { url, auth, headers } = mapOf(tool) ?? {}
    const proves = auth !== undefined || Object.keys(mapOf(headers) ?? {}).some(isSecretKey)
    if (!proves || typeof url !== 'string' || !isPlainElsewhere(url)) return []
    const message = 'is http to another machine: what proves who asks crosses the network readable; use https'
    return [doubt(['tools', 'http', index, 'url'], message)]
  })
}

function isToolUrl(path: Path): boolean {
  return path[0] === 'tools' && path[1] === 'http' && path[3] === 'url'
}

function isSecretAt(path: Path): boolean {
  return path.some((part) => typeof part === 'string' && isSecretKey(part))
}

/** Params of a stage, and what http tools are let in with. */
function isOfAProvider(path: Path): boolean {
  return path.includes('params') || (path[0] === 'tools' && path[1] === 'http')
}

function eachText(
  value: unknown,
  path: Path,
  visit: (text: string, path: Path, replace: (text: string) => void) => void,
): void {
  if (typeof value !== 'object' || value === null) return
  const holder = value as Record<string, unknown>
  for (const [key, item] of Object.entries(holder)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key]
    if (typeof item === 'string') visit(item, at, (text) => (holder[key] = text))
    else eachText(item, at, visit)
  }
}

function doubt(path: Path, message: string): Finding {
  return { code: 'KAV_CONFIG_DOUBT', path, at: 'value', message }
}
