import { MULAW_8K } from '@kav/core'
import { fakeSpeech, sttContract, ttsContract } from '@kav/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { withCallLines } from '../../core/test/testing/call-lines.ts'
import { type ElevenlabsServer, openElevenlabsServer } from '../src/testing/index.ts'
import { sttFor, ttsFor } from './setup.ts'

const SAID = 'the quick brown fox'
let server: ElevenlabsServer
/** It says nothing, stops in the middle, or is cut there. */
let silent: ElevenlabsServer
let stalling: ElevenlabsServer
let cutting: ElevenlabsServer

beforeAll(async () => {
  server = await openElevenlabsServer({ said: [SAID] })
  silent = await openElevenlabsServer({ failure: { afterPieces: 0, by: 'silence' } })
  stalling = await openElevenlabsServer({ failure: { afterPieces: 1, by: 'silence' } })
  cutting = await openElevenlabsServer({ failure: { afterPieces: 1, by: 'cut' } })
})
afterAll(() => Promise.all([server, silent, stalling, cutting].map((one) => one.close())))

describe('the contract of stt', () => {
  const cases = withCallLines(sttContract, {
    create: (context) => sttFor(server, {}, context),
    createFailing: (context) => sttFor(server, { api_key: 'wrong-key' }, context),
    speech: fakeSpeech(SAID, MULAW_8K),
    format: MULAW_8K,
    expected: /quick brown fox/,
    pace: Infinity,
    received: () => server.received(),
    receivedOptions: () => server.receivedOptions(),
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})

describe.each([true, false])('the contract of tts, streaming %s', (streaming) => {
  const cases = withCallLines(ttsContract, {
    create: (context) => ttsFor(server, { streaming }, context),
    createFailing: (context) => ttsFor(server, { streaming, api_key: 'wrong-key' }, context),
    createStalled: (context, place) =>
      ttsFor(place === 'at-once' ? silent : stalling, { streaming }, context),
    createCut: (context) => ttsFor(cutting, { streaming }, context),
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})
