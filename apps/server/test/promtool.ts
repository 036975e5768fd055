import { spawnSync } from 'node:child_process'
import { debianCommand } from './debian-command.ts'

const COMMAND = debianCommand('promtool')

export const hasPromtool = spawnSync(COMMAND, ['--version'], { stdio: 'ignore' }).status === 0

/** What promtool has to say; empty when all is well. */
export function promtool(args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(COMMAND, args, { input, encoding: 'utf8' })
  return status === 0 && stderr === '' ? '' : `exit code ${status}\n${stdout}${stderr}`
}
