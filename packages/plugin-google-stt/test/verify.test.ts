import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openVoiceServer } from '@kav/plugin-google-tts/testing'
import { openLoopbackOpenai } from '@kav/plugin-openai/testing'
import { expect, it, onTestFinished } from 'vitest'
import type { StreamScript } from '../src/testing/index.ts'
import { serve } from './open-for-test.ts'

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
async function verify(pipeline: string, script: (region: string) => StreamScript) {
  const speech = await serve({ script: ({ region }) => script(region) })
  const voices = await openVoiceServer()
  const openai = await openLoopbackOpenai()
  const workDir = mkdtempSync(join(tmpdir(), 'kav-google-'))
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
    GOOGLE_CLOUD_PROJECT: 'local',
    GOOGLE_STT_ENDPOINT: speech.endpoint,
    GOOGLE_TTS_ENDPOINT: voices.endpoint,
  }
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, args, { cwd: workDir, env }, (error, stdout, stderr) => {
      // Exit code 1 is a check that failed; which one is told by the output.
      if (stdout.startsWith('{')) resolve(stdout)
      else reject(error ?? new Error(stderr))
    })
  })
  const { checks } = JSON.parse(output) as Verified
  return {
    speech,
    voices,
    failed: checks.filter((check) => CHECKS.includes(check.what) && !check.ok),
    checks,
  }
}

it(
  'both Google pipelines run a whole call: English in a stream, Hebrew past a region that refuses',
  { timeout: 90_000 },
  async () => {
    const refusal = {
      code: 3,
      details: 'The model "long" does not exist in the location named "eu".',
    }
    const [hebrew, english] = await Promise.all([
      verify('google-he.yaml', (region) =>
        region === 'eu' ? { refuse: refusal } : { utterances: ['שלום', 'תודה'] },
      ),
      verify('google-en.yaml', () => ({ utterances: ['hello', 'thank you'] })),
    ])
    for (const { checks, failed } of [hebrew, english]) {
      expect(checks.map((check) => check.what)).toEqual(expect.arrayContaining(CHECKS))
      expect(failed).toEqual([])
    }
    expect(hebrew.speech.streams.map((stream) => [stream.region, stream.state, stream.languages])).toEqual([
      ['eu', 'failed', ['iw-IL']],
      ['us', 'finished', ['iw-IL']],
    ])
    expect(hebrew.voices.heard[0]).toMatchObject({ kind: 'request', inputs: ['שלום, איך אפשר לעזור?'] })
    expect(english.speech.streams).toMatchObject([
      { region: 'us', model: 'chirp_3', languages: ['en-US'], state: 'finished' },
    ])
    expect(english.voices.heard[0]).toMatchObject({ kind: 'stream', voice: 'en-US-Chirp3-HD-Kore' })
  },
)
