import { MULAW_8K, type PluginContext, type TtsProvider } from '@kav/core'
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

/** What was said before the latest answer: lines live longer than one, and nothing of them tells where one begins. */
let mark: { readonly at: ElevenlabsServer; readonly pieces: number }
const sentSinceMark = () => Buffer.concat(mark.at.said.pieces.slice(mark.pieces))

function markingAnswers(at: ElevenlabsServer, provider: TtsProvider): TtsProvider {
  const { speak, speakReply } = provider
  const marking =
    <Args extends readonly unknown[], T>(method: (...args: Args) => T) =>
    (...args: Args): T => {
      mark = { at, pieces: at.said.pieces.length }
      return method(...args)
    }
  return { ...provider, speak: marking(speak), ...(speakReply && { speakReply: marking(speakReply) }) }
}

describe.each([true, false])('the contract of tts, streaming %s', (streaming) => {
  const speaking = (at: ElevenlabsServer, context: PluginContext) =>
    markingAnswers(at, ttsFor(at, { streaming }, context))
  const cases = withCallLines(ttsContract, {
    create: (context) => speaking(server, context),
    createFailing: (context) => ttsFor(server, { streaming, api_key: 'wrong-key' }, context),
    createStalled: (context, place) => speaking(place === 'at-once' ? silent : stalling, context),
    createCut: (context) => speaking(cutting, context),
    sent: sentSinceMark,
    sentReply: sentSinceMark,
    asked: () => server.said.texts,
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})
