import { createRequire } from 'node:module'
import { createPluginLoader, type LoadedPipeline, type PluginLoader } from '@kav/core/host'

/** The plugin packages this server is installed with, from its own package.json. */
export function installedPlugins(): readonly string[] {
  const manifest = createRequire(import.meta.url)('../package.json') as {
    dependencies: Record<string, string>
  }
  return Object.keys(manifest.dependencies).filter((name) => name.startsWith('@kav/plugin-'))
}

/** Plugins are named in YAML and imported here, from the server's own dependencies. */
export function createServerLoader(): PluginLoader {
  return createPluginLoader({
    importModule: (specifier) => import(specifier) as Promise<unknown>,
    known: installedPlugins(),
  })
}

/** The plugins a pipeline names, with the folder its paths start at. */
export function namedPlugins({
  stages,
  baseDir,
}: LoadedPipeline): readonly { readonly name: string; readonly baseDir: string }[] {
  const { transport, stt, llm, tts, realtime, vad, turn, tools, languages } = stages
  const others = [...languages.values()].flatMap((language) => [language.stt, language.tts])
  return [transport, ...stt, ...llm, ...tts, realtime, vad, turn, ...tools, ...others]
    .filter((stage) => stage !== undefined)
    .map((stage) => ({ name: stage.package, baseDir }))
}
