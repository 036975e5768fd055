import { stat } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createPackageFinder } from '@kav/core/kit'

/** Packages are looked for from the pipeline's folder, then from here. */
const findPackage = createPackageFinder([import.meta.dirname])

/** The module that `name` means to a pipeline in `folder`, as a URL; `undefined`: there is none. A path means a file. */
export async function locatePackage(name: string, folder: string): Promise<string | undefined> {
  if (name.startsWith('.') || isAbsolute(name)) {
    const path = resolve(folder, name)
    const found = await stat(path).catch(() => undefined)
    return found?.isFile() ? pathToFileURL(path).href : undefined
  }
  const parts = name.split('/')
  const packageName = parts.slice(0, name.startsWith('@') ? 2 : 1).join('/')
  const found = await findPackage(packageName, `.${name.slice(packageName.length)}`, folder)
  return found.ok ? found.url : undefined
}
