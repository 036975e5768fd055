import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where PocketSphinx is on this machine. */
export interface PocketsphinxInstallation {
  /** Shared library file. */
  readonly library: string
  /** Directory that holds the acoustic model `en-us/`, `cmudict-en-us.dict` and `en-us-phone.lm.bin`. */
  readonly modelDir: string
}

/** The Debian and Ubuntu packages that carry the library and the English model (both BSD-2-Clause). */
export const DEBIAN_PACKAGES = ['libpocketsphinx3', 'pocketsphinx-en-us'] as const

/** Debian puts libraries under `/usr/lib/<architecture>`; the others are where people build by hand. */
const LIBRARY_ROOTS = ['/usr/lib', '/usr/local/lib', '/opt/homebrew/lib']
const LIBRARY_NAMES = ['libpocketsphinx.so.3', 'libpocketsphinx.3.dylib']
const MODEL_DIRS = [
  '/usr/share/pocketsphinx/model/en-us',
  '/usr/local/share/pocketsphinx/model/en-us',
  '/opt/homebrew/share/pocketsphinx/model/en-us',
]
const MODEL_PARTS = ['en-us/mdef', 'cmudict-en-us.dict', 'en-us-phone.lm.bin']

/**
 * Looks for PocketSphinx in the given places, else in the usual ones. `missing` names what was not found, one
 * plain sentence each, and says what to install.
 */
export function findPocketsphinx(wanted: {
  library?: string | undefined
  modelDir?: string | undefined
}): PocketsphinxInstallation | { readonly missing: string } {
  const library = wanted.library ?? findLibrary()
  const modelDir = wanted.modelDir ?? MODEL_DIRS.find(isModelDir)
  const missing: string[] = []
  if (library === undefined || (wanted.library !== undefined && !existsSync(library))) {
    missing.push(`library ${wanted.library ?? LIBRARY_NAMES[0]} not found`)
  }
  if (modelDir === undefined || !isModelDir(modelDir)) {
    missing.push(`English model not found in ${wanted.modelDir ?? MODEL_DIRS[0]}`)
  }
  if (library === undefined || modelDir === undefined || missing.length > 0) {
    return {
      missing:
        `PocketSphinx is not complete on this machine: ${missing.join('; ')}. ` +
        `On Debian or Ubuntu: apt-get install ${DEBIAN_PACKAGES.join(' ')}. ` +
        'Installed elsewhere: set the params "library" and "model_dir".',
    }
  }
  return { library, modelDir }
}

function findLibrary(): string | undefined {
  for (const root of LIBRARY_ROOTS) {
    for (const directory of [root, ...architectureDirectories(root)]) {
      for (const name of LIBRARY_NAMES) {
        const file = join(directory, name)
        if (existsSync(file)) return file
      }
    }
  }
  return undefined
}

function architectureDirectories(root: string): string[] {
  try {
    return readdirSync(root)
      .filter((name) => name.includes('-linux-'))
      .map((name) => join(root, name))
  } catch {
    return []
  }
}

function isModelDir(directory: string): boolean {
  return MODEL_PARTS.every((part) => existsSync(join(directory, part)))
}
