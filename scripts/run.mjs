// Runs one step of a script and stops the script when it fails.
import { spawnSync } from 'node:child_process'
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
