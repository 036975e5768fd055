import type { LiveFinding, PluginContext } from '@kav/core'
import { paramsDoc } from '@kav/core/host'
import { stagesOf } from '../doctor/stages-of.ts'
import type { Environment } from '../environment.ts'
import { createLogger } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { openPipeline } from '../open-pipeline.ts'
import { createServerLoader, installedPlugins } from '../plugins.ts'
import { systemClock } from '../system-clock.ts'

/** `kav plugins [name]`: what is installed, and what one of them takes. */
export async function plugins(name: string | undefined, print: (line: string) => void): Promise<number> {
  const loader = createServerLoader()
  const wanted =
    name === undefined ? installedPlugins() : installedPlugins().filter((known) => known.endsWith(name))
  for (const known of name !== undefined && wanted.length === 0 ? [name] : wanted) {
    const found = await loader.loadAll(known, process.cwd())
    if (!found.ok) {
      print(found.message)
      return 2
    }
    for (const plugin of found.plugins) {
      print(`${known}  ${plugin.kind.padEnd(9)} ${plugin.name.padEnd(14)} ${plugin.description}`)
      if (name !== undefined) print(`\n${paramsDoc(plugin)}\n`)
    }
  }
  return 0
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
