import { createRequire } from 'node:module'
import {
  createPluginLoader,
  type LoadedPipeline,
  type PluginLoader,
  type PluginLoaderOptions,
} from '@kav/core/host'
import { findPlugin } from './process/find-plugin.ts'
import { systemClock } from './system-clock.ts'

const require = createRequire(import.meta.url)

/**
 * The plugin packages this server comes with, from its own package.json, and those of the optional ones that stand
 * beside it: they are large, and few pipelines want them.
 */
export function installedPlugins(): readonly string[] {
  const { dependencies, peerDependencies } = require('../package.json') as {
    dependencies: Record<string, string>
    peerDependencies: Record<string, string>
  }
  return [...Object.keys(dependencies), ...Object.keys(peerDependencies).filter(isInstalled)].filter((name) =>
    name.startsWith('@kav/plugin-'),
  )
}

function isInstalled(name: string): boolean {
  try {
    require.resolve(name)
    return true
  } catch {
    return false
  }
}

export type ImportModule = PluginLoaderOptions['importModule']

const importOnce: ImportModule = (url) => import(url) as Promise<unknown>

/** Plugins are named in YAML and imported here. */
export function createServerLoader(
  importModule: ImportModule = importOnce,
  bounds: Pick<PluginLoaderOptions, 'trial' | 'only'> = { trial: true },
): PluginLoader {
  return createPluginLoader({
    importModule,
    findPackage: findPlugin,
    clock: systemClock,
    ...bounds,
    known: installedPlugins(),
  })
}

/** The plugins a pipeline names, and the place of its recordings, with the folder its paths start at. */
export function namedPlugins({
  stages,
  baseDir,
  config,
}: LoadedPipeline): readonly { readonly name: string; readonly baseDir: string }[] {
  const { transport, stt, llm, tts, realtime, vad, turn, tools, languages, store } = stages
  const others = [...languages.values()].flatMap((language) => [language.stt, language.tts])
  const packages = [transport, ...stt, ...llm, ...tts, realtime, vad, turn, ...tools, ...others, store]
    .filter((stage) => stage !== undefined)
    .map((stage) => stage.package)
  const place = config.record.upload === undefined ? [] : ['@kav/recordings-s3']
  return [...packages, ...place].map((name) => ({ name, baseDir }))
}
