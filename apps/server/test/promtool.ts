import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FETCHED = fileURLToPath(new URL('../../../.cache/promtool/promtool', import.meta.url))
const COMMAND = existsSync(FETCHED) ? FETCHED : 'promtool'

/** Absent: neither installed nor taken out of its package by `npm test`, which then says why. */
export const hasPromtool = spawnSync(COMMAND, ['--version'], { stdio: 'ignore' }).status === 0

/** What promtool has to say; empty when all is well. */
export function promtool(args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(COMMAND, args, { input, encoding: 'utf8' })
  return status === 0 && stderr === '' ? '' : `exit code ${status}\n${stdout}${stderr}`
}
