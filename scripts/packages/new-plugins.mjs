// `npm create` and `kav plugin new` as an author uses them: a plugin of every kind, each with its suite green and a
// pipeline that is right, then calls: one answered by six of them, one by the speech-to-speech session, one that the new
// transport brings.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openRegistry } from './loopback-registry.mjs'
import { typescriptPluginsWork } from './new-plugins-typescript.mjs'

const KINDS = ['stt', 'llm', 'tts', 'vad', 'turn', 'denoise', 'tool', 'transport', 'realtime']
const KEY = 'good-key-4711'
/** Of `kav verify`, what holds on a busy machine too. */
const UNTIMED = [
  'partials seen',
  'finals seen',
  'greeting_end seen',
  'replies heard',
  'protocol respected',
  'no error lines',
  'the caller’s script',
]

/**
 * `project` has every package of Kav installed, and `packages` says where they are packed. `must` runs a command there
 * and gives what it printed.
 */
export async function newPluginsWork(project, packages, must) {
  const [first, ...others] = KINDS
  await createdByNpm(project, packages, first)
  for (const kind of others) must(project, 'npx', ['kav', 'plugin', 'new', `my-${kind}`, '--kind', kind])
  for (const kind of KINDS) {
    // As `npm link` does, and workspaces do: a pipeline finds it by its name. What it needs itself is found above it.
    symlinkSync(join(project, `my-${kind}`), join(project, 'node_modules', `my-${kind}`))
  }
  const suites = KINDS.map((kind) => `my-${kind}/test/contract.test.js`)
  must(project, process.execPath, ['--test', '--test-concurrency=2', ...suites])
  must(project, 'npx', ['kav', 'validate', ...KINDS.map((kind) => `my-${kind}/pipeline.yaml`)])
  // They wait, in real time; and each is waited for, or the services of its plugins would outlive a fault of another.
  const calls = await Promise.allSettled([answerACall(project), talkOnACall(project), bringACall(project)])
  for (const call of calls) if (call.status === 'rejected') throw call.reason
  typescriptPluginsWork(project, KINDS, must)
}

/** `npm create kav-plugin@latest`, from a registry that has nothing else. */
async function createdByNpm(project, packages, kind) {
  const registry = await openRegistry(packages.filter(({ name }) => name === 'create-kav-plugin'))
  try {
    // Not `must`: the registry answers from this process.
    const created = spawn(
      'npm',
      ['create', '--yes', 'kav-plugin@latest', `my-${kind}`, '--', '--kind', kind],
      {
        cwd: project,
        env: {
          ...process.env,
          npm_config_registry: registry.url,
          npm_config_cache: join(project, '.npm-cache'),
        },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    )
    const [code] = await once(created, 'exit')
    if (code !== 0) throw new Error(`npm create kav-plugin failed with ${code}`)
  } finally {
    registry.close()
  }
}

async function answerACall(project) {
  const doubles = await Promise.all(['stt', 'llm', 'tts', 'tool'].map((kind) => openDouble(project, kind)))
  try {
    const [stt, llm, tts, tool] = doubles.map(({ url }) => `{ url: "${url}", api_key: ${KEY} }`)
    writeFileSync(
      join(project, 'new-plugins.yaml'),
      `version: 1
name: new-plugins
transport: { plugin: "@kav/plugin-twilio", params: { validate_signature: false } }
stt: { plugin: my-stt, params: ${stt}, denoise: { plugin: my-denoise } }
llm: { plugin: my-llm, params: ${llm} }
tts: { plugin: my-tts, params: ${tts} }
vad: { plugin: my-vad }
turn: { plugin: my-turn }
tools: { plugins: [{ plugin: my-tool, params: ${tool} }] }
conversation: { language: en-US, greeting: "Hello, this is the front desk." }
`,
    )
    const record = await callHolds(project, 'new-plugins.yaml')
    if (!record.events.some(({ event }) => event === 'tool_called'))
      throw new Error('a call with new plugins: the tool was not called')
  } finally {
    for (const { close } of doubles) close()
  }
}

async function talkOnACall(project) {
  const { url, close } = await openDouble(project, 'realtime')
  try {
    await callHolds(project, 'my-realtime/pipeline.yaml', { MY_REALTIME_URL: url })
  } finally {
    close()
  }
}

/** The double of a transport is its carrier: what places the call. */
async function bringACall(project) {
  await callHolds(project, 'my-transport/pipeline.yaml')
}

/** A call by `kav verify`; gives its record. Its exit code says whether the timing was right as well: not asked here. */
async function callHolds(project, pipeline, env = {}) {
  const options = { cwd: project, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 }
  const ended = await promisify(execFile)('npx', ['kav', 'verify', pipeline, '--json'], options).catch(
    (failed) => failed,
  )
  if (!ended.stdout) throw new Error(`a call with ${pipeline} failed:\n${ended.message}`)
  const { checks, record } = JSON.parse(ended.stdout)
  const failed = checks.filter(({ what, ok }) => UNTIMED.includes(what) && !ok)
  if (failed.length > 0) throw new Error(`a call with ${pipeline}: ${JSON.stringify(failed)}`)
  return record
}

/** The double that came with the plugin, as its author starts it, on a port of the system's choice. */
async function openDouble(project, kind) {
  const double = spawn(process.execPath, [`my-${kind}/test/double.js`, '--port', '0'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(double.stdout, 'data')
  const [url] = String(line).split(' ')
  return { url, close: () => double.kill() }
}
