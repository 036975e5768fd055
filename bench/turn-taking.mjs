// Who speaks when, measured: hundreds of scripted callers, real voices, the real rules, a fake clock.
//
//   node bench/turn-taking.mjs [--quick] [--half train|held-out|choose|report] [--only echo,pause.filler] [--list-failures] [--json]
//        [--more 10] [--set conversation.turns.number_wait_ms=700]… [--variant 'short: stt.TIMEOUT_MS=200, …']… [--turn detector.mjs]
//
// --quick    every fourth scenario
// --half     one half of the scenarios, or of those with phrases that nothing is tuned on (`turn-taking/unseen`)
// --only     categories, kinds or ids, by how they begin
// --more     in their place so many times as many: of the train half those that are heard over the agent, and turns
//            with pauses; of the halves of unseen phrases all
// --set      a setting of the pipeline, by its path in the file (`stt.` for the core's numbers of that stage)
// --variant  a name and settings over those of --set; each is played beside the rules as they are
// --turn     a module whose default export makes a detector of turn ends on a clock
//
// Prints nothing but JSON with --json: each scenario with what was heard when.

import { argv } from 'node:process'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { exitWhenWritten } from './lib/exit.mjs'
import { table, verdict } from './lib/report.mjs'
import { loadEquipment } from './turn-taking/equipment.mjs'
import { playAll } from './turn-taking/call/play.mjs'
import { allScenarios, moreScenarios } from './turn-taking/scenarios/all.mjs'
import { HALVES } from './turn-taking/scenarios/draw.mjs'
import { unseenScenarios } from './turn-taking/scenarios/unseen.mjs'
import { failureLines } from './turn-taking/score/failures.mjs'
import { judge } from './turn-taking/score/judge.mjs'
import { categoryTable, placeTable, targetsOf } from './turn-taking/score/summary.mjs'
import { readSettings, readVariant } from './turn-taking/settings.mjs'
import { UNSEEN_HALVES } from './turn-taking/unseen/unseen-phrases.mjs'

/** Plays the scenarios that `options` choose; `[{ scenario, panel, problems, … }]` in their order. */
export async function playScenarios({ half, more, only, quick, settings = {}, turn, equipment }) {
  const chosen = scenariosOf(half, more)
    .filter((scenario) => half === undefined || scenario.half === half)
    .filter(({ id }) => only === undefined || only.some((start) => id.startsWith(start)))
    .filter((_, index) => !quick || index % 4 === 0)
  return (await playAll(chosen, { ...equipment, settings, turn })).map(judge)
}

function scenariosOf(half, more) {
  if (UNSEEN_HALVES.includes(half)) return unseenScenarios(more)
  return more === undefined ? allScenarios() : moreScenarios(more)
}

/** The bench: both halves, judged by the held-out one. */
export async function measureTurnTaking({ quick = false } = {}) {
  const equipment = await loadEquipment({ log: console.error })
  const judged = await playScenarios({ quick, equipment })
  const [train, heldOut] = HALVES.map((half) => judged.filter(({ scenario }) => scenario.half === half))
  return {
    name: 'turn-taking',
    title: `Turn-taking, ${judged.length} scenarios on a fake clock, voices: ${equipment.source}`,
    lines: [
      'Held out:',
      '',
      ...categoryTable(heldOut),
      '',
      ...placeTable(heldOut),
      '',
      'Train, on which rules are tuned:',
      '',
      ...categoryTable(train),
      '',
      ...placeTable(train),
    ],
    targets: targetsOf(heldOut).map(({ passed, ...target }) => ({ ...target, verdict: verdict(passed) })),
  }
}

async function runCommand() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      half: { type: 'string' },
      more: { type: 'string' },
      only: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      variant: { type: 'string', multiple: true, default: [] },
      turn: { type: 'string' },
      'list-failures': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const halves = [...HALVES, ...UNSEEN_HALVES]
  if (values.half !== undefined && !halves.includes(values.half)) {
    throw new Error(`--half: ${values.half} is none of ${halves.join(', ')}`)
  }
  const ofMore = ['train', ...UNSEEN_HALVES]
  const more = values.more === undefined ? undefined : Number(values.more)
  if (more !== undefined && !(Number.isInteger(more) && more > 0 && ofMore.includes(values.half))) {
    throw new Error(`--more ${values.more}: wants a whole number, and --half ${ofMore.join(', ')}`)
  }
  const equipment = await loadEquipment({ log: console.error })
  const turn = values.turn && (await import(pathToFileURL(values.turn))).default
  const variants = [{ name: 'as it is', settings: [] }, ...values.variant.map(readVariant)]
  const found = []
  for (const { name, settings } of variants) {
    const startedMs = performance.now()
    const judged = await playScenarios({
      half: values.half,
      more,
      only: values.only?.split(','),
      quick: values.quick,
      settings: readSettings([...values.set, ...settings]),
      turn,
      equipment,
    })
    console.error(
      `${name}: ${judged.length} scenarios in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`,
    )
    found.push({ name, judged })
  }
  if (values.json) console.log(JSON.stringify(found, null, 1))
  else print(found, values)
}

function print(found, { half, 'list-failures': listFailures }) {
  for (const { name, judged } of found) {
    for (const one of half === undefined ? HALVES : [half]) {
      const ofHalf = judged.filter(({ scenario }) => scenario.half === one)
      const tables = [categoryTable(ofHalf), placeTable(ofHalf)].filter(({ length }) => length > 0)
      const head = `## ${found.length > 1 ? `${name}, ` : ''}${one}`
      console.log(`\n${[head, ...tables.map((lines) => lines.join('\n'))].join('\n\n')}`)
    }
    if (listFailures) console.log(`\n${failureLines(judged).join('\n')}`)
  }
  console.log(`\n${comparison(found, half).join('\n')}`)
}

/** The targets, a column for each variant and half. */
function comparison(found, half) {
  const halves = half === undefined ? HALVES : [half]
  const columns = found.flatMap(({ name, judged }) =>
    halves.map((one) => ({
      head: found.length > 1 ? `${name}, ${one}` : one,
      targets: targetsOf(judged.filter(({ scenario }) => scenario.half === one)),
    })),
  )
  const rows = columns[0].targets.map(({ target, wanted }) => [
    target,
    wanted,
    ...columns.map(({ targets }) => {
      const same = targets.find((one) => one.target === target)
      return same ? `${same.measured} ${same.passed ? 'pass' : 'MISS'}` : ''
    }),
  ])
  return table(['target', 'wanted', ...columns.map(({ head }) => head)], rows)
}

if (import.meta.url === pathToFileURL(argv[1]).href) {
  const code = await runCommand().then(
    () => 0,
    (error) => {
      console.error(error.stack)
      return 2
    },
  )
  await exitWhenWritten(code)
}
