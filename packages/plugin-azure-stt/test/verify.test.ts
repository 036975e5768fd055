import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openVoiceServer } from '@kav/plugin-azure-tts/testing'
import { openLoopbackOpenai } from '@kav/plugin-openai/testing'
import { expect, it, onTestFinished } from 'vitest'
import { KEY, serve } from './open-for-test.ts'

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

/** `kav verify` on a pipeline of this repository, with every provider's wire ending at a server of our own. */
async function verify(pipeline: string, utterances: readonly string[]) {
  const speech = await serve({ script: () => ({ utterances }) })
  const voices = await openVoiceServer()
  const openai = await openLoopbackOpenai()
  const workDir = mkdtempSync(join(tmpdir(), 'kav-azure-'))
  onTestFinished(async () => {
    await Promise.all([voices.close(), openai.close()])
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
    AZURE_SPEECH_KEY: KEY,
    AZURE_STT_HOST: speech.host,
    AZURE_TTS_HOST: voices.host,
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
    speech,
    voices,
    output: output.stdout + output.stderr,
    checks,
    failed: checks.filter((check) => CHECKS.includes(check.what) && !check.ok),
  }
}

it('both Azure pipelines run a whole call, and say nothing of the key', { timeout: 90_000 }, async () => {
  const [hebrew, english] = await Promise.all([
    verify('azure-he.yaml', ['שלום', 'תודה']),
    verify('azure-en.yaml', ['hello', 'thank you']),
  ])
  for (const { checks, failed, output } of [hebrew, english]) {
    expect(checks.map((check) => check.what)).toEqual(expect.arrayContaining(CHECKS))
    expect(failed).toEqual([])
    expect(output).not.toContain(KEY)
  }
  expect(hebrew.speech.connections[0]?.query.language).toBe('he-IL')
  expect(hebrew.voices.utterances[0]).toMatchObject({ text: 'שלום, איך אפשר לעזור?', ended: true })
  expect(english.speech.connections[0]?.query.language).toBe('en-US')
  expect(english.voices.utterances[0]?.ssml).toContain('en-US-JennyNeural')
})
