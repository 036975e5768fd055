import { afterAll, beforeAll, describe, it } from 'vitest'
import { MULAW_8K, type PluginContext } from '@kav/core'
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
  cutting: { understand, failAtMs: { ms: HALF_MS, status: { code: 14, details: 'Connection reset.' } } },
} satisfies Readonly<Record<string, StreamScript>>

let server: SpeechServer
const faulty = new Map<keyof typeof FAULTY, SpeechServer>()

beforeAll(async () => {
  server = await openSpeechServer({
    script: () => ({ understand }),
    recognize: () => 'w0 w1 w2 w3 w4 w5 w6 w7 w8 w9',
  })
  for (const [name, script] of Object.entries(FAULTY)) {
    faulty.set(name as keyof typeof FAULTY, await openSpeechServer({ script: () => script }))
  }
})
afterAll(() => Promise.all([server, ...faulty.values()].map((one) => one.close())))

for (const api of ['v2', 'v1'] as const) {
  const create = ({ endpoint }: SpeechServer, context: PluginContext) =>
    plugin.create({ api, language: 'he-IL', endpoint }, context)
  const at = (name: keyof typeof FAULTY) => faulty.get(name)!
  describe(`stt contract, api ${api}`, () => {
    let requestsBefore = 0
    const cases = sttContract({
      create: (context) => create(server, context),
      createFailing: (context) => create(at('refusing'), context),
      failingClass: 'auth',
      createCut: (context) => create(at('cutting'), context),
      speech: numberedFrames(0, 50),
      format: MULAW_8K,
      expected: ALL_WORDS,
      pace: 20,
      received() {
        const request = server.requests[requestsBefore]
        if (request !== undefined) {
          requestsBefore = server.requests.length
          return request.audio
        }
        return Buffer.concat(server.streams.at(-1)?.audio ?? [])
      },
      receivedOptions() {
        const { opening, languages } = server.streams.at(-1)!
        return { hints: [JSON.stringify(opening)], language: languages[0] ?? '' }
      },
    })
    for (const each of cases) it(each.name, each.run, each.timeoutMs)
  })
}
