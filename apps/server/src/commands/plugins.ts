import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { messageOf, type AnyPlugin, type LiveFinding, type PluginContext } from '@kav/core'
import { closedSchema, type ModulePlugins, paramsDoc } from '@kav/core/host'
import { stagesOf } from '../doctor/stages-of.ts'
import type { Environment } from '../environment.ts'
import { createLogger } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { openPipeline } from '../open-pipeline.ts'
import { badgeOf, readConformance } from '../plugin-check/conformance-file.ts'
import { createServerLoader } from '../plugins.ts'
import { type StrayFault, type StrayFaults, strayLine } from '../process/stray-faults.ts'
import { pluginPackages } from '../project-plugins.ts'
import { systemClock } from '../system-clock.ts'
import { WrongUse } from '../wrong-use.ts'

const MAX_DESCRIPTION_CHARS = 200
/** Of the longest name of the plugins that come with Kav. */
const NAME_CHARS = 15

export interface PluginsOptions {
  /** Print the JSON Schema of the params of the one that is named. */
  readonly schema?: boolean
  /** Look from this pipeline's folder, too. */
  readonly pipeline?: string
}

/**
 * `kav plugins [name]`: what can be named in a pipeline here, and what one of them takes. Exit code 2 when the one that
 * is named cannot be loaded; in the list, such a one is told and passed over.
 */
export async function plugins(
  name: string | undefined,
  { schema = false, pipeline }: PluginsOptions,
  print: (line: string) => void,
  strays?: StrayFaults,
): Promise<number> {
  const loader = createServerLoader()
  const here = process.cwd()
  if (pipeline !== undefined && !statSync(pipeline, { throwIfNoEntry: false })?.isFile())
    throw new WrongUse(`--pipeline ${pipeline}: there is no such file`)
  const folders = pipeline === undefined ? [here] : [dirname(resolve(pipeline)), here]
  const packages = await pluginPackages(folders)
  const named = packages.filter((known) => name === undefined || known.name.endsWith(name))
  const wanted =
    named.length > 0
      ? named
      : [{ name: name ?? '', version: '', from: folders[0]!, folder: undefined, isSure: true }]
  const loaded = []
  for (const one of wanted) loaded.push({ ...one, found: await loader.loadAll(one.name, one.from) })
  await strays?.settled()
  // One that is named stands alone: nothing to line up.
  const width = name === undefined ? Math.max(0, ...wanted.map((one) => titleOf(one).length)) : 0
  for (const { name: known, version, from, folder, isSure, found: read } of loaded) {
    const found = withoutStrays(read, strays?.ofImport(known, from) ?? [])
    const title = titleOf({ name: known, version })
    const column = title.padEnd(width)
    if (!found.ok) {
      // The core is also the peer of packages that help plugins and are none.
      if (name === undefined && !isSure && found.code === 'KAV_PLUGIN_EXPORT') continue
      print(name === undefined ? `${title}  cannot be used: ${found.message}` : found.message)
      if (name !== undefined) return 2
      continue
    }
    try {
      if (schema) print(schemasOf(found.plugins))
      else for (const plugin of found.plugins) printPlugin(column, plugin, name !== undefined, print)
    } catch (thrown) {
      // Nobody who is listed may keep the others from being listed.
      print(`${title}  cannot be shown: ${messageOf(thrown)}; report it to the author of ${known}`)
      if (name !== undefined) return 2
    }
    const badge = !schema && folder && (await badgeIn(folder, version))
    if (badge) print(`${' '.repeat(column.length)}  ${badge}`)
  }
  return 0
}

function titleOf({ name, version }: { readonly name: string; readonly version: string }): string {
  return version === '' ? name : `${name} ${version}`
}

/** One whose import goes wrong behind its back is none that can be used. */
function withoutStrays(found: ModulePlugins, [first]: readonly StrayFault[]): ModulePlugins {
  if (!found.ok || first === undefined) return found
  return { ok: false, code: 'KAV_PLUGIN_IMPORT', message: strayLine(first) }
}

