import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { LoadedPipeline } from '@kav/core/host'
import { isSecretKey, Redactor, secretsOf } from '@kav/core/kit'

/**
 * What this process knows to be secret. One for the process: every way out of it (log, console, files of calls, HTTP
 * answers) gives its text to `withoutSecrets`, and what became known for one pipeline is hidden everywhere.
 */
const redactor = new Redactor()

/** A key file is 2 to 3 KB. */
const MAX_FILE_BYTES = 32_768

/** The text without secrets. */
export function withoutSecrets(text: string): string {
  return redactor.clean(text)
}

/** By its name a password; it is the folder the process runs in. */
const FOLDERS: ReadonlySet<string> = new Set(['PWD', 'OLDPWD'])

/** Variables whose name says that they are secret, whether a pipeline names them or an SDK reads them by itself. */
export function hideEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && isSecretKey(name) && !FOLDERS.has(name)) redactor.add(value)
  }
}

/** Passwords that stand in something else, such as an address. */
export function hideTexts(texts: readonly string[]): void {
  for (const text of texts) redactor.add(text)
}

/** What stands under secret params, and in the files these name. */
export function hidePipeline(pipeline: Pick<LoadedPipeline, 'config' | 'baseDir'>): void {
  hideTexts(secretsOfPipeline(pipeline))
}

/** What `hidePipeline` hides. */
export function secretsOfPipeline({
  config,
  baseDir,
}: Pick<LoadedPipeline, 'config' | 'baseDir'>): readonly string[] {
  const { texts, files } = secretsOf(config)
  return [...texts, ...files.flatMap((file) => readSmall(resolve(baseDir, file)) ?? [])]
}

/** Undefined when it cannot be read now: its plugin will say so. */
function readSmall(file: string): string | undefined {
  try {
    const { size } = statSync(file)
    return size <= MAX_FILE_BYTES ? readFileSync(file, 'utf8') : undefined
  } catch {
    return undefined
  }
}
