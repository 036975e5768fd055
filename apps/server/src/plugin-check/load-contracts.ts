import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { KavError, messageOf } from '@kav/core'
import type { PluginContract, PluginContracts } from '@kav/core/testing'
import { importFault, tryImport } from '@kav/core/host'
import { withDeadline } from '@kav/core/kit'
import { systemClock } from '../system-clock.ts'
import { staleBuild } from './stale-build.ts'

/** A plugin package with its suites, their doubles open. */
export interface LoadedContracts {
  readonly dir: string
  readonly name: string
  readonly version: string
  readonly contracts: readonly PluginContract[]
  /** What to say where the module was compiled from another source than there is now. */
  readonly stale: string | undefined
}

/** Where a package has its contract module unless `kav.contract` of its package.json says otherwise. */
const PLACES = ['contract.js', 'contract.mjs', 'dist/contract.js']

/** Doubles open at once; a model that has to be loaded takes some seconds. */
const OPEN_LIMIT_MS = 60_000

const problem = (message: string, cause?: unknown) => new KavError('KAV_PLUGIN_SUITE', message, { cause })

/** Loads the suites of the plugin in a folder, or of a contract module. */
export async function loadContracts(path: string): Promise<LoadedContracts> {
  const target = resolve(path)
  if (!existsSync(target))
    throw problem(`${path} is not there; give the folder of a plugin package, or its contract module`)
  const isFile = statSync(target).isFile()
  const dir = packageDirOf(isFile ? dirname(target) : target)
  const about = readPackage(dir)
  const file = isFile ? target : contractFileOf(dir, about.kav?.contract)
  const exported = await importDefault(file)
  const given = Promise.resolve(typeof exported === 'function' ? exported() : exported)
  const opened = await withDeadline(systemClock, OPEN_LIMIT_MS, file, given).catch((cause: unknown) => {
    throw problem(`its suites could not be had: ${messageOf(cause)}`, cause)
  })
  const contracts = [opened].flat()
  for (const contract of contracts) {
    const isOne = typeof contract?.kind === 'string' && typeof contract.options?.create === 'function'
    if (!isOne)
      throw problem(
        `${file}: its default export is not { kind, options: { create, … } }, a list of these, or a function that gives them`,
      )
  }
  return {
    dir,
    name: about.name ?? dir,
    version: about.version ?? '0.0.0',
    contracts,
    stale: staleBuild(dir, file),
  }
}

/** The folder of the next package.json upwards; the folder itself where there is none. */
function packageDirOf(from: string): string {
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) return dir
    if (dir === dirname(dir)) return from
  }
}

interface PackageJson {
  readonly name?: string
  readonly version?: string
  readonly kav?: { readonly contract?: string }
}

function readPackage(dir: string): PackageJson {
  const file = join(dir, 'package.json')
  if (!existsSync(file)) return {}
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) ?? {}) as PackageJson
  } catch (cause) {
    throw problem(`${file} is no JSON: ${messageOf(cause)}`, cause)
  }
}

function contractFileOf(dir: string, named: string | undefined): string {
  const places = named === undefined ? PLACES : [named]
  const found = places.map((place) => join(dir, place)).find((file) => existsSync(file))
  if (found !== undefined) return found
  throw problem(
    `${dir} has no ${places.join(', ')}; write a module whose default export is { kind, options } of its suite, and name it as "kav": { "contract": "./…" } in package.json`,
  )
}

async function importDefault(file: string): Promise<PluginContracts> {
  let loaded: { default?: PluginContracts }
  const { href } = pathToFileURL(file)
  try {
    await tryImport(href, systemClock)
    loaded = (await import(href)) as { default?: PluginContracts }
  } catch (cause) {
    const { message } = await importFault(file, href, cause)
    throw problem(message, cause)
  }
  if (loaded.default === undefined)
    throw problem(`${file} has no default export; it has to export { kind, options } of its suite`)
  return loaded.default
}
