// `npm test`: unit, property, contract and end-to-end tests; beside them, since they wait for more than half of their
// time, the checks of `npm run lint` and a smoke on other versions of Node.js and on what a stranger installs. All of it
// is run, whatever fails. The last line is the runner's own count.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { BUILD, CHECKS, FORMAT } from './checks.mjs'
import { ensureBrowser, ensureDebianCommands } from './debian-commands.mjs'
import { ensureLocalSpeech } from './local-speech.mjs'
import { root, runInTurn } from './run.mjs'
import { ensureSmartTurnModel } from './smart-turn-model.mjs'
import { testSeed } from './test-seed.mjs'

const SMOKE = [
  ['installed from tarballs', 'scripts/outside.mjs'],
  ['other versions of Node.js', 'scripts/node-versions.mjs'],
]

await ensureLocalSpeech({ log: (line) => console.log(line) })
ensureDebianCommands(`${root}.cache`)
ensureBrowser()
if ((await runInTurn([BUILD])).length > 0) process.exit(1)
// By the plugin itself.
await ensureSmartTurnModel()

const report = `${root}.cache/test-report.json`
mkdirSync(`${root}.cache`, { recursive: true })
rmSync(report, { force: true })
console.log(`\n▸ tests, seed ${testSeed()} (KAV_TEST_SEED)`)
const waiting = [...CHECKS, ...SMOKE, FORMAT]
const beside = runInTurn(waiting)
const status = await runTests()
// Where the tests were sooner, two at a time.
const failed = (await Promise.all([beside, runInTurn(waiting)])).flat()
if (failed.length > 0) console.error(`\n✘ ${failed.join(', ')} failed: what they said stands above`)
const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
console.log(`${numPassedTests} passed, ${numFailedTests} failed`)
process.exit(failed.length > 0 ? 1 : status)

function runTests() {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const args = [`${root}node_modules/vitest/vitest.mjs`, 'run', ...reporters]
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
}
