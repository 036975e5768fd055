import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { installByApt, rootCommand } from './apt-install.mjs'

/** Debian and Ubuntu packages of the recogniser and its English model, both BSD-2-Clause. */
const PACKAGES = ['libpocketsphinx3', 'pocketsphinx-en-us']
const LIBRARY_NAMES = ['libpocketsphinx.so.3', 'libpocketsphinx.3.dylib']
const LIBRARY_ROOTS = ['/usr/lib', '/usr/local/lib', '/opt/homebrew/lib']
const MODEL_DIRS = [
  '/usr/share/pocketsphinx/model/en-us',
  '/usr/local/share/pocketsphinx/model/en-us',
  '/opt/homebrew/share/pocketsphinx/model/en-us',
]
const MODEL_PARTS = ['en-us/mdef', 'cmudict-en-us.dict', 'en-us-phone.lm.bin']

/**
 * Makes sure that the embedded recogniser can run: looks for its library and model (`KAV_POCKETSPHINX_LIB` and
 * `KAV_POCKETSPHINX_MODEL` name other places) and installs the two Debian packages when they are absent and this
 * user may. Says what it is about to do before it does it. Resolves when both are there; otherwise throws an
 * `Error` whose message is what a person has to do.
 */
export async function ensureLocalSpeech({ log = console.log, env = process.env } = {}) {
  const missing = missingParts(env)
  if (missing.length === 0) return
  const where = `The embedded recogniser (PocketSphinx) is not complete: ${missing.join('; ')}.`
  if (env.KAV_POCKETSPHINX_LIB || env.KAV_POCKETSPHINX_MODEL) {
    throw new Error(`${where}\nCheck KAV_POCKETSPHINX_LIB and KAV_POCKETSPHINX_MODEL.`)
  }
  const asRoot = rootCommand()
  if (asRoot === undefined) throw new Error(`${where}\n${whatToInstall()}`)
  log(`${where}\nInstalling the Debian packages ${PACKAGES.join(' and ')} (about 40 MB, once) …`)
  installByApt(asRoot, PACKAGES, log)
  const stillMissing = missingParts(env)
  if (stillMissing.length > 0) {
    throw new Error(`Installing failed: ${stillMissing.join('; ')}.\n${whatToInstall()}`)
  }
  log('The embedded recogniser is installed.')
}

function missingParts(env) {
  const missing = []
  const library = env.KAV_POCKETSPHINX_LIB || findLibrary()
  if (!library || !existsSync(library)) missing.push(`library ${library || LIBRARY_NAMES[0]} not found`)
  const modelDir = env.KAV_POCKETSPHINX_MODEL || MODEL_DIRS.find(isModelDir)
  if (!modelDir || !isModelDir(modelDir))
    missing.push(`English model not found in ${modelDir || MODEL_DIRS[0]}`)
  return missing
}

function findLibrary() {
  const directories = LIBRARY_ROOTS.filter(existsSync).flatMap((root) => [
    root,
    ...readdirSync(root)
      .filter((name) => name.includes('-linux-'))
      .map((name) => join(root, name)),
  ])
  return directories
    .flatMap((directory) => LIBRARY_NAMES.map((name) => join(directory, name)))
    .find((file) => existsSync(file))
}

function isModelDir(directory) {
  return MODEL_PARTS.every((part) => existsSync(join(directory, part)))
}

function whatToInstall() {
  return [
    'Install it and start again:',
    `  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install ${PACKAGES.join(' ')}`,
    '  elsewhere:       build PocketSphinx 5prealpha, then set KAV_POCKETSPHINX_LIB to its shared library',
    '                   and KAV_POCKETSPHINX_MODEL to its model directory (with en-us/, cmudict-en-us.dict',
    '                   and en-us-phone.lm.bin).',
  ].join('\n')
}

if (import.meta.main ?? process.argv[1] === new URL(import.meta.url).pathname) {
  try {
    await ensureLocalSpeech()
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
