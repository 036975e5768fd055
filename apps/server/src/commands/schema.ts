import { dirname, resolve } from 'node:path'
import { messageOf } from '@kav/core'
import { type InstalledPlugins, pipelineJsonSchema } from '@kav/core/host'
import { createServerLoader } from '../plugins.ts'
import { pluginPackages } from '../project-plugins.ts'
import type { StrayFaults } from '../process/stray-faults.ts'
import { strayLine } from '../process/stray-faults.ts'
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
  strays?: StrayFaults,
): Promise<number> {
  const loader = createServerLoader()
  const sources = await readSources(pipelines)
  const here = process.cwd()
  const folders = sources.map(({ file }) => dirname(resolve(file)))
  const byPath = sources.flatMap(({ text: { text } }, index) =>
    [...text.matchAll(NAMED_BY_PATH)].map(([, name = '']) => ({ name, from: folders[index]! })),
  )
  const installed = new Map<string, InstalledPlugins>()
  const packages = await pluginPackages([...folders, here])
  for (const { name, from, isSure } of [...packages, ...byPath.map((one) => ({ ...one, isSure: true }))]) {
    const found = await loader.loadAll(name, from)
    if (found.ok) installed.set(name, { name, plugins: found.plugins })
    else if (isSure || found.code !== 'KAV_PLUGIN_EXPORT') warn(`left out: ${found.message}`)
  }
  await strays?.settled()
  for (const { name, from } of [...packages, ...byPath]) {
    const stray = strays?.ofImport(name, from) ?? []
    if (stray.length === 0 || !installed.delete(name)) continue
    for (const fault of stray) warn(`left out: ${strayLine(fault)}`)
  }
  print(JSON.stringify(schemaOf([...installed.values()], warn), null, 2))
  return 0
}

/** Whose params no schema can be made of is left out, and keeps nobody else out. */
function schemaOf(installed: readonly InstalledPlugins[], warn: (line: string) => void): object {
  try {
    return pipelineJsonSchema(installed)
  } catch {
    const usable = installed.filter((one) => {
      try {
        return pipelineJsonSchema([one]) !== undefined
      } catch (thrown) {
        warn(
          `left out: the params of "${one.name}" are no JSON Schema (${messageOf(thrown)}); report it to its author`,
        )
        return false
      }
    })
    return pipelineJsonSchema(usable)
  }
}
