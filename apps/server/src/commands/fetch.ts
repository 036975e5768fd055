import type { AnyPlugin, LiveFinding } from '@kav/core'
import { fillDefaults } from '@kav/core/kit'
import { stagesOf } from '../doctor/stages-of.ts'
import type { Environment } from '../environment.ts'
import { openPipeline } from '../open-pipeline.ts'
import { createServerLoader, installedPlugins } from '../plugins.ts'
import { WrongUse } from '../wrong-use.ts'
import { askingContext, printFound } from './plugins.ts'

type Fetch = () => Promise<readonly LiveFinding[]>

/**
 * `kav fetch <plugin>`: the files that the plugin works with and no npm package carries, put where its params say: those
 * of a pipeline, or its defaults. Exit code 1 when a file could not be had, 2 when there is nothing to fetch.
 */
export async function fetchFiles(
  name: string,
  pipelineFile: string | undefined,
  env: Environment,
  print: (line: string) => void,
): Promise<number> {
  const fetches =
    pipelineFile === undefined ? await byDefault(name) : await asPipeline(name, pipelineFile, env)
  if (fetches.length === 0) {
    print(`${pipelineFile ?? 'this server'} has no plugin ${name} that fetches files`)
    return 2
  }
  let wrong = 0
  for (const { plugin, fetch } of fetches) wrong += printFound(plugin.name, await fetch(), print)
  return wrong > 0 ? 1 : 0
}

async function byDefault(name: string) {
  const known = installedPlugins().find((installed) => installed.endsWith(name)) ?? name
  const loaded = await createServerLoader().loadAll(known, process.cwd())
  if (!loaded.ok) throw new WrongUse(loaded.message)
  return loaded.plugins.flatMap((plugin: AnyPlugin) =>
    fetchOf(plugin, fillDefaults(plugin.params, {}), process.cwd()),
  )
}

async function asPipeline(name: string, file: string, env: Environment) {
  const { pipeline } = await openPipeline(file, env, createServerLoader())
  return stagesOf(pipeline.stages)
    .filter(({ stage }) => stage.package.endsWith(name))
    .flatMap(({ stage }) => fetchOf(stage.plugin, stage.params, pipeline.baseDir))
}

function fetchOf(plugin: AnyPlugin, params: unknown, baseDir: string) {
  const fetch = plugin.fetch?.bind(plugin)
  return fetch === undefined
    ? []
    : [{ plugin, fetch: (() => fetch(params, askingContext(baseDir))) satisfies Fetch }]
}
