import { MULAW_8K } from '@kav/core'
import { fakeSpeech, sttContract, ttsContract } from '@kav/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type DeepgramServer, openDeepgramServer } from '../src/testing/index.ts'
import { sttFor, ttsFor } from './setup.ts'

const SAID = 'the quick brown fox'
let server: DeepgramServer

beforeAll(async () => {
  server = await openDeepgramServer({ said: [SAID] })
})
afterAll(() => server.close())

describe.each(['nova-3', 'flux-general-en'])('the contract of stt, %s', (model) => {
  const cases = sttContract({
    create: () => sttFor(server, { model }),
    createFailing: () => sttFor(server, { model, api_key: 'wrong-key' }),
    speech: fakeSpeech(SAID, MULAW_8K),
    format: MULAW_8K,
    expected: /quick brown fox/,
    pace: Infinity,
    received: () => server.received(),
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})

describe.each([true, false])('the contract of tts, streaming %s', (streaming) => {
  const cases = ttsContract({
    create: () => ttsFor(server, { streaming }),
    createFailing: () => ttsFor(server, { streaming, api_key: 'wrong-key' }),
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})
