import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianCommand } from './debian-command.ts'

const NGINX = debianCommand('nginx')
const conf = (name: string): string =>
  readFileSync(new URL(`../../../deploy/nginx/${name}`, import.meta.url), 'utf8')
const TRIES = 100
const TRY_EVERY_MS = 50

export const hasNginx = spawnSync(NGINX, ['-v'], { stdio: 'ignore' }).status === 0

export interface Balancer {
  readonly origin: string
  close(): Promise<void>
}

/** A real nginx with the files of deploy/nginx; its addresses and its certificate alone are others. */
export async function openNginx(ports: readonly number[]): Promise<Balancer> {
  const servers = ports.map((one) => `server 127.0.0.1:${one} max_fails=0;`).join('\n  ')
  const kav = conf('kav.conf')
    .replace('include kav-server.conf;', conf('kav-server.conf'))
    .replace(/(?:server 127\.0\.0\.1:\d+ max_fails=0;\s*)+/, `${servers}\n`)
  return await runNginx(kav)
}

/** The same with the file for the operator's port. */
export async function openAdminNginx(adminPort: number): Promise<Balancer> {
  return await runNginx(conf('kav-admin.conf').replace('127.0.0.1:9080', `127.0.0.1:${adminPort}`))
}

async function runNginx(kav: string): Promise<Balancer> {
  const dir = mkdtempSync(join(tmpdir(), 'kav-nginx-'))
  const port = await freePort()
  const served = kav
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replace(/ssl_certificate(?:_key)? .*\n/g, '\n')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${dir}/${name};`)
    .join('\n')
  writeFileSync(
    join(dir, 'nginx.conf'),
    `daemon off;\npid ${dir}/pid;\nerror_log stderr warn;\nevents {}\nhttp {\n  access_log off;\n${temporary}\n${served}}\n`,
  )
  const child: ChildProcess = spawn(NGINX, ['-p', dir, '-c', join(dir, 'nginx.conf'), '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  await untilOpen(port, 'nginx')
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      child.kill('SIGTERM')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export async function untilOpen(port: number, name: string): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.on('error', () => resolve(false))
    })
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS))
  }
  throw new Error(`${name} did not open its port`)
}
