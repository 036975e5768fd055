// `kav plugin new` as an author uses it: a plugin of every kind, each with its suite green, then a call that is answered
// by six of them, named in a pipeline like any installed package.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const KINDS = ['stt', 'llm', 'tts', 'vad', 'turn', 'tool', 'transport', 'realtime']
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

/** `project` has every package of Kav installed. `must` runs a command there and gives what it printed. */
export async function newPluginsWork(project, must) {
  for (const kind of KINDS) {
    must(project, 'npx', ['kav', 'plugin', 'new', `my-${kind}`, '--kind', kind])
    // As `npm link` does: a pipeline finds it by its name.
    symlinkSync(join(project, `my-${kind}`), join(project, 'node_modules', `my-${kind}`))
  }
  const suites = KINDS.map((kind) => `my-${kind}/test/contract.test.js`)
  must(project, process.execPath, ['--test', '--test-concurrency=2', ...suites])
  await answerACall(project, must)
}

async function answerACall(project, must) {
  const doubles = await Promise.all(['stt', 'llm', 'tts', 'tool'].map((kind) => openDouble(project, kind)))
  try {
    const [stt, llm, tts, tool] = doubles.map(({ url }) => `{ url: "${url}", api_key: ${KEY} }`)
    writeFileSync(
      join(project, 'new-plugins.yaml'),
      `version: 1
name: new-plugins
transport: { plugin: "@kav/plugin-twilio", params: { validate_signature: false } }
stt: { plugin: my-stt, params: ${stt} }
llm: { plugin: my-llm, params: ${llm} }
tts: { plugin: my-tts, params: ${tts} }
vad: { plugin: my-vad }
turn: { plugin: my-turn }
tools: { plugins: [{ plugin: my-tool, params: ${tool} }] }
conversation: { language: en-US, greeting: "Hello, this is the front desk." }
`,
    )
    // Its exit code says whether the timing was right as well, which is not asked here.
    const told = must(project, 'sh', ['-c', 'npx kav verify new-plugins.yaml --json || true'])
    const { checks, record } = JSON.parse(told)
    const failed = checks.filter(({ what, ok }) => UNTIMED.includes(what) && !ok)
    if (failed.length > 0) throw new Error(`a call with new plugins: ${JSON.stringify(failed)}`)
    if (!record.events.some(({ event }) => event === 'tool_called'))
      throw new Error('a call with new plugins: the tool was not called')
  } finally {
    for (const { close } of doubles) close()
  }
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
