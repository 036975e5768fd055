import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FETCHED = fileURLToPath(new URL('../.cache/postgres/postgres', import.meta.url))

/** The folder of a real PostgreSQL: installed, or taken out of its package by `npm test`; `undefined`: there is none. */
export function findPostgres() {
  const folders = ['/usr', FETCHED]
    .map((usr) => join(usr, 'lib/postgresql'))
    .filter((folder) => existsSync(folder))
  const found = folders.flatMap((folder) =>
    readdirSync(folder)
      .sort()
      .reverse()
      .map((version) => join(folder, version, 'bin')),
  )
  return found.find(
    (bin) => spawnSync(join(bin, 'postgres'), ['--version'], { stdio: 'ignore' }).status === 0,
  )
}

/** A cluster of its own on a free port of loopback, for one test. The server refuses to be root: its user is `postgres`. */
export async function startPostgres(bin = findPostgres()) {
  const user = process.getuid?.() === 0 ? (userOf('postgres') ?? userOf('nobody')) : {}
  const folder = mkdtempSync(join(tmpdir(), 'kav-postgres-'))
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const options = {
    ...user,
    cwd: folder,
    stdio: 'ignore',
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
  }
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'kav', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    options,
  )
  if (made.status !== 0) throw new Error(`initdb ended with ${made.status}`)
  const port = await freePort()
  let server = await start()

  async function start() {
    const args = [
      '-D',
      data,
      '-h',
      '127.0.0.1',
      '-p',
      String(port),
      '-k',
      folder,
      '-c',
      'fsync=off',
      '-c',
      'shared_buffers=16MB',
      '-c',
      'max_connections=60',
    ]
    const child = spawn(join(bin, 'postgres'), args, options)
    while (!isReady()) {
      if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return child
  }
  function isReady() {
    return (
      spawnSync(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port), '-U', 'kav'], {
        stdio: 'ignore',
      }).status === 0
    )
  }
  async function end(signal) {
    if (server.exitCode !== null || server.signalCode !== null) return
    const exited = once(server, 'exit')
    server.kill(signal)
    await exited
  }
  let databases = 0
  return {
    port,
    pid: () => server.pid,
    /** A database of its own, empty. */
    database() {
      const name = `calls${++databases}`
      const made = spawnSync(
        join(bin, 'createdb'),
        ['-h', '127.0.0.1', '-p', String(port), '-U', 'kav', name],
        options,
      )
      if (made.status !== 0) throw new Error(`createdb ended with ${made.status}`)
      return `postgres://kav@127.0.0.1:${port}/${name}`
    },
    stop: () => end('SIGINT'),
    async restart() {
      await end('SIGINT')
      server = await start()
    },
    async close() {
      // SIGQUIT: at once; nothing of it is kept.
      await end('SIGQUIT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function userOf(name) {
  const of = (what) => Number(spawnSync('id', [what, name], { encoding: 'utf8' }).stdout)
  return of('-u') === 0 ? undefined : { uid: of('-u'), gid: of('-g') }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
