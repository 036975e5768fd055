import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Balancer, freePort, untilOpen } from './balancer.ts'
import { debianCommand } from './debian-command.ts'

const CADDY = debianCommand('caddy')
const CADDYFILE = fileURLToPath(new URL('../../../deploy/caddy/Caddyfile', import.meta.url))

/** The first that asks another process after a 503; that of Debian 12 is older. */
const LEAST_VERSION = [2, 11] as const

export const hasCaddy = isRecent(spawnSync(CADDY, ['version'], { encoding: 'utf8' }).stdout ?? '')

function isRecent(version: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? []
  if (major === undefined) return false
  return Number(major) === LEAST_VERSION[0] && Number(minor) >= LEAST_VERSION[1]
}

/** A real Caddy with the file of deploy/caddy; its addresses alone are others, and it fetches no certificate. */
export async function openCaddy(ports: readonly number[]): Promise<Balancer & { reload(): void }> {
  const dir = mkdtempSync(join(tmpdir(), 'kav-caddy-'))
  const [port, adminPort] = [await freePort(), await freePort()] as [number, number]
  const file = join(dir, 'Caddyfile')
  const text = readFileSync(CADDYFILE, 'utf8')
    .replace(/(?:127\.0\.0\.1:\d+ )+/, ports.map((one) => `127.0.0.1:${one} `).join(''))
    .replace('voice.example.com {', `http://:${port} {\n\tbind 127.0.0.1`)
  writeFileSync(file, `{\n\tadmin 127.0.0.1:${adminPort}\n\tpersist_config off\n}\n${text}`)
  const child = spawn(CADDY, ['run', '--config', file], {
    env: { ...process.env, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir },
    stdio: 'ignore',
  })
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  await untilOpen(port, 'Caddy')
  return {
    origin: `http://127.0.0.1:${port}`,
    /** As `systemctl reload caddy`, also where nothing has changed. */
    reload() {
      const { status, stderr } = spawnSync(CADDY, ['reload', '--force', '--config', file], {
        encoding: 'utf8',
      })
      if (status !== 0) throw new Error(`caddy reload: ${stderr}`)
    },
    async close() {
      child.kill('SIGTERM')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
