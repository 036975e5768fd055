// What a stranger gets: every package is packed, installed into empty projects outside of this repository, compiled
// against and run. What is not ours comes from npm's cache or the registry; without either this is skipped.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { guideRuns } from './packages/guide-runs.mjs'
import { installService, isOptional, npmInstall, Unreachable } from './packages/install-service.mjs'
import { newPluginsWork } from './packages/new-plugins.mjs'
import { packPackages } from './packages/pack-packages.mjs'
import { root } from './run.mjs'

const { devDependencies, dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
const TYPES_OF_NODE = `@types/node@${{ ...dependencies, ...devDependencies }['@types/node']}`
const READY_WITHIN_MS = 60_000

const folder = mkdtempSync(join(tmpdir(), 'kav-outside-'))
try {
  const packages = packPackages(join(folder, 'tarballs'))
  await asAuthor(packages)
  await asOperator(packages)
} catch (error) {
  if (!(error instanceof Unreachable)) throw error
  console.log(`installed from tarballs: skipped, ${error.message}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** A plugin in TypeScript against @kav/core alone. */
async function asAuthor(packages) {
  const project = emptyProject('author')
  const core = packages.find(({ name }) => name === '@kav/core')
  npmInstall(project, [core.tarball, TYPES_OF_NODE])
  cpSync(`${root}scripts/outside/plugin.ts`, join(project, 'plugin.ts'))
  compile(project, ['plugin.ts'])
  must(project, process.execPath, ['plugin.js'])
  console.log('a plugin written outside compiles and runs: ok')
}

/** Every package together, as `npm install @kav/server` brings them, then the optional ones. */
async function asOperator(packages) {
  const project = join(folder, 'operator')
  // As the container image and the systemd unit have it; the types are for the compiler alone.
  installService(project, packages)
  const optional = packages.filter(({ name }) => isOptional(name, packages))
  const before = must(project, 'npx', ['kav', 'plugins'])
  for (const { name } of optional)
    if (before.includes(name))
      throw new Error(`kav plugins lists ${name}, which is not installed:\n${before}`)
  npmInstall(project, [TYPES_OF_NODE, ...optional.map(({ tarball }) => tarball)])
  writeFileSync(join(project, 'every-entry.ts'), importsOfEveryEntry(packages))
  compile(project, ['every-entry.ts'])
  console.log('every entry point has its types: ok')

  must(project, 'npx', ['kav', 'validate', 'node_modules/@kav/server/dist/pipelines/demo.yaml'])
  const listed = must(project, 'npx', ['kav', 'plugins'])
  for (const { name } of packages.filter((one) => one.name.startsWith('@kav/plugin-')))
    if (!listed.includes(name)) throw new Error(`kav plugins does not list ${name}:\n${listed}`)
  guideRuns(project, must)
  console.log('every block of the guide for authors runs: ok')
  await servesWithoutAFile(project)
  await newPluginsWork(project, packages, must)
  console.log(
    'new plugins of every kind, in JavaScript and TypeScript, pass their suites and answer calls: ok',
  )
  console.log('kav validate, plugins and serve from an installed package: ok')
}

async function servesWithoutAFile(project) {
  const port = await freePort()
  const server = spawn(
    process.execPath,
    ['node_modules/@kav/server/bin/kav.js', 'serve', '--port', String(port)],
    {
      cwd: project,
      env: { ...process.env, ADMIN_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let output = ''
  const ended = new Promise((resolve) => server.once('exit', resolve))
  const ready = new Promise((resolve) => {
    server.stdout.on('data', (data) => {
      output += data
      if (output.includes('SERVER: ready for calls')) resolve(true)
    })
    setTimeout(resolve, READY_WITHIN_MS, false).unref()
    void ended.then(() => resolve(false))
  })
  const isReady = await ready
  const answer = isReady
    ? await fetch(`http://127.0.0.1:${port}/readyz`).then((response) => response.status)
    : 0
  server.kill('SIGTERM')
  const code = await ended
  if (answer !== 200 || code !== 0)
    throw new Error(`kav serve without a file: /readyz ${answer}, exit code ${code}\n${output}`)
}

function importsOfEveryEntry(packages) {
  const entries = packages.flatMap(({ name, manifest }) =>
    Object.keys(manifest.exports).map((path) => join(name, path)),
  )
  const imports = entries.map((entry, at) => `import * as entry${at} from '${entry}'`)
  return `${imports.join('\n')}\nexport default [${entries.map((_, at) => `entry${at}`).join(', ')}]\n`
}

function emptyProject(name) {
  const project = join(folder, name)
  mkdirSync(project)
  must(project, 'npm', ['init', '-y'])
  must(project, 'npm', ['pkg', 'set', 'type=module'])
  return project
}

/** As strict as a stranger may be; of declarations that are not ours, only those of others may be wrong. */
function compile(project, files) {
  const options = ['--strict', '--skipLibCheck', 'false', '--module', 'nodenext', '--target', 'es2023']
  const { stdout } = spawnSync(
    process.execPath,
    [
      `${root}node_modules/typescript/bin/tsc`,
      ...options,
      '--types',
      'node',
      '--exactOptionalPropertyTypes',
      ...files,
    ],
    { cwd: project, encoding: 'utf8' },
  )
  const ours = stdout
    .split('\n')
    .filter((line) => /error TS/.test(line) && !/^node_modules\/(?!@kav\/)/.test(line))
  if (ours.length > 0) throw new Error(`types, seen from outside:\n${ours.join('\n')}`)
}

function must(project, command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: project, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} failed:\n${stdout}${stderr}`)
  return stdout
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
