import { afterAll, beforeAll, describe, it } from 'vitest'
import { MULAW_8K } from '@kav/core'
import { sttContract, testContext } from '@kav/core/testing'
import plugin from '../src/index.ts'
import { numberedFrames, openSpeechServer, type SpeechServer } from '../src/testing/index.ts'

const ALL_WORDS = /^w0 w1 w2 w3 w4 w5 w6 w7 w8 w9$/

let server: SpeechServer
let refusing: SpeechServer

beforeAll(async () => {
  server = await openSpeechServer({
    script: () => ({ understand: { framesPerWord: 5, wordsPerFinal: 4 } }),
    recognize: () => 'w0 w1 w2 w3 w4 w5 w6 w7 w8 w9',
  })
  refusing = await openSpeechServer({
    script: () => ({ refuse: { code: 16, details: 'Request had invalid authentication credentials.' } }),
  })
})
afterAll(() => Promise.all([server.close(), refusing.close()]))

for (const api of ['v2', 'v1'] as const) {
  const create = (to: SpeechServer) =>
    plugin.create({ api, language: 'he-IL', endpoint: to.endpoint }, testContext())
  describe(`stt contract, api ${api}`, () => {
    let requestsBefore = 0
    const cases = sttContract({
      create: () => create(server),
      createFailing: () => create(refusing),
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
    })
    for (const each of cases) it(each.name, each.run, each.timeoutMs)
  })
}
