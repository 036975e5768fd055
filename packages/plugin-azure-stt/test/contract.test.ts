import { afterAll, beforeAll, describe, it } from 'vitest'
import { MULAW_8K } from '@kav/core'
import { sttContract, testContext } from '@kav/core/testing'
import plugin from '../src/index.ts'
import { numberedFrames, openSpeechServer, type SpeechServer } from '../src/testing/index.ts'

let server: SpeechServer
let refusing: SpeechServer

beforeAll(async () => {
  server = await openSpeechServer({ script: () => ({ understand: { framesPerWord: 5, wordsPerFinal: 4 } }) })
  refusing = await openSpeechServer({ script: () => ({ refuse: 401 }) })
})
afterAll(() => Promise.all([server.close(), refusing.close()]))

describe('stt contract', () => {
  const create = (to: SpeechServer) =>
    plugin.create({ key: 'contract-key', host: to.host, language: 'he-IL' }, testContext())
  const cases = sttContract({
    create: () => create(server),
    createFailing: () => create(refusing),
    speech: numberedFrames(0, 50),
    format: MULAW_8K,
    expected: /^w0 w1 w2 w3 w4 w5 w6 w7 w8 w9$/,
    pace: 20,
    received: () => Buffer.concat(server.connections.at(-1)?.turns.flatMap((turn) => turn.audio) ?? []),
  })
  for (const each of cases) it(each.name, each.run, each.timeoutMs)
})
