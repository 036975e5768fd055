import { paramsDoc } from '@kav/core'
import { createServerLoader, installedPlugins } from '../plugins.ts'

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
