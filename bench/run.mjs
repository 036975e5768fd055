// All measurements, and RESULTS.md from what they find.
//
//   npm run bench [-- --quick] [-- --only core,gc]
//
// --quick   one short round of each: shows that everything runs; its figures are rough
// --only    these alone (`core`: cpu, pacing, blocks, ladder, memory); the others keep the figures they had. What takes
//           long or needs more than Node (turn-taking-beside, watched) runs only when it is named here.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measureAttacks } from './attacks.mjs'
import { measureBlocks } from './blocks.mjs'
import { measureCpu } from './cpu.mjs'
import { measureDrain } from './drain.mjs'
import { measureFirstWords } from './first-words.mjs'
import { measureGc } from './gc.mjs'
import { measureLadder } from './ladder.mjs'
import { exitWhenWritten } from './lib/exit.mjs'
import { beforeText, describeMachine } from './lib/machine.mjs'
import { sectionOf, table, targetTable } from './lib/report.mjs'
import { measureMemory } from './memory.mjs'
import { measurePacing } from './pacing.mjs'
import { measurePipecat } from './pipecat/beside-pipecat.mjs'
import { measureScale } from './scale.mjs'
import { measureTraces } from './traces.mjs'
import { measureTurnTaking } from './turn-taking.mjs'
import { measureTurnTakingBeside } from './turn-taking-beside.mjs'
import { measureVadCalls } from './vad-calls.mjs'
import { measureWatched } from './watched.mjs'

const MEASUREMENTS = {
  'turn-taking': measureTurnTaking,
  'turn-taking-beside': measureTurnTakingBeside,
  cpu: measureCpu,
  pacing: measurePacing,
  blocks: measureBlocks,
  ladder: measureLadder,
  memory: measureMemory,
  'first-words': measureFirstWords,
  gc: measureGc,
  'vad-calls': measureVadCalls,
  traces: measureTraces,
  watched: measureWatched,
  attacks: measureAttacks,
  drain: measureDrain,
  scale: measureScale,
  pipecat: measurePipecat,
}
const CORE = ['cpu', 'pacing', 'blocks', 'ladder', 'memory']
const WHEN_NAMED = ['turn-taking-beside', 'watched']
/** A measurement that takes longer hangs. */
const LIMIT_MS = 30 * 60_000

const { values: flags } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
})
const names =
  flags.only?.split(',').flatMap((name) => (name === 'core' ? CORE : name)) ??
  Object.keys(MEASUREMENTS).filter((name) => !WHEN_NAMED.includes(name))
const unknown = names.filter((name) => !(name in MEASUREMENTS))
if (unknown.length > 0) {
  console.error(`no measurement ${unknown.join(', ')}; there are ${Object.keys(MEASUREMENTS).join(', ')}`)
  process.exit(2)
}

const folder = fileURLToPath(new URL('results/', import.meta.url))
mkdirSync(folder, { recursive: true })
let failed = false
for (const name of names) {
  console.error(`${name} …`)
  const startedMs = Date.now()
  const machine = await describeMachine()
  const limit = setTimeout(() => {
    console.error(`${name}: not done after ${LIMIT_MS / 60_000} minutes`)
    process.exit(1)
  }, LIMIT_MS)
  try {
    // On a busy machine a dial may time out.
    const result = await MEASUREMENTS[name](flags).catch(() => MEASUREMENTS[name](flags))
    const takenAt = `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC${flags.quick ? ' (quick)' : ''}`
    const found = { ...result, takenAt, machine }
    writeFileSync(`${folder}${name}.json`, `${JSON.stringify(found, null, 2)}\n`)
    console.log(`\n${sectionOf(found).join('\n')}\n`)
    console.error(`${name}: ${((Date.now() - startedMs) / 60_000).toFixed(1)} minutes`)
  } catch (error) {
    failed = true
    console.error(`${name}: ${error.message}`)
  } finally {
    clearTimeout(limit)
  }
}
if (existsSync(folder)) writeResults()
await exitWhenWritten(failed ? 1 : 0)

function writeResults() {
  const results = Object.keys(MEASUREMENTS)
    .filter((name) => existsSync(`${folder}${name}.json`))
    .map((name) => JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')))
  const targets = results.flatMap(({ targets: found = [] }) => found)
  const voids = results.reduce((sum, result) => sum + (result.voids?.length ?? 0), 0)
  const latest = results.reduce((last, result) => (result.takenAt > last.takenAt ? result : last))
  const { cpu, cores, memoryGb, node, system, before } = latest.machine
  const text = [
    '# Results',
    '',
    'Written by `npm run bench`; what each figure means is in [README.md](README.md).',
    '',
    ...table(
      ['machine', ''],
      [
        ['processor', `${cpu}, ${cores} cores (virtual machine, shared)`],
        ['memory', `${memoryGb} GB`],
        ['Node', node],
        ['system', system],
        ['before its last measurement', before === undefined ? '' : beforeText(before)],
        ['void rounds, repeated', String(voids)],
      ],
    ),
    '',
    '## Targets',
    '',
    ...(voids === 0
      ? []
      : [
          `The machine was too busy in ${voids} rounds, with the server or with others. What is not judged wants a quieter one; its`,
          'figures say what the noise left of them.',
          '',
        ]),
    ...targetTable(targets),
    ...results.flatMap((result) => ['', ...sectionOf(result)]),
    '',
  ].join('\n')
  writeFileSync(fileURLToPath(new URL('RESULTS.md', import.meta.url)), text)
}
