// `npm test`: lint, types, unit, property, contract and end-to-end tests, then a smoke on other versions of Node.js and
// on what a stranger installs. The last line is the runner's own count.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { ensureBrowser, ensureDebianCommands } from './debian-commands.mjs'
import { ensureLocalSpeech } from './local-speech.mjs'
import { root, run, runTogether, tryRun } from './run.mjs'
import { ensureSmartTurnModel } from './smart-turn-model.mjs'
import { testSeed } from './test-seed.mjs'

await ensureLocalSpeech({ log: (line) => console.log(line) })
ensureDebianCommands(`${root}.cache`)
ensureBrowser()
run('lint', 'node', ['scripts/lint.mjs'])
// By the plugin itself, which lint has built.
await ensureSmartTurnModel()

const report = `${root}.cache/test-report.json`
mkdirSync(`${root}.cache`, { recursive: true })
rmSync(report, { force: true })
console.log(`\n▸ tests, seed ${testSeed()} (KAV_TEST_SEED)`)
const status = tryRun('vitest', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
])
if (status === 0) {
  // Both wait a good deal, for calls in real time and for npm.
  await runTogether([
    ['other versions of Node.js', 'scripts/node-versions.mjs'],
    ['installed from tarballs', 'scripts/outside.mjs'],
  ])
}
const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
console.log(`${numPassedTests} passed, ${numFailedTests} failed`)
process.exit(status)
