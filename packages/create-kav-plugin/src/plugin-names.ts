import { builtinModules } from 'node:module'
import type { TemplateKind } from './template-kinds.ts'

/** How a new plugin is called, and where. */
export interface PluginNames {
  /** In package.json and in YAML: `@acme/kav-stt`. */
  readonly packageName: string
  /** In logs: `acme-stt`. */
  readonly short: string
}

const MAX_CHARS = 214
const TAKEN: ReadonlySet<string> = new Set(['node_modules', 'favicon.ico', ...builtinModules])

/** Why npm would not take this for the name of a package, with one that it would; `undefined`: it would. */
export function whyNoPackageName(name: string): string | undefined {
  const parts = name.startsWith('@') ? name.slice(1).split('/') : [name]
  const isRight =
    parts.length === (name.startsWith('@') ? 2 : 1) &&
    parts.every((part) => /^[a-z0-9][a-z0-9._-]*$/.test(part))
  if (isRight && name.length <= MAX_CHARS && !TAKEN.has(name)) return undefined
  const why = TAKEN.has(name)
    ? 'it is taken'
    : name.length > MAX_CHARS
      ? `it has more than ${MAX_CHARS} characters`
      : 'it has to be of small letters, digits, "-", "_" and ".", with @scope/ before it or without'
  const nearest = nearestName(name)
  return `"${name}" is no name for an npm package: ${why}${nearest === '' ? '' : `; write ${nearest}`}`
}

function nearestName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, MAX_CHARS - 7)
  return TAKEN.has(plain) ? `kav-${plain}` : plain
}

/** The names of a plugin in this package; a text: why there are none. */
export function pluginNames(packageName: string, kind: TemplateKind): PluginNames | string {
  const wrong = whyNoPackageName(packageName)
  if (wrong !== undefined) return wrong
  const [scope, name = ''] = packageName.startsWith('@') ? packageName.slice(1).split('/') : ['', packageName]
  const bare = name.replace(/^kav-(plugin-)?/, '') || name
  const isKind = bare === kind && scope !== ''
  const short = (isKind ? `${scope}-${bare}` : bare).replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')
  // Names of metrics and of environment variables are made of it.
  if (/^[a-z]/.test(short)) return { packageName, short }
  return `"${packageName}": the plugin would be called "${short}", and that has to begin with a letter; write kav-plugin-${kind}-${short}`
}
