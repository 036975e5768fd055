import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { installByApt, rootCommand } from './apt-install.mjs'

/** Commands that tests run for real, and the Debian packages they are in. */
export const DEBIAN_COMMANDS = [
  { command: 'promtool', package: 'prometheus', path: 'usr/bin/promtool', size: '19 MB' },
  { command: 'prometheus', package: 'prometheus', path: 'usr/bin/prometheus', size: '19 MB' },
  { command: 'nginx', package: 'nginx', path: 'usr/sbin/nginx', size: '1 MB' },
  { command: 'nats-server', package: 'nats-server', path: 'usr/sbin/nats-server', size: '4 MB' },
  // A folder: the server finds its files from where it stands.
  { command: 'postgres', package: 'postgresql-15', path: 'usr', size: '17 MB' },
]

/**
 * Puts each command into `cache/<command>/`, unless it is installed or there already: nothing is installed, no service
 * is started. Says why where it cannot; the tests that want it are skipped then.
 */
export function ensureDebianCommands(cache, log = console.log) {
  for (const wanted of DEBIAN_COMMANDS) ensureCommand(wanted, join(cache, wanted.command), log)
}

function ensureCommand({ command, package: name, path, size }, folder, log) {
  if (spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0) return
  if (existsSync(join(folder, command))) return
  takeFromDebian({ package: name, path, size, what: command }, join(folder, command), log)
}

/**
 * The browser that the console's tests drive: it needs a hundred libraries of the system's, so it is installed, where
 * this user may. Says why where it cannot; the tests that want it are skipped then.
 */
export function ensureBrowser(log = console.log) {
  if (process.env.KAV_CHROMIUM || existsSync('/usr/bin/chromium')) return
  const asRoot = rootCommand()
  if (asRoot === undefined)
    return log('chromium SKIPPED: not installed, and this user may not: apt-get install chromium')
  log('chromium is not installed: installing the Debian package (about 100 MB, once) …')
  if (!installByApt(asRoot, ['chromium'], log)) log('chromium SKIPPED: it could not be installed')
}

/** Copies `path` of a package, a file or a folder, to `target`: `what` is what it is, in the log. */
export function takeFromDebian({ package: name, path, size, what }, target, log = console.log) {
  const work = mkdtempSync(join(tmpdir(), 'kav-debian-'))
  try {
    log(`${what} is not installed: taking it out of the Debian package ${name} (${size}, once) …`)
    const options = { cwd: work, encoding: 'utf8', timeout: 120_000 }
    spawnSync('apt-get', ['download', '-q', name], options)
    const file = readdirSync(work).find((entry) => entry.endsWith('.deb'))
    if (file === undefined) return log(`${what} SKIPPED: apt-get download ${name} gives no package here`)
    spawnSync('dpkg-deb', ['-x', file, 'out'], options)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(join(work, 'out', path), target, { recursive: true })
  } catch (error) {
    log(`${what} SKIPPED: ${error.message}`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
