import { afterAll, beforeAll, describe, it } from 'vitest'
import { withCallLines } from '../../core/test/testing/call-lines.ts'
import { type AudioFormat, MULAW_8K, type PluginContext } from '@kav/core'
import { ttsContract } from '@kav/core/testing'
import plugin from '../src/index.ts'
import { openVoiceServer, spokenAudio, type VoiceScript, type VoiceServer } from '../src/testing/index.ts'

const KEY = 'contract-key'
const FIRST_BYTES = 800
/** As `X-Microsoft-OutputFormat` has them. */
const FORMATS: Readonly<Record<string, AudioFormat>> = { 'raw-8khz-8bit-mono-mulaw': MULAW_8K }
/** How far ends behave that are no good. */
const FAULTY = {
  refusing: { refuse: 401 },
  silent: { refuse: 'hang' },
  stalling: { stallAfterBytes: FIRST_BYTES },
  cutting: { cut: { afterBytes: FIRST_BYTES, code: 'reset' } },
} satisfies Readonly<Record<string, VoiceScript>>

let server: VoiceServer
const faulty = new Map<keyof typeof FAULTY, VoiceServer>()

beforeAll(async () => {
  server = await openVoiceServer()
  for (const [name, script] of Object.entries(FAULTY))
    faulty.set(name as keyof typeof FAULTY, await openVoiceServer({ script: () => script }))
})
afterAll(() => Promise.all([server, ...faulty.values()].map((one) => one.close())))

describe('tts contract', () => {
  let latest: VoiceServer
  const create = (to: VoiceServer, context: PluginContext) => {
    latest = to
    return plugin.create({ key: KEY, host: to.host, voice: 'en-US-JennyNeural' }, context)
  }
  const at = (name: keyof typeof FAULTY) => faulty.get(name)!
  const cases = withCallLines(ttsContract, {
    create: (context) => create(server, context),
    createFailing: (context) => create(at('refusing'), context),
    failingClass: 'auth',
    createStalled: (context, place) => create(at(place === 'at-once' ? 'silent' : 'stalling'), context),
    createCut: (context) => create(at('cutting'), context),
    secrets: [KEY],
    asked: () => server.utterances.length,
    // Azure's voices have their languages in their names.
    receivedOptions: () => ({ format: FORMATS[latest.utterances.at(-1)!.format] }),
    sent() {
      const { text, sentBytes } = latest.utterances.at(-1)!
      return spokenAudio(text).subarray(0, sentBytes)
    },
  })
  for (const each of cases) it(each.name, each.run, each.timeoutMs)
})
