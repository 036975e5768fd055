// Runs the steps of a script.
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
 * Runs scripts one after the other, all of them; what each says stands together. They are taken out of the list as they
 * begin, so that several may share one. Gives the titles of those that failed.
 */
export async function runInTurn(scripts) {
  const failed = []
  for (let next = scripts.shift(); next !== undefined; next = scripts.shift()) {
    const [title, ...args] = next
    const { status, said } = await runScript(args)
    process.stdout.write(`\n▸ ${title}\n${said}`)
    if (status === 0) continue
    process.stderr.write(`✘ ${title} failed\n`)
    failed.push(title)
  }
  return failed
}

/** Whoever it has left running may hold its output open, which is waited for no longer than this. */
const OUTPUT_LIMIT_MS = 2000

async function runScript(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (said += text))
  const closed = new Promise((resolve) => child.on('close', resolve))
  const status = await new Promise((resolve) => child.on('exit', resolve))
  let late
  await Promise.race([closed, new Promise((resolve) => (late = setTimeout(resolve, OUTPUT_LIMIT_MS)))])
  clearTimeout(late)
  for (const stream of [child.stdout, child.stderr]) stream.destroy()
  return { status, said }
}
