// A smoke on the versions of Node.js that people run now: a pipeline is validated, conversations are played, one real
// call is placed. The versions come from npm, into .cache; one that cannot be had is skipped, and that is said.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.mjs'

const VERSIONS = [22, 24, 26]
/** The binaries that the npm package `node` installs by a script; taken directly, no script has to run. */
const BINARY_PACKAGE =
  process.platform === 'darwin'
    ? `node-bin-darwin-${process.arch}`
    : `node-${process.platform}-${process.arch}`
/** Values for what the pipelines of the repository take from the environment; nothing is reached with them. */
const STAND_INS = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'stand-in',
  PUBLIC_URL: 'https://voice.example.com',
  OPENAI_API_KEY: 'stand-in',
  AZURE_SPEECH_KEY: 'stand-in',
  ANTHROPIC_API_KEY: 'stand-in',
  DEEPGRAM_API_KEY: 'stand-in',
  ELEVENLABS_API_KEY: 'stand-in',
}
const KAV = 'apps/server/bin/kav.js'
const pipelines = readdirSync(join(root, 'pipelines'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => `pipelines/${file}`)
const SMOKE = [
  { title: 'validate', args: [KAV, 'validate', ...pipelines] },
  { title: 'test', args: [KAV, 'test'] },
  {
    title: 'one call',
    args: [KAV, 'verify', 'pipelines/demo.yaml', '--say', 'hello.wav', '--json'],
    holds: callHolds,
  },
  { title: 'one HTTP client', args: ['packages/plugin-openai/test/node-versions.mjs'] },
  {
    // Answers, faults and uploads over the real wire; the rest of the suite has no wire of its own.
    title: 'the suite of plugin-openai',
    args: [
      'node_modules/vitest/vitest.mjs',
      'run',
      ...['llm-servers', 'llm-faults', 'stt-file'].map(
        (name) => `packages/plugin-openai/test/${name}.test.ts`,
      ),
    ],
  },
  {
    // From 22.18 on Node.js strips the types itself; what that says of a mistake has another form each time.
    title: 'a plugin in TypeScript',
    args: ['node_modules/vitest/vitest.mjs', 'run', 'apps/server/test/typescript-plugin.test.ts'],
  },
  { title: 'a refused upgrade', args: ['packages/plugin-azure-stt/test/node22/refused-upgrade.mjs'] },
]

const PACE = /^(fps_in|TX fps|rx q|write_ms|underruns)/

let failed = 0
for (const version of VERSIONS) {
  const node = nodeOf(version)
  if (node === undefined) continue
  const name = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
  for (const { title, args, holds = ({ status }) => status === 0 } of SMOKE) {
    const beganMs = performance.now()
    const result = spawnSync(node, args, {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...STAND_INS },
      timeout: 120_000,
    })
    const took = `${((performance.now() - beganMs) / 1000).toFixed(1)} s`
    const isFine = holds(result)
    console.log(`Node.js ${name}: ${title} ${isFine ? 'ok' : 'FAILED'} (${took})`)
    if (isFine) continue
    failed++
    console.error(`${result.stdout}${result.stderr}`)
  }
}
process.exit(failed === 0 ? 0 : 1)

/** Everything `kav verify` checks, but for the pace: that is the machine's, which is busy with other tests. */
function callHolds({ stdout }) {
  try {
    return JSON.parse(stdout).checks.every(({ what, ok }) => ok || PACE.test(what))
  } catch {
    return false
  }
}

/** Path of that version's binary; undefined, with a word on why, where it cannot be had. */
function nodeOf(version) {
  const folder = join(root, '.cache', 'node', String(version))
  const binary = join(folder, 'node_modules', BINARY_PACKAGE, 'bin', 'node')
  if (existsSync(binary)) return binary
  const { status, stderr } = spawnSync(
    'npm',
    [
      'install',
      `${BINARY_PACKAGE}@${version}`,
      ...['--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--prefer-offline'],
    ],
    { encoding: 'utf8' },
  )
  if (status === 0 && existsSync(binary)) return binary
  console.log(
    `Node.js ${version}: skipped, ${BINARY_PACKAGE}@${version} cannot be had: ${stderr?.split('\n')[0]}`,
  )
  return undefined
}
