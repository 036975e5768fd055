// A real nginx with deploy/nginx/kav.conf, as apps/server/test/balancer.ts has it: its addresses and its certificate
// alone are others.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sleep } from '../lib/setup.mjs'

const FETCHED = fileURLToPath(new URL('../../.cache/nginx/nginx', import.meta.url))
const NGINX = existsSync(FETCHED) ? FETCHED : 'nginx'
const CONF = fileURLToPath(new URL('../../deploy/nginx/kav.conf', import.meta.url))
const SERVER_CONF = fileURLToPath(new URL('../../deploy/nginx/kav-server.conf', import.meta.url))
const OPEN_LIMIT_MS = 5000
/** A call takes two, its webhook two more for a moment; nginx's own default is 512. */
const CONNECTIONS = 8192

/** `npm test` takes it out of the Debian package. */
export const hasNginx = spawnSync(NGINX, ['-v'], { stdio: 'ignore' }).status === 0

/** `{ origin, pid, stop() }`; `pid` is that of the one process that carries the streams. */
export async function openNginx({ port, servers }) {
  const dir = mkdtempSync(join(tmpdir(), 'kav-bench-nginx-'))
  const upstreams = servers.map((one) => `server 127.0.0.1:${one} max_fails=0;`).join('\n  ')
  const kav = readFileSync(CONF, 'utf8')
    .replace('include kav-server.conf;', readFileSync(SERVER_CONF, 'utf8'))
    .replace(/(?:server 127\.0\.0\.1:\d+ max_fails=0;\s*)+/, `${upstreams}\n`)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replace(/ssl_certificate(?:_key)? .*\n/g, '\n')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${dir}/${name};`)
    .join('\n')
  writeFileSync(
    join(dir, 'nginx.conf'),
    `daemon off;\nmaster_process off;\npid ${dir}/pid;\nerror_log stderr crit;\n` +
      `events { worker_connections ${CONNECTIONS}; }\nhttp {\naccess_log off;\n${temporary}\n${kav}}\n`,
  )
  const child = spawn(NGINX, ['-p', dir, '-c', join(dir, 'nginx.conf'), '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const endWithParent = () => child.kill('SIGKILL')
  process.on('exit', endWithParent)
  const exited = new Promise((resolve) => child.on('exit', resolve))
  const origin = `http://127.0.0.1:${port}`
  const untilMs = performance.now() + OPEN_LIMIT_MS
  // Any answer will do.
  while (!(await fetch(origin).catch(() => undefined))) {
    if (performance.now() > untilMs) throw new Error('nginx did not open its port')
    await sleep(50)
  }
  return {
    origin,
    pid: child.pid,
    async stop() {
      child.kill('SIGKILL')
      await exited
      process.off('exit', endWithParent)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
