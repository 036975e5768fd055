import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Puts `promtool` of the Debian package prometheus into `folder`, unless it is installed or there already: nothing is
 * installed, no service is started. Says why where it cannot; the tests that want it are skipped then.
 */
export function ensurePromtool(folder, log = console.log) {
  if (spawnSync('promtool', ['--version'], { stdio: 'ignore' }).status === 0) return
  if (existsSync(join(folder, 'promtool'))) return
  const work = mkdtempSync(join(tmpdir(), 'kav-promtool-'))
  try {
    log('promtool is not installed: taking it out of the Debian package prometheus (19 MB, once) …')
    const options = { cwd: work, encoding: 'utf8', timeout: 120_000 }
    spawnSync('apt-get', ['download', '-q', 'prometheus'], options)
    const file = readdirSync(work).find((name) => name.endsWith('.deb'))
    if (file === undefined) return log('promtool SKIPPED: apt-get download prometheus gives no package here')
    spawnSync('dpkg-deb', ['-x', file, 'out'], options)
    mkdirSync(folder, { recursive: true })
    cpSync(join(work, 'out/usr/bin/promtool'), join(folder, 'promtool'))
  } catch (error) {
    log(`promtool SKIPPED: ${error.message}`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
