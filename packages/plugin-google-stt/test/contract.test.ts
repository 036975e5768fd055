import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { withCallLines } from '../../core/test/testing/call-lines.ts'
import { type AudioFormat, MULAW_8K, type PluginContext } from '@kav/core'
import { sttContract } from '@kav/core/testing'
import plugin from '../src/index.ts'
import {
  numberedFrames,
  openSpeechServer,
  type SpeechServer,
  type StreamScript,
} from '../src/testing/index.ts'

const ALL_WORDS = /^w0 w1 w2 w3 w4 w5 w6 w7 w8 w9$/
const HALF_MS = 500

const understand = { framesPerWord: 5, wordsPerFinal: 4 }
/** How far ends behave that are no good. */
const FAULTY = {
  refusing: { refuse: { code: 16, details: 'Request had invalid authentication credentials.' } },
  mute: {},
  cutting: { understand, failAtMs: { ms: HALF_MS, status: { code: 14, details: 'Connection reset.' } } },
} satisfies Readonly<Record<string, StreamScript>>

let server: SpeechServer
/** Accepts connections and never says a word, not even of HTTP/2. */
let silent: Server
const faulty = new Map<keyof typeof FAULTY, SpeechServer>()

beforeAll(async () => {
  server = await openSpeechServer({
    script: () => ({ understand }),
    recognize: () => 'w0 w1 w2 w3 w4 w5 w6 w7 w8 w9',
  })
  silent = createServer((socket) => socket.on('error', () => undefined).resume())
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  for (const [name, script] of Object.entries(FAULTY)) {
    faulty.set(name as keyof typeof FAULTY, await openSpeechServer({ script: () => script }))
  }
})
afterAll(async () => {
  silent.close()
  await Promise.all([server, ...faulty.values()].map((one) => one.close()))
})

const ENCODINGS = { MULAW: 'mulaw', ALAW: 'alaw', LINEAR16: 'linear16' } as const

/** As either API puts it, at its own depth. */
function formatIn(asked: unknown): AudioFormat | undefined {
  const text = JSON.stringify(asked)
  const encoding = /"encoding":"(\w+)"/.exec(text)?.[1] as keyof typeof ENCODINGS | undefined
  const rate = /"sampleRateHertz":(\d+)/.exec(text)?.[1]
  return encoding && { encoding: ENCODINGS[encoding], sampleRateHz: Number(rate) }
}

for (const api of ['v2', 'v1'] as const) {
  const create = ({ endpoint }: { readonly endpoint: string }, context: PluginContext) =>
    plugin.create({ api, language: 'he-IL', endpoint, fallback_regions: ['us'] }, context)
  const at = (name: keyof typeof FAULTY) => faulty.get(name)!
  const atSilent = () => ({ endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` })
  describe(`stt contract, api ${api}`, () => {
    const cases = withCallLines(sttContract, {
      create: (context) => create(server, context),
      createFailing: (context) => create(at('refusing'), context),
      failingClass: 'auth',
      createStalled: (context, place) => create(place === 'at-once' ? atSilent() : at('mute'), context),
      createCut: (context) => create(at('cutting'), context),
      speech: numberedFrames(0, 50),
      format: MULAW_8K,
      expected: ALL_WORDS,
      pace: 20,
      received() {
        const { audio } = server.latest!
        return audio instanceof Uint8Array ? audio : Buffer.concat(audio)
      },
      receivedOptions() {
        const { languages, region, ...rest } = server.latest!
        const asked = 'message' in rest ? rest.message : rest.opening
        return {
          of: 'message' in rest ? 'request' : 'session',
          hints: [JSON.stringify(asked, (key, value: unknown) => (key === 'content' ? '' : value))],
          language: languages[0] ?? '',
          format: formatIn(asked),
          // Requests of the first API name none: there it is the address alone.
          ...(api === 'v2' && { region }),
        }
      },
    })
    for (const each of cases) it(each.name, each.run, each.timeoutMs)
  })
}
