import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'

/** Two cores at least, and the `taskset` of util-linux. */
export const canPin =
  cpus().length > 1 && spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0

/** Keeps a process, all its threads and what it starts from now on, on one core. Where that cannot be, nothing is done. */
export function pin(pid, core) {
  if (canPin) spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' })
}
