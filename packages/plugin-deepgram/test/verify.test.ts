import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openElevenlabsServer } from '@kav/plugin-elevenlabs/testing'
import { openLoopbackOpenai } from '@kav/plugin-openai/testing'
import { expect, it, onTestFinished } from 'vitest'
import { openDeepgramServer } from '../src/testing/index.ts'

const path = (relative: string): string => fileURLToPath(new URL(`../../../${relative}`, import.meta.url))

/** Checks of the acceptance list that do not depend on how busy this machine is. */
const CHECKS = [
  'every caller frame arrived',
  'every frame reached STT',
  'partials seen',
  'finals seen',
  'greeting_end seen',
  'replies heard',
  'protocol respected',
  'no error lines',
]
const KEY = 'canary-key-of-this-test'

interface Verified {
  readonly checks: readonly { readonly what: string; readonly ok: boolean; readonly found: string }[]
}

/** `kav verify` on a pipeline of this repository, with every provider's wire ending at a server of our own. */
async function verify(pipeline: string, own: NodeJS.ProcessEnv) {
  const openai = await openLoopbackOpenai()
  const workDir = mkdtempSync(join(tmpdir(), 'kav-deepgram-'))
  onTestFinished(async () => {
    await openai.close()
    rmSync(workDir, { recursive: true })
  })
  const args = [path('apps/server/bin/kav.js'), 'verify', path(`pipelines/${pipeline}`), '--json']
  const env = {
    ...process.env,
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'token',
    PUBLIC_URL: 'https://voice.example.com',
    OPENAI_API_KEY: 'key',
    OPENAI_BASE_URL: openai.baseUrl,
    ...own,
  }
  const output = await new Promise<{ stdout: string; stderr: string }>((resolve, reject) => {
    execFile(process.execPath, args, { cwd: workDir, env }, (error, stdout, stderr) => {
      // Exit code 1 is a check that failed; which one is told by the output.
      if (stdout.startsWith('{')) resolve({ stdout, stderr })
      else reject(error ?? new Error(stderr))
    })
  })
  const { checks } = JSON.parse(output.stdout) as Verified
  return {
    output: output.stdout + output.stderr,
    checks: checks.map((check) => check.what),
    failed: checks.filter((check) => CHECKS.includes(check.what) && !check.ok),
  }
}

it('the pipelines of Deepgram and of ElevenLabs run a whole call', { timeout: 90_000 }, async () => {
  const said = ['hello', 'thank you']
  const deepgram = await openDeepgramServer({ said, key: KEY })
  const elevenlabs = await openElevenlabsServer({ said, key: KEY })
  onTestFinished(async () => void (await Promise.all([deepgram.close(), elevenlabs.close()])))
  const calls = await Promise.all([
    verify('deepgram-en.yaml', { DEEPGRAM_API_KEY: KEY, DEEPGRAM_BASE_URL: deepgram.baseUrl }),
    verify('elevenlabs-en.yaml', {
      ELEVENLABS_API_KEY: KEY,
      ELEVENLABS_BASE_URL: elevenlabs.baseUrl,
      ELEVENLABS_VOICE: 'anna',
    }),
  ])
  for (const { checks, failed, output } of calls) {
    expect(checks).toEqual(expect.arrayContaining(CHECKS))
    expect(failed).toEqual([])
    expect(output).not.toContain(KEY)
  }
})
