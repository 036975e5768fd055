// Runs one step of a script and stops the script when it fails.
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a program of node_modules or node itself, in the root folder. Exits the process when it fails. */
export function run(title, command, args) {
  process.stdout.write(`\n▸ ${title}\n`)
  const status = tryRun(command, args)
  if (status === 0) return
  process.stderr.write(`✘ ${title} failed\n`)
  process.exit(status)
}

export function tryRun(command, args, options = {}) {
  const program = command === 'node' ? process.execPath : `${root}node_modules/.bin/${command}`
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options })
  return result.status ?? 1
}

/**
 * Runs scripts, in this order, two at a time, as more would run no sooner on two cores; what each says stands together.
 * They begin when `first` is over, which has `beside` for company. Exits the process when one fails: what is not begun yet
 * is not begun then, what runs is stopped.
 */
export async function runTogether(scripts, { first, beside } = {}) {
  const waiting = [...scripts]
  const running = new Set()
  const begun = [first, beside].map((script) => script && runOne(script, running))
  const lane = async (own) => {
    await Promise.all([begun[0], own])
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await runOne(next, running)
  }
  await Promise.all(begun.map(lane))
}

async function runOne([title, file, ...args], running) {
  const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (said += text))
  const status = await new Promise((resolve) => child.on('close', resolve))
  running.delete(child)
  process.stdout.write(`\n▸ ${title}\n${said}`)
  if (status === 0) return
  process.stderr.write(`✘ ${title} failed\n`)
  for (const other of running) other.kill()
  process.exit(status ?? 1)
}
