import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { manifestOf, type NewPlugin } from './manifest.ts'

/** Written there by the build, in both languages. */
const TEMPLATES = fileURLToPath(new URL('../dist/templates/', import.meta.url))

/** npm leaves files of these names out of packages, or reads them. */
const REAL_NAMES: Readonly<Record<string, string>> = { gitignore: '.gitignore', github: '.github' }
const PARAMS = 'params.md'
/** In place of a model, for the pipelines that name it; a kind may have one of its own. */
const SCRIPT = 'script.yaml'
const PARAMS_PLACE = '<!-- params -->\n'

export interface PluginFile {
  /** From the folder of the plugin, with `/`. */
  readonly path: string
  readonly text: string
}

/** Every file of a new plugin: those that all kinds have, then its own. */
export function pluginFiles(plugin: NewPlugin): readonly PluginFile[] {
  const { kind, language } = plugin
  const shared = filesIn(join(TEMPLATES, language, 'shared'))
  const own = filesIn(join(TEMPLATES, language, kind))
  const params = own.find(({ path }) => path === PARAMS)?.text ?? ''
  const manifest = { path: 'package.json', text: `${JSON.stringify(manifestOf(plugin), null, 2)}\n` }
  const pipeline = own.find(({ path }) => path === 'pipeline.yaml')?.text ?? ''
  const isWanted = ({ path }: PluginFile): boolean =>
    path !== PARAMS && (path !== SCRIPT || pipeline.includes(`./${SCRIPT}`))
  const files = [...shared.filter(({ path }) => !own.some((one) => one.path === path)), ...own].filter(
    isWanted,
  )
  return [
    manifest,
    ...files.map(({ path, text }) => ({
      path,
      text: named(
        text.replace(PARAMS_PLACE, () => `${PARAMS_PLACE}\n${params}\n`),
        plugin,
      ),
    })),
  ]
}

function filesIn(folder: string): readonly PluginFile[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return paths
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => {
      const parts = path.split(/[\\/]/).map((part) => REAL_NAMES[part] ?? part)
      return { path: parts.join('/'), text: readFileSync(join(folder, path), 'utf8') }
    })
}

/** A template with the names of the plugin in place of Acme's. */
function named(text: string, { packageName, short, kind }: NewPlugin): string {
  const snake = short.replaceAll('-', '_')
  const names: Readonly<Record<string, string>> = {
    '@acme/kav-': packageName,
    'acme-': short,
    acme_: snake,
    ACME_: snake.toUpperCase(),
  }
  // In one go: what stands in a name is no name of the template.
  const spelling = new RegExp(
    `(${Object.keys(names).join('|')})(?:${kind}|KIND|kind|${kind.toUpperCase()})(?![A-Za-z0-9])|a-kind`,
    'g',
  )
  return text.replaceAll(spelling, (_whole, start?: string) => (start === undefined ? kind : names[start]!))
}
