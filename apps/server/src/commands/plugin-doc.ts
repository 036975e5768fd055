import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { paramsDoc } from '@kav/core/host'
import { createServerLoader } from '../plugins.ts'

const TABLE = /<!-- params -->\n[^]*?<!-- \/params -->/

/**
 * `kav plugin doc <folder>`: the params of the package there, as a table in its README.md. Exit code 1 when `check` is
 * asked for and the table is another one, 2 when there is no plugin or no place for the table.
 */
export async function pluginDoc(
  folder: string,
  { check = false }: { readonly check?: boolean },
  print: (line: string) => void,
): Promise<number> {
  const dir = resolve(folder)
  const file = join(dir, 'README.md')
  const read = (path: string) => readFile(path, 'utf8').catch(() => undefined)
  const name = nameIn((await read(join(dir, 'package.json'))) ?? '')
  if (name === undefined) return refuse(`${dir} has no package.json with a name; give the folder of a plugin`)
  const found = await createServerLoader().loadAll(name, dir)
  if (!found.ok) return refuse(found.message)
  const before = await read(file)
  if (before === undefined || !TABLE.test(before))
    return refuse(`${file} has no place for the table: write <!-- params --> and <!-- /params --> into it`)

  const tables = found.plugins.map((plugin) => paramsDoc(plugin).trim()).join('\n\n')
  const after = before.replace(TABLE, () => `<!-- params -->\n\n${tables}\n\n<!-- /params -->`)
  if (after === before) {
    print(`${file}: the params are right`)
    return 0
  }
  if (check) {
    print(`${file}: the params are stale; run: kav plugin doc`)
    return 1
  }
  await writeFile(file, after)
  print(`wrote the params into ${file}`)
  return 0

  function refuse(why: string): number {
    print(why)
    return 2
  }
}

/** `undefined` for what is no JSON, or names nothing. */
function nameIn(manifest: string): string | undefined {
  try {
    const { name } = (JSON.parse(manifest) ?? {}) as { name?: unknown }
    return typeof name === 'string' ? name : undefined
  } catch {
    return undefined
  }
}
