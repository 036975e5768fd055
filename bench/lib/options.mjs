// What every measurement takes on its command line. Absent values are the measurement's own choice.

import { argv } from 'node:process'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { exitWhenWritten } from './exit.mjs'
import { describeMachine } from './machine.mjs'
import { sectionOf } from './report.mjs'

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  calls: { type: 'string' },
  seconds: { type: 'string' },
}

/**
 * `{ quick, rounds?, calls?, seconds? }` and the `more` options as they stand. `calls` is a list of numbers: most
 * measurements take the first, a ladder takes all.
 */
export function readOptions(args, more = {}) {
  const { values } = parseArgs({ args, options: { ...OPTIONS, ...more } })
  const { rounds, calls, seconds, ...rest } = values
  return {
    ...rest,
    ...(rounds !== undefined && { rounds: positive('rounds', rounds) }),
    ...(calls !== undefined && { calls: calls.split(',').map((text) => positive('calls', text)) }),
    ...(seconds !== undefined && { seconds: positive('seconds', seconds) }),
  }
}

function positive(name, text) {
  const number = Number(text)
  if (number > 0 && (name === 'seconds' || Number.isInteger(number))) return number
  console.error(`--${name}: ${text} is not a positive number`)
  process.exit(2)
}

/**
 * Runs a measurement when its file is the one that was started: `node bench/cpu.mjs [--quick] [--calls 400]`. `more` are
 * options of its own.
 */
export async function runDirectly(url, measure, more) {
  if (url !== pathToFileURL(argv[1]).href) return
  const options = readOptions(argv.slice(2), more)
  const machine = await describeMachine()
  const result = await measure(options)
  console.log(sectionOf({ takenAt: 'now', machine, ...result }).join('\n'))
  await exitWhenWritten(0)
}
