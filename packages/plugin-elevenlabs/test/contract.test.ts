import { MULAW_8K } from '@kav/core'
import { fakeSpeech, sttContract, ttsContract } from '@kav/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { withCallLines } from '../../core/test/testing/call-lines.ts'
import { type ElevenlabsServer, openElevenlabsServer } from '../src/testing/index.ts'
import { sttFor, ttsFor } from './setup.ts'

const SAID = 'the quick brown fox'
let server: ElevenlabsServer

beforeAll(async () => {
  server = await openElevenlabsServer({ said: [SAID] })
})
afterAll(() => server.close())

describe('the contract of stt', () => {
  const cases = withCallLines(sttContract, {
    create: (context) => sttFor(server, {}, context),
    createFailing: (context) => sttFor(server, { api_key: 'wrong-key' }, context),
    speech: fakeSpeech(SAID, MULAW_8K),
    format: MULAW_8K,
    expected: /quick brown fox/,
    pace: Infinity,
    received: () => server.received(),
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})

describe.each([true, false])('the contract of tts, streaming %s', (streaming) => {
  const cases = withCallLines(ttsContract, {
    create: (context) => ttsFor(server, { streaming }, context),
    createFailing: (context) => ttsFor(server, { streaming, api_key: 'wrong-key' }, context),
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})
