import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const path = (relative: string): string => fileURLToPath(new URL(`../../../${relative}`, import.meta.url))

/** Checks of the acceptance list that do not depend on how busy this machine is. */
export const UNTIMED_CHECKS: readonly string[] = [
  'every caller frame arrived',
  'every frame reached STT',
  'partials seen',
  'finals seen',
  'greeting_end seen',
  'replies heard',
  'protocol respected',
  'no error lines',
]

interface Check {
  readonly what: string
  readonly ok: boolean
  readonly found: string
}

/**
 * `kav verify`, as a process, on a pipeline of this repository; `env` lets every provider's wire end at a server of the
 * test's own. Shared by the plugins whose pipelines those are.
 */
export async function verifyPipeline(pipeline: string, env: NodeJS.ProcessEnv) {
  const workDir = mkdtempSync(join(tmpdir(), 'kav-verify-'))
  onTestFinished(() => rmSync(workDir, { recursive: true }))
  const args = [path('apps/server/bin/kav.js'), 'verify', path(`pipelines/${pipeline}`), '--json']
  const twilio = {
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'token',
    PUBLIC_URL: 'https://voice.example.com',
  }
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve, reject) => {
    const options = { cwd: workDir, env: { ...process.env, ...twilio, ...env } }
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      // Exit code 1 is a check that failed; which one is told by the output.
      if (stdout.startsWith('{')) resolve({ stdout, stderr })
      else reject(error ?? new Error(stderr))
    })
  })
  const { checks } = JSON.parse(stdout) as { readonly checks: readonly Check[] }
  return {
    /** All that was printed. */
    output: stdout + stderr,
    made: checks.map(({ what }) => what),
    failed: checks.filter(({ what, ok }) => UNTIMED_CHECKS.includes(what) && !ok),
  }
}
