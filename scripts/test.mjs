// `npm test`: the checks of `npm run lint`, and beside them a smoke on other versions of Node.js and on what a stranger
// installs, which mostly waits; then unit, property, contract and end-to-end tests, with nothing beside them, for there
// are calls in real time among them. All of it is run, whatever fails. The last line is the runner's own count.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { BUILD, CHECKS, FORMAT } from './checks.mjs'
import { ensureBrowser, ensureDebianCommands } from './debian-commands.mjs'
import { ensureLocalSpeech } from './local-speech.mjs'
import { root, runInTurn, tryRun } from './run.mjs'
import { ensureSmartTurnModel } from './smart-turn-model.mjs'
import { testSeed } from './test-seed.mjs'

const OUTSIDE = ['installed from tarballs', 'scripts/outside.mjs']
const NODE_VERSIONS = ['other versions of Node.js', 'scripts/node-versions.mjs']

await ensureLocalSpeech({ log: (line) => console.log(line) })
ensureDebianCommands(`${root}.cache`)
ensureBrowser()
if ((await runInTurn([BUILD])).length > 0) process.exit(1)
// By the plugin itself.
await ensureSmartTurnModel()

const waiting = [...CHECKS, FORMAT]
const lanes = [waiting, waiting, [OUTSIDE], [NODE_VERSIONS]]
const failed = (await Promise.all(lanes.map((lane) => runInTurn(lane)))).flat()

const report = `${root}.cache/test-report.json`
mkdirSync(`${root}.cache`, { recursive: true })
rmSync(report, { force: true })
console.log(`\n▸ tests, seed ${testSeed()} (KAV_TEST_SEED)`)
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
const status = tryRun('vitest', ['run', ...reporters])
if (failed.length > 0) console.error(`\n✘ ${failed.join(', ')} failed: what they said stands above`)
const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
console.log(`${numPassedTests} passed, ${numFailedTests} failed`)
process.exit(failed.length > 0 ? 1 : status)