/** What `kav plugin check` found of the package, where its author has had it look. */
async function badgeIn(folder: string, version: string): Promise<string | undefined> {
  const found = await readConformance(folder)
  if (found === undefined) return undefined
  if (found === 'unreadable')
    return `✘ its conformance.json is not one that kav plugin check writes; run kav plugin check ${folder} again`
  const { text, isGood } = badgeOf(found, version)
  return `${isGood ? '✔' : '✘'} promises kept: ${text}`
}

function printPlugin(column: string, plugin: AnyPlugin, whole: boolean, print: (line: string) => void): void {
  const able = capabilitiesOf(plugin)
  const name = plugin.name.padEnd(NAME_CHARS)
  print(`${column}  ${plugin.kind.padEnd(9)} ${name} ${oneLine(plugin.description ?? '')}`)
  if (able.length > 0 && whole) print(`it can: ${able.join(', ')}`)
  if (whole) print(`\n${paramsDoc(plugin)}\n`)
}

/** What a plugin says of itself, however much it is. */
function oneLine(text: string): string {
  const cut = text.slice(0, MAX_DESCRIPTION_CHARS).replace(/\s+/g, ' ').trim()
  return text.length > MAX_DESCRIPTION_CHARS ? `${cut}…` : cut
}

/** What a plugin does besides making its provider. */
function capabilitiesOf(plugin: AnyPlugin): readonly string[] {
  return [
    ...(plugin.check ? ['check its params'] : []),
    ...(plugin.checkFiles ? ['check its key files'] : []),
    ...(plugin.liveCheck ? ['ask its provider (--live)'] : []),
    ...(plugin.reachCheck ? ['come in by the public address (kav doctor)'] : []),
    ...(plugin.fetch ? ['fetch its files (kav fetch)'] : []),
  ]
}

/** The schema of the params; of a package with several kinds, one for each. */
function schemasOf(plugins: readonly AnyPlugin[]): string {
  const schemas = Object.fromEntries(plugins.map(({ kind, params }) => [kind, closedSchema(params)]))
  return JSON.stringify(plugins.length === 1 ? Object.values(schemas)[0] : schemas, null, 2)
}

/**
 * `kav plugins <name> --live <pipeline>`: what the provider says today of the params that the pipeline gives this
 * plugin, with real credentials. Exit code 1 when something is wrong, 2 when there is nothing to ask.
 */
export async function pluginsLive(
  name: string,
  pipelineFile: string,
  env: Environment,
  print: (line: string) => void,
): Promise<number> {
  const { pipeline } = await openPipeline(pipelineFile, env, createServerLoader())
  const stages = stagesOf(pipeline.stages)
    .map(({ stage }) => stage)
    .filter((stage) => stage.package.endsWith(name) && stage.plugin.liveCheck)
  if (stages.length === 0) {
    print(`${pipelineFile} has no plugin ${name} that can be checked live`)
    return 2
  }
  const context = askingContext(pipeline.baseDir)
  let wrong = 0
  for (const { plugin, params } of stages) {
    wrong += printFound(plugin.name, await plugin.liveCheck!(params, context), print)
  }
  return wrong > 0 ? 1 : 0
}

/** What a plugin is lent by a command that asks it something. */
export function askingContext(baseDir: string): PluginContext {
  const log = createLogger({ level: 'warn', private: true, pretty: true })
  return { log, metrics: createMetrics().metrics, clock: systemClock, baseDir }
}

/** A line for each finding and for what to do about it; gives how many are errors. */
export function printFound(
  name: string,
  found: readonly LiveFinding[],
  print: (line: string) => void,
): number {
  for (const { level, message, fix } of found) {
    print(`${name}  ${level.padEnd(7)}  ${message}`)
    if (fix !== undefined) print(`${' '.repeat(name.length)}  ${'fix'.padEnd(7)}  ${fix}`)
  }
  return found.filter(({ level }) => level === 'error').length
}
