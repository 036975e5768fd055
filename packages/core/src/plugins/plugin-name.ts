import { stat } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ErrorCode } from '../errors.ts'

export interface PluginFault {
  readonly code: ErrorCode
  /** One line, without the position; the caller knows where the name was written. */
  readonly message: string
}

export type ResolvedName =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: true; readonly packageName: string; readonly subpath: string }
  | ({ readonly ok: false } & PluginFault)

const PACKAGE_NAME =
  /^(@[a-z0-9~][a-z0-9._~-]*\/[a-z0-9~][a-z0-9._~-]*|[a-z0-9~][a-z0-9._~-]*)(\/[\w.~/-]+)?$/

/** What a plugin's name as written in YAML means: a file, or an entry of a package. */
export async function resolvePluginName(name: string, baseDir: string): Promise<ResolvedName> {
  if (name.startsWith('.') || isAbsolute(name)) return resolvePath(name, baseDir)
  const foreign = foreignPath(name)
  if (foreign !== undefined) return nameFault(foreign)
  if (/^[^@/]+\.(m|c)?[jt]sx?$/.test(name)) {
    return nameFault(`"${name}" reads as a package name; write "./${name}" for a file beside this one`)
  }
  const [, packageName, below = ''] = PACKAGE_NAME.exec(name) ?? []
  if (below !== '' && (await isFile(resolve(baseDir, name)))) {
    return nameFault(`"${name}" reads as a package's name, and is a file here; write "./${name}"`)
  }
  if (packageName === undefined) {
    return nameFault(
      `"${name}" is neither an npm package name nor a path that starts with "./" or "../"; ` +
        'examples: "@kav/plugin-local", "./my-plugin.js"',
    )
  }
  return { ok: true, packageName, subpath: `.${below}` }
}

async function resolvePath(name: string, baseDir: string): Promise<ResolvedName> {
  if (!/\.(m|c)?[jt]s$/.test(name)) {
    return nameFault(`"${name}" must name a .js, .mjs, .cjs or .ts file`)
  }
  const path = resolve(baseDir, name)
  if (!(await isFile(path))) {
    const message = `there is no file "${name}"; paths start at the folder of the pipeline file`
    return { ok: false, code: 'KAV_PLUGIN_NOT_FOUND', message }
  }
  return { ok: true, url: pathToFileURL(path).href }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false
}

/** A path as shells and Windows write them, which is neither a package nor a path here. */
function foreignPath(name: string): string | undefined {
  const file = name.split(/[\\/]/).at(-1) ?? ''
  const instead = `write a path from the folder of the pipeline file, such as "./${file}", or a whole one`
  if (/^~/.test(name) && /[\\/]/.test(name))
    return `"${name}": nobody puts your home folder in for "~" here; ${instead}`
  if (/^[A-Za-z]:[\\/]/.test(name))
    return `"${name}" is a path of Windows, and this is another system; ${instead}`
  return name.includes('\\') ? `"${name}" has "\\" in it; paths are written with "/"` : undefined
}

function nameFault(message: string): ResolvedName {
  return { ok: false, code: 'KAV_PLUGIN_NAME', message }
}
