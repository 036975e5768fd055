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
  problemAt,
}: LoadedPipeline): readonly { readonly name: string; readonly baseDir: string; readonly at?: string }[] {
  const { transport, stt, sttDenoise, llm, tts, realtime, vad, vadDenoise, turn, tools, languages } = stages
  const others = [...languages.values()].flatMap((language) => [language.stt, language.tts])
  const single = [sttDenoise, realtime, vad, vadDenoise, turn, stages.store]
  const named = [transport, ...stt, ...llm, ...tts, ...single, ...tools, ...others]
    .filter((stage) => stage !== undefined)
    .map((stage) => {
      const { file, line, column } = problemAt([...stage.path, 'plugin'], '')
      return { name: stage.package, baseDir, at: `${file}:${line}:${column}` }
    })
  return config.record.upload === undefined ? named : [...named, { name: '@kav/recordings-s3', baseDir }]
}
