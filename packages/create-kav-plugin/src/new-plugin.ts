import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { isNeeded } from './manifest.ts'
import { pluginFiles } from './plugin-files.ts'
import { pluginNames } from './plugin-names.ts'
import { type Language, LANGUAGES, type TemplateKind, TEMPLATE_KINDS } from './template-kinds.ts'

export interface NewPluginOptions {
  readonly name?: string | undefined
  readonly kind?: string | undefined
  /** `js` when absent. */
  readonly lang?: string | undefined
  /** Where to; a folder here of the package's name when absent. */
  readonly dir?: string | undefined
}

/**
 * Writes a new plugin and prints what to do next. Exit code 2 when something asked for is wrong: nothing was written
 * then.
 */
export function newPlugin(options: NewPluginOptions, print: (line: string) => void): number {
  const { name, kind, lang = 'js' } = options
  const wrong = whatIsWrong(options)
  if (wrong !== undefined) return refuse(wrong, print)
  const names = pluginNames(name!, kind as TemplateKind)
  if (typeof names === 'string') return refuse(names, print)
  const taken = whoIsCalledSo(name!, kind as TemplateKind)
  if (taken !== undefined) return refuse(taken, print)
  const dir = resolve(options.dir ?? name!.replace(/^@.*\//, ''))
  const there = whatIsThere(dir)
  if (there !== undefined) return refuse(there, print)

  const version = (
    JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  ).version
  const files = pluginFiles({ ...names, kind: kind as TemplateKind, language: lang as Language, version })
  try {
    for (const { path, text } of files) {
      makeFolder(dirname(join(dir, path)))
      writeFileSync(join(dir, path), text, { flag: 'wx' })
    }
  } catch (thrown) {
    return refuse(
      `${dir} cannot be written to (${(thrown as Error).message}); choose another place with --dir`,
      print,
    )
  }
  const here = relative(process.cwd(), dir) || '.'
  print(`wrote ${files.length} files into ${here}: ${names.packageName}, a plugin of kind ${kind}\n`)
  if (here !== '.') print(`  cd ${here}`)
  print('  npm install')
  print('  npm test          the contract of its kind, against a double of the service')
  print('\nREADME.md says what is whose, and how to place a call with it.')
  return 0
}

/** A package that depends on one of its own name gets itself, and not what it needs. */
function whoIsCalledSo(name: string, kind: TemplateKind): string | undefined {
  const own = `kav-plugin-${name.replace(/^@[^/]*\//, '')}`
  if (name.startsWith('@kav/')) return `"${name}": @kav is the scope of Kav's own packages; write ${own}`
  return isNeeded(name, kind)
    ? `"${name}" is the name of a package that the plugin depends on; write ${own}`
    : undefined
}

function refuse(why: string, print: (line: string) => void): number {
  print(why)
  return 2
}

function whatIsWrong({ name, kind, lang = 'js' }: NewPluginOptions): string | undefined {
  const example = `${name ?? 'my-stt'} --kind ${TEMPLATE_KINDS.some((one) => one === kind) ? kind : 'stt'}`
  if (name === undefined) return `the package needs a name: kav plugin new ${example}`
  if (kind === undefined)
    return `--kind is missing, one of ${TEMPLATE_KINDS.join(', ')}: kav plugin new ${example}`
  if (!TEMPLATE_KINDS.some((one) => one === kind))
    return `--kind ${kind}: there is no such kind; write one of ${TEMPLATE_KINDS.join(', ')}`
  if (!LANGUAGES.some((one) => one === lang)) return `--lang ${lang}: write js or ts`
  return undefined
}

/** By `recursive` Node tries for ever where nothing can be made, as below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

function whatIsThere(dir: string): string | undefined {
  if (!existsSync(dir)) return undefined
  if (!statSync(dir).isDirectory())
    return `${dir} is a file; choose another name, or another place with --dir`
  if (readdirSync(dir).length === 0) return undefined
  return `${dir} is not empty; choose another name, or another place with --dir`
}
