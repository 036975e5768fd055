import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Type } from '@sinclair/typebox'
import { RESULT } from '../plugin-check/report-lines.ts'
import { type AgentTool, agentTool } from './agent-tool.ts'
import type { RoomForTools } from './room-for-tools.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/kav.js', import.meta.url))
/** A suite takes seconds; a plugin that hangs must not hold up who asks. */
const LIMIT_MS = 180_000
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024

/**
 * The suite runs in a process of its own: what was imported once would stay as it was, and a plugin may end or hang it.
 * It ends with who asked for it: `ended`.
 */
export function createPluginCheckTool(room: RoomForTools, ended: AbortSignal): AgentTool {
  return agentTool(
    'plugin_check',
    'Runs the contract suite of a plugin package against its double, and tells for every promise of its kind whether it ' +
      'is kept, broken (which case, and what happened) or not shown (and what would show it). Runs the code of the plugin. ' +
      'In TypeScript compile first. How to write one: docs, page plugin-authoring.',
    {
      path: Type.String({ description: 'Folder of the package, or its contract module.', minLength: 1 }),
    },
    ({ path }) => room.inProcess(() => check(path, ended)),
  )
}

function check(path: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const limits = { timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT_BYTES, signal } as const
    const args = [PROGRAM, 'plugin', 'check', '--no-write', '--', path]
    execFile(process.execPath, args, limits, (error, stdout, stderr) => {
      // A report that is not whole is none, whatever the exit code says: a plugin may have ended the process.
      const isWhole = stdout.split('\n').some((line) => line.startsWith(RESULT))
      if (isWhole && (error === null || error.code === 1)) return resolve(stdout)
      const late = error?.killed === true ? `it did not end within ${LIMIT_MS / 1000} s` : ''
      const why = [stdout, stderr, late].map((text) => text.trim()).filter((text) => text !== '')
      reject(new Error(why.join('\n') || (error?.message ?? 'it ended without a report')))
    })
  })
}
