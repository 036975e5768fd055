import type { Logger, PluginContext } from '../contracts/index.ts'
import { testContext } from './test-context.ts'

/** What a measurement on a terminal lends a plugin: real time, and a log on stderr. */
export function liveContext(): PluginContext {
  const line = (level: string): Logger['info'] => {
    return (fields, message) => process.stderr.write(`${level} ${message} ${JSON.stringify(fields)}\n`)
  }
  const log: Logger = {
    debug: () => undefined,
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    child: () => log,
  }
  return { ...testContext(), log }
}
