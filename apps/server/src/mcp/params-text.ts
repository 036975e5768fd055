import type { AnyPlugin } from '@kav/core'
import { closedSchema } from '@kav/core/host'

/** The schema of the params of a package's plugins, by kind. Throws for a kind that it does not have. */
export function paramsText(name: string, plugins: readonly AnyPlugin[], kind: string | undefined): string {
  const wanted = plugins.filter((plugin) => kind === undefined || plugin.kind === kind)
  if (wanted.length === 0)
    throw new Error(`${name} has no ${kind}; it has ${plugins.map((each) => each.kind).join(', ')}`)
  const params = wanted.map((plugin) => [plugin.kind, closedSchema(plugin.params)] as const)
  return JSON.stringify(Object.fromEntries(params), null, 1)
}
