import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** npm could not be asked: no registry is in reach. */
export class Unreachable extends Error {}

const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENOTCACHED|ETIMEDOUT|ENETUNREACH|network/

/** Comes with the package that Silero's model is taken from, and is run by nobody: Kav has a runtime of its own. */
const NEVER_RUN = ['onnxruntime-web', 'onnxruntime-common']

/**
 * Installs packed packages into a folder of their own, as `npm install @kav/server` would; no script of any runs. What
 * the server names as optional is left out: whoever wants it adds it.
 */
export function installService(folder, packages) {
  mkdirSync(folder, { recursive: true })
  const manifest = { name: 'kav-service', private: true, type: 'module' }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  npmInstall(
    folder,
    packages.filter(({ name }) => !isOptional(name, packages)).map(({ tarball }) => tarball),
  )
  for (const name of NEVER_RUN) rmSync(join(folder, 'node_modules', name), { recursive: true, force: true })
}

/** Whether the server of these packages only knows it by name. */
export function isOptional(name, packages) {
  const { manifest } = packages.find((one) => one.name === '@kav/server')
  return manifest.peerDependenciesMeta?.[name]?.optional === true
}

export function npmInstall(folder, specifiers) {
  const { status, stderr } = spawnSync(
    'npm',
    [
      ...['install', '--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'],
      ...['--loglevel=error', ...specifiers],
    ],
    { cwd: folder, encoding: 'utf8' },
  )
  if (status === 0) return
  if (UNREACHABLE.test(stderr))
    throw new Unreachable(`npm reaches no registry: ${stderr.trim().split('\n')[0]}`)
  throw new Error(`npm install failed:\n${stderr}`)
}
