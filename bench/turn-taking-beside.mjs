// Who speaks when, Kav beside pipecat: the same scripted callers in real time over Twilio's protocol, the same panel.
//
//   node bench/turn-taking-beside.mjs [--quick] [--share 0.25] [--slots 2] [--systems Kav] [--save judged.json]
//
// --share  of every category of the held-out half
// --slots  scenarios at once; each is played to all systems at the same time
// --systems  those whose names hold this; Kav alone needs no Python
// --save   a file for what was heard in each call
//
// Needs Python and pipecat as pipecat/README.md says. Some 12 minutes.

import { writeFileSync } from 'node:fs'
import { niceness, watchMachine } from './lib/machine.mjs'
import { runDirectly } from './lib/options.mjs'
import { findPipecat } from './pipecat/start-server.mjs'
import { playScenarios } from './turn-taking.mjs'
import { loadEquipment } from './turn-taking/equipment.mjs'
import { besideTable } from './turn-taking/live/beside-table.mjs'
import { playLive } from './turn-taking/live/live-call.mjs'
import { createOrderedClock } from './turn-taking/live/ordered-clock.mjs'
import { playRounds } from './turn-taking/live/rounds.mjs'
import { openScriptedServices } from './turn-taking/live/scripted-services.mjs'
import { chooseSubset } from './turn-taking/live/subset.mjs'
import { SYSTEMS } from './turn-taking/live/systems.mjs'
import { allScenarios } from './turn-taking/scenarios/all.mjs'
import { judge } from './turn-taking/score/judge.mjs'

const SHARE = 0.25
const QUICK_SHARE = 0.02
const SLOTS = 2
const NAME = 'turn-taking-beside'

export async function measureTurnTakingBeside({
  quick = false,
  share,
  slots = SLOTS,
  systems: holding = '',
  save,
} = {}) {
  const title = 'Turn-taking beside pipecat, in real time'
  const systems = SYSTEMS.filter(({ name }) => name.includes(holding))
  const { python, version, missing } = findPipecat()
  if (missing !== undefined && systems.some(({ name }) => name !== 'Kav')) {
    const line = `Not run: pipecat was not found (${missing}). [pipecat/README.md](pipecat/README.md) says how to get it.`
    return { name: NAME, title, lines: [line] }
  }
  const equipment = await loadEquipment({ log: console.error })
  const heldOut = allScenarios().filter(({ half }) => half === 'held-out')
  const scenarios = chooseSubset(heldOut, Number(share ?? (quick ? QUICK_SHARE : SHARE)))
  const startedMs = performance.now()
  const watched = watchMachine()
  const { good, voids } = await playSystems(scenarios, { systems, slots: Number(slots), python, equipment })
  const { busyShare } = watched()
  const minutes = (performance.now() - startedMs) / 60_000
  const judged = [
    ...systems.map(({ name }, n) => ({ name, judged: good.map((played) => judge(played[n])) })),
    { name: 'Kav on the fake clock', competes: false, judged: await onFakeClock(good, equipment) },
  ]
  if (save !== undefined) writeFileSync(save, JSON.stringify(judged))
  return {
    name: NAME,
    title,
    rounds: good.length,
    lines: [
      `${version ?? 'No pipecat'}; voices: ${equipment.source}. ${scenarios.length} of the ${heldOut.length} held-out ` +
        `scenarios, ${slots} at once, each played to all systems at the same time, in ${minutes.toFixed(0)} minutes in ` +
        `which the machine was ${(busyShare * 100).toFixed(0)} % busy${aheadText(niceness())}. ${voidText(voids)}`,
      '',
      ...besideTable(judged),
      '',
      'Bold: the best of the row among those that were played to in real time. What the columns are: [README.md](README.md#turn-taking-beside-pipecat).',
    ],
  }
}

/** `good`: for each scenario what every system made of it, in the order of `systems`. */
async function playSystems(scenarios, { systems, slots, python, equipment }) {
  const { sounds } = equipment
  const services = await openScriptedServices(sounds.callers)
  const clock = createOrderedClock()
  const running = Array.from({ length: slots }, () => [])
  const play = (scenario, slot) =>
    Promise.all(
      running[slot].map(({ serverFor }) =>
        playLive(scenario, { server: serverFor(scenario), services, sounds, clock }),
      ),
    )
  try {
    for (const servers of running) {
      for (const { start } of systems) servers.push(await start(services.url, python))
    }
    // The first call of a process loads models.
    for (let slot = 0; slot < slots; slot++) await play(scenarios[0], slot)
    return await playRounds(scenarios, slots, play, console.error)
  } finally {
    await Promise.all(running.flat().map(({ stop }) => stop()))
    services.close()
  }
}

/** The same scenarios as the bench of the rules plays them: what real time and a socket change. */
async function onFakeClock(good, equipment) {
  const ids = new Set(good.map(([{ scenario }]) => scenario.id))
  const judged = await playScenarios({ half: 'held-out', equipment, only: [...ids] })
  return judged.filter(({ scenario }) => ids.has(scenario.id))
}

function aheadText(nice) {
  return nice < 0 ? `, with all processes of the measurement ahead of its others (nice ${nice})` : ''
}

function voidText(voids) {
  if (voids.length === 0) return 'No round was void.'
  const lost = voids.filter(({ again }) => again)
  const reasons = voids.map(({ id, reason }) => `${id}: ${reason}`).join('; ')
  return `${voids.length} rounds were void and were played again, ${lost.length} of them in vain (${reasons}).`
}

await runDirectly(import.meta.url, measureTurnTakingBeside, {
  share: { type: 'string' },
  slots: { type: 'string' },
  systems: { type: 'string' },
  save: { type: 'string' },
})
