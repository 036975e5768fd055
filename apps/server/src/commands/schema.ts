import { dirname, resolve } from 'node:path'
import { type InstalledPlugins, pipelineJsonSchema } from '@kav/core/host'
import { createServerLoader } from '../plugins.ts'
import { pluginPackages } from '../project-plugins.ts'
import { readSources } from '../service/pipeline-files.ts'

/** A plugin that is named by its path, in a file that may not be right yet. */
const NAMED_BY_PATH = /\bplugin:\s*["']?(\.{1,2}\/[^\s"',}#]+)/g

/**
 * `kav schema [pipelines]`: one JSON Schema of a pipeline file that knows every plugin which can be named here, and those
 * that the pipelines name by path. What cannot be loaded is told to `warn` and left out.
 */
export async function schema(
  pipelines: readonly string[],
  print: (line: string) => void,
  warn: (line: string) => void,
): Promise<number> {
  const loader = createServerLoader()
  const sources = await readSources(pipelines)
  const here = process.cwd()
  const folders = sources.map(({ file }) => dirname(resolve(file)))
  const byPath = sources.flatMap(({ text: { text } }, index) =>
    [...text.matchAll(NAMED_BY_PATH)].map(([, name = '']) => ({ name, from: folders[index]! })),
  )
  const installed = new Map<string, InstalledPlugins>()
  for (const { name, from } of [...(await pluginPackages([...folders, here])), ...byPath]) {
    const found = await loader.loadAll(name, from)
    if (found.ok) installed.set(name, { name, plugins: found.plugins })
    else if (found.code !== 'KAV_PLUGIN_EXPORT') warn(`left out: ${found.message}`)
  }
  print(JSON.stringify(pipelineJsonSchema([...installed.values()]), null, 2))
  return 0
}
