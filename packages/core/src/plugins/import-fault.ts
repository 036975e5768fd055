import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { messageOf } from '../contracts/index.ts'
import { framesOf } from '../contracts/stack-frames.ts'
import { coreCopy, OWN_CORE } from './core-copy.ts'
import { IMPORT_LIMIT_MS, ImportExits, ImportHangs } from './import-module.ts'
import { installFolder, manifestAbove } from './manifest-above.ts'
import type { PluginFault } from './plugin-name.ts'
import { pathOf, placeInFrames, placeInStack, syntaxPlace } from './source-place.ts'

/** Why a plugin could not be imported, with the place in its own source where there is one, and what to do. */
export async function importFault(name: string, url: string, thrown: unknown): Promise<PluginFault> {
  const message = `"${name}" ${await whyNot(url, thrown)}`
  return { code: 'KAV_PLUGIN_IMPORT', message }
}

async function whyNot(url: string, thrown: unknown): Promise<string> {
  if (thrown instanceof ImportHangs) return hanging(url, thrown.how)
  if (thrown instanceof ImportExits) {
    const place = placeInFrames(thrown.frames)
    return `ended the process while it was imported: ${thrown.message}${at(place)}; throw an error from create instead`
  }
  return (await missing(thrown)) ?? (await notReadable(url, thrown)) ?? failed(thrown)
}

function hanging(url: string, how: ImportHangs['how']): string {
  const seconds = IMPORT_LIMIT_MS / 1000
  const where = pathOf(url) ?? url
  if (how === 'busy')
    return `was still computing after ${seconds} s while it was imported (${where}); importing a plugin must do nothing: look for a loop without end at the top of a module`
  return `was still being imported after ${seconds} s (${where}); importing a plugin must do nothing: wait for servers and files in warm, not at the top of a module`
}

function failed(thrown: unknown): string {
  const place = placeInFrames(framesOf(thrown))
  const advice =
    place === undefined
      ? ''
      : `${at(place)}; importing a plugin must do nothing, so let create do what can fail`
  return `failed while it was imported: ${firstLine(thrown)}${advice}`
}

/** Something that the plugin imports is not there. */
async function missing(thrown: unknown): Promise<string | undefined> {
  const message = messageOf(thrown)
  const esm = /^Cannot find (package|module) '([^']+)' imported from (.+)/.exec(message)
  const cjs = /^Cannot find (module) '([^']+)'\nRequire stack:\n- (.+)/.exec(message)
  const [, what, wanted = '', importer = ''] = esm ?? cjs ?? []
  if (what === undefined) return undefined
  const from = importer.startsWith('file:') ? pathOf(importer) : importer
  if (from === undefined) return undefined
  if (/^[./]/.test(wanted)) {
    const written = typescriptBeside(wanted, from)
    const fix =
      written === undefined
        ? 'correct the path, or build the package'
        : `${written} is: TypeScript runs here as it is written, so import it by that name, or build the package and name the .js`
    return `imports ${wanted}, which is not there (from ${from}); ${fix}`
  }
  const packageName = packageOf(wanted)
  const version = packageName === '@kav/core' ? `@${(await coreCopy(OWN_CORE)).version}` : ''
  const folder = await installFolder(from)
  return `imports "${wanted}", which is not installed for it (from ${from}); run in ${folder}: npm install ${packageName}${version}`
}

/** `./wire.js` for `wire.ts` is how a compiler wants it. */
function typescriptBeside(wanted: string, from: string): string | undefined {
  if (!/\.m?ts$/.test(from)) return undefined
  const written = wanted.replace(/\.(m?)js$/, '.$1ts')
  return written !== wanted && existsSync(written) ? basename(written) : undefined
}

const ESM_IN_COMMONJS =
  /^(?:Cannot use import statement outside a module|Unexpected token 'export'|Cannot use 'import\.meta' outside a module|await is only valid)/

const COMMONJS_IN_ESM = /^(require|module|exports|__filename|__dirname) is not defined in ES module scope/

/** The text of the plugin, or of what it imports, is not what Node.js reads. */
async function notReadable(url: string, thrown: unknown): Promise<string | undefined> {
  const message = firstLine(thrown)
  const code: unknown = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  if (code === 'ERR_REQUIRE_ESM' || code === 'ERR_REQUIRE_ASYNC_MODULE') {
    const place = placeInFrames(framesOf(thrown))
    return `loads an ES module with require${at(place)}; compile it to ES modules, and run in its folder: npm pkg set type=module`
  }
  if (code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING') {
    return `is TypeScript inside node_modules, which Node.js does not run: ${message}; use a version of it that is published as JavaScript`
  }
  const [, word] = COMMONJS_IN_ESM.exec(message) ?? []
  if (word !== undefined) return await readAsModule(url, word, placeInFrames(framesOf(thrown)))
  if (!(thrown instanceof SyntaxError)) return undefined
  const place = placeInStack(thrown) ?? (await syntaxPlace(url))
  if (ESM_IN_COMMONJS.test(message))
    return await readAsCommonjs(place?.file ?? pathOf(url) ?? url, place?.shown)
  const wanted = /^The requested module '([^']+)' does not provide an export named '([^']+)'/.exec(message)
  if (wanted?.[1] === undefined) {
    return `cannot be read by Node.js: ${message}${at(place?.shown)}; correct it there`
  }
  const [, from, exported] = wanted
  const version = from.startsWith('@kav/core') ? `@${(await coreCopy(OWN_CORE)).version}` : '@latest'
  const update = /^[./]/.test(from)
    ? 'correct the name'
    : `correct the name, or run in ${await installFolder(place?.file ?? pathOf(url) ?? url)}: npm install ${packageOf(from)}${version}`
  return `imports "${exported}" from "${from}", which exports no such name${at(place?.shown)}; ${update}`
}

async function readAsCommonjs(file: string, shown: string | undefined): Promise<string> {
  const above = await manifestAbove(file)
  const says =
    above === undefined
      ? 'it is read as CommonJS'
      : `${above.path} says ${above.type === undefined ? 'nothing of' : `"type": "${above.type}", not`} "type": "module"`
  const name = `${basename(file).replace(/\.[cm]?js$/, '')}.mjs`
  const fix = above === undefined ? '' : `run in ${above.folder}: npm pkg set type=module, or `
  return `is written as an ES module, and ${says}${at(shown)}; ${fix}name the file ${name}`
}

async function readAsModule(url: string, word: string, shown: string | undefined): Promise<string> {
  const file = shown?.replace(/:\d+(:\d+)?$/, '') ?? pathOf(url) ?? url
  const above = await manifestAbove(file)
  const why =
    file.endsWith('.js') && above?.type === 'module'
      ? `${above.path} says "type": "module"`
      : 'it is read as an ES module'
  const name = `${basename(file).replace(/\.m?js$/, '')}.cjs`
  return `is written as CommonJS ("${word}"), and ${why}${at(shown)}; name the file ${name}, or write it as an ES module: export default`
}

function at(place: string | undefined): string {
  return place === undefined ? '' : ` (at ${place})`
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

/** The message without a stack and without the path of the file that asked. */
function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0]?.split(' imported from ')[0] ?? ''
}
