import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { request } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { root } from '../../run.mjs'
import { text } from './kit-files.mjs'

const fetched = `${root}.cache/nginx/nginx`
const NGINX = existsSync(fetched) ? fetched : 'nginx'
const has = (command, argument) => spawnSync(command, [argument], { stdio: 'ignore' }).status === 0
const canRun = has(NGINX, '-v') && has('openssl', 'version')
const POLL = { timeout: 120_000 }

const folder = mkdtempSync(join(tmpdir(), 'kav-compose-'))
let processes = []
let nginx
let port
beforeEach(async () => {
  if (!canRun) return
  processes = [await openProcess(), await openProcess()]
  port = await freePort()
  nginx = startNginx(port, processes)
  await expect.poll(() => isOpen(port), POLL).toBe(true)
})
afterEach(() => {
  nginx?.kill('SIGKILL')
  for (const one of processes) one.closeAllConnections()
  for (const one of processes) one.close()
  rmSync(folder, { recursive: true, force: true })
})

it.skipIf(!canRun)(
  'nginx with the files of the compose kit takes TLS, passes on the carrier’s paths alone, and lets streams end',
  async () => {
    const webhook = await ask('/twilio/voice', { method: 'POST' }, 'CallSid=CA1')
    expect(JSON.parse(webhook.body)).toEqual({
      host: 'voice.example.com',
      path: '/twilio/voice',
      body: 'CallSid=CA1',
    })
    for (const path of ['/metrics', '/readyz', '/']) expect((await ask(path)).status).toBe(404)
    expect((await ask('/twilio/voice', { method: 'POST' }, 'x'.repeat(70_000))).status).toBe(413)

    const stream = await openStream()
    nginx.kill('SIGQUIT')
    await expect.poll(() => isOpen(port), POLL).toBe(false)
    stream.write('still there')
    expect(await new Promise((resolve) => stream.once('data', resolve))).toEqual(Buffer.from('still there'))
    stream.end()
    expect(await new Promise((resolve) => nginx.once('exit', resolve))).toBe(0)
  },
)

/** Stands for a process of Kav: tells what it was asked, and sends back what a stream sends. */
async function openProcess() {
  const server = createServer((incoming, response) => {
    let body = ''
    incoming.on('data', (data) => (body += data))
    incoming.on('end', () =>
      response.end(JSON.stringify({ host: incoming.headers.host, path: incoming.url, body })),
    )
  })
  server.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
    socket.pipe(socket)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** The files as they stand; addresses and places alone are others. */
function startNginx(listenPort, servers) {
  const certificate = ['-keyout', join(folder, 'kav.key'), '-out', join(folder, 'kav.pem')]
  const subject = ['-nodes', '-days', '1', '-subj', '/CN=voice.example.com']
  spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...certificate, ...subject])
  let left = servers.map((one) => `127.0.0.1:${one.address().port}`)
  const conf = text('compose/nginx.conf')
    .replace(/172\.30\.80\.\d+:8080/g, () => left.shift())
    .replace(/\/(?:tmp|etc\/nginx)\//g, `${folder}/`)
    .replace(/listen 127\.0\.0\.1:8000;/, `listen unix:${folder}/health;`)
  const server = text('nginx/kav-server.conf')
    .replace('listen 443 ssl;', `listen 127.0.0.1:${listenPort} ssl;`)
    .replaceAll('/etc/ssl/', `${folder}/`)
  writeFileSync(join(folder, 'nginx.conf'), conf)
  writeFileSync(join(folder, 'kav-server.conf'), server)
  return spawn(NGINX, ['-g', 'daemon off;', '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], {
    stdio: 'ignore',
  })
}

function toNginx(path, options) {
  const headers = { host: 'voice.example.com', ...options.headers }
  return request({
    host: '127.0.0.1',
    port,
    path,
    rejectUnauthorized: false,
    agent: false,
    ...options,
    headers,
  })
}

function ask(path, options = {}, body = '') {
  return new Promise((resolve, reject) => {
    const asked = toNginx(path, options)
    asked.on('error', reject)
    asked.on('response', (response) => {
      let said = ''
      response.on('data', (data) => (said += data))
      response.on('end', () => resolve({ status: response.statusCode, body: said }))
    })
    asked.end(body)
  })
}

function openStream() {
  return new Promise((resolve, reject) => {
    const asked = toNginx('/twilio/media', { headers: { upgrade: 'websocket', connection: 'upgrade' } })
    asked.on('error', reject)
    asked.on('upgrade', (_, socket) => resolve(socket))
    asked.end()
  })
}

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port: free } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return free
}

function isOpen(one) {
  return new Promise((resolve) => {
    const socket = connect(one, '127.0.0.1', () => resolve(true))
    socket.on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}
