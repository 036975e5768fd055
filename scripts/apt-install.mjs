import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

/** How to run a command as root without being asked for a password; undefined when that is not possible. */
export function rootCommand() {
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) return undefined
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive']
  if (process.getuid?.() === 0) return environment
  const canSudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0
  return canSudo ? ['sudo', '-n', ...environment] : undefined
}

/** Installs Debian packages, with what they need and nothing that they only recommend. True when apt says so. */
export function installByApt(asRoot, packages, log) {
  if (listsAreEmpty()) run([...asRoot, 'apt-get', 'update', '-q'], log)
  const install = [...asRoot, 'apt-get', 'install', '-y', '-q', '--no-install-recommends', ...packages]
  if (run(install, log)) return true
  // Lists that are there may name versions that no longer are.
  run([...asRoot, 'apt-get', 'update', '-q'], log)
  return run(install, log)
}

function listsAreEmpty() {
  try {
    return !readdirSync('/var/lib/apt/lists').some((name) => name.includes('_Packages'))
  } catch {
    return true
  }
}

function run([command, ...args], log) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) log(`${[command, ...args].join(' ')} failed:\n${(stderr || stdout || '').trim()}`)
  return status === 0
}
