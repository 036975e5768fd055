import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { openLoopbackOpenai, talker } from '../src/testing/index.ts'

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

interface Verified {
  readonly checks: readonly { readonly what: string; readonly ok: boolean; readonly found: string }[]
}

/** `kav verify` on a pipeline of this repository, with the provider's wire ending at a server of our own. */
async function verify(pipeline: string, baseUrl: string): Promise<Verified> {
  const workDir = mkdtempSync(join(tmpdir(), 'kav-openai-'))
  onTestFinished(() => rmSync(workDir, { recursive: true }))
  const args = [path('apps/server/bin/kav.js'), 'verify', path(`pipelines/${pipeline}`), '--json']
  const env = {
    ...process.env,
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'token',
    PUBLIC_URL: 'https://voice.example.com',
    OPENAI_API_KEY: 'key',
    OPENAI_BASE_URL: baseUrl,
  }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: workDir, env }, (error, stdout, stderr) => {
      // Exit code 1 is a check that failed; which one is told by the output.
      if (stdout.startsWith('{')) resolve(JSON.parse(stdout) as Verified)
      else reject(error ?? new Error(stderr))
    })
  })
}

it('the speech-to-speech pipeline runs a whole call', { timeout: 90_000 }, async () => {
  const server = await openLoopbackOpenai()
  onTestFinished(() => server.close())
  const heard: string[] = []
  server.alwaysRealtime(
    talker({
      transcript: (_audio, index) => ['what are your opening hours', 'thank you'][index] ?? 'yes',
      answer(words) {
        heard.push(words)
        return 'We are open from nine to five, every day but Sunday.'
      },
    }),
  )
  const { checks } = await verify('openai-realtime.yaml', server.baseUrl)
  expect(checks.map(({ what }) => what)).toEqual(expect.arrayContaining(CHECKS))
  expect(checks.filter(({ what, ok }) => CHECKS.includes(what) && !ok)).toEqual([])
  expect(heard[0]).toBe('what are your opening hours')

  // One session for the call; its settings are the pipeline's, and what the model was asked to say is the greeting.
  expect(server.peers).toHaveLength(1)
  const [peer] = server.peers
  const { session } = await peer!.event('session.update')
  expect(session.instructions).toContain('front desk')
  expect(session.audio.input.format).toEqual({ type: 'audio/pcmu' })
  expect(session.audio.output.format).toEqual({ type: 'audio/pcmu' })
  expect(session.tools.map(({ name }: { name: string }) => name)).toContain('hang_up')
  const { response } = await peer!.event('response.create')
  expect(response.instructions).toContain('Hello, how can I help you?')
})
