// By hand, on Linux as root: what the container of deploy/ runs, as a container runs it, where there is no container
// engine. The image's step puts Kav into a folder; it is started as the user of the image, with no capability, on a root
// file system that is read-only, with the pipeline and the environment of deploy/kubernetes; its probes answer, and it
// ends in time. The base image itself is not looked at.   node scripts/check-image.mjs
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { root } from './run.mjs'

const FILES = {
  pipeline: `${root}deploy/kubernetes/base/pipeline.yaml`,
  deployment: `${root}deploy/kubernetes/base/deployment.yaml`,
}
/** Of the right form; nobody is asked with them before the first call but providers, which refuse. */
const KEYS = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: '0'.repeat(32),
  PUBLIC_URL: 'https://voice.example.com',
  OPENAI_API_KEY: 'sk-none',
}
const { spec } = parse(readFileSync(FILES.deployment, 'utf8')).spec.template
const [container] = spec.containers
const { runAsUser, runAsGroup } = spec.securityContext
const STARTUP_TRIES = container.startupProbe.failureThreshold

const folder = mkdtempSync(join(tmpdir(), 'kav-image-'))
try {
  chmodSync(folder, 0o755)
  const installed = spawnSync(process.execPath, [`${root}scripts/install-service.mjs`, join(folder, 'kav')], {
    encoding: 'utf8',
  })
  if (installed.status !== 0) throw new Error(installed.stderr)
  console.log(installed.stdout.trim())
  await run()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function run() {
  for (const name of ['calls', 'etc']) mkdirSync(join(folder, name))
  copyFileSync(FILES.pipeline, join(folder, 'etc/pipeline.yaml'))
  const child = spawn('unshare', ['--mount', 'sh', '-euc', asInTheContainer()], {
    env: {
      PATH: process.env.PATH,
      ...KEYS,
      ...Object.fromEntries(container.env.map((one) => [one.name, one.value])),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let log = ''
  child.stdout.on('data', (data) => (log += data))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  try {
    await untilStarted(ended)
    for (const probe of ['livenessProbe', 'startupProbe']) console.log(`${probe}: ${await statusOf(probe)}`)
    const refused = /Read-only file system|EROFS|EACCES|EPERM/.exec(log)
    if (refused) throw new Error(`something was to be written where nothing may be:\n${log}`)
    child.kill('SIGTERM')
    const code = await ended
    if (code !== 0) throw new Error(`exit code ${code}\n${log}`)
    console.log(
      `user ${runAsUser}, no capability, read-only root: started, answered its probes, ended with 0`,
    )
  } catch (error) {
    console.error(log)
    throw error
  } finally {
    child.kill('SIGKILL')
  }
}

/** What a container engine does of it all: mounts, rights, and nothing else. */
function asInTheContainer() {
  const [calls, etc] = ['calls', 'etc'].map((name) => join(folder, name))
  const user = `--reuid=${runAsUser} --regid=${runAsGroup} --clear-groups`
  const rights = '--no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all'
  return `
    chown ${runAsUser}:${runAsGroup} ${calls}
    mount --bind ${calls} ${calls}
    mount -o remount,bind,ro /
    if touch /written 2>/dev/null; then echo the root can be written to >&2; exit 9; fi
    cd ${calls}
    exec setpriv ${user} ${rights} ${process.execPath} ${folder}/kav/node_modules/@kav/server/bin/kav.js serve ${etc}/pipeline.yaml
  `
}

async function untilStarted(ended) {
  let over = false
  void ended.then(() => (over = true))
  for (let tries = 0; tries < STARTUP_TRIES && !over; tries++) {
    if ((await statusOf('startupProbe')) === 200) return
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
  throw new Error(over ? 'it ended' : `not started within ${STARTUP_TRIES} s`)
}

function statusOf(probe) {
  const { path, port } = container[probe].httpGet
  const { containerPort } = container.ports.find(({ name }) => name === port)
  return fetch(`http://127.0.0.1:${containerPort}${path}`).then(
    ({ status }) => status,
    () => 0,
  )
}
