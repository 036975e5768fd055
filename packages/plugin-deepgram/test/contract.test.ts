import { type AudioFormat, MULAW_8K, type PluginContext, type TtsProvider } from '@kav/core'
import { fakeSpeech, type ReceivedOptions, sttContract, ttsContract } from '@kav/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { withCallLines } from '../../core/test/testing/call-lines.ts'
import { type DeepgramServer, openDeepgramServer } from '../src/testing/index.ts'
import { sttFor, ttsFor } from './setup.ts'

const SAID = 'the quick brown fox'
let server: DeepgramServer
/** It says nothing, stops in the middle, or is cut there. */
let silent: DeepgramServer
let stalling: DeepgramServer
let cutting: DeepgramServer

beforeAll(async () => {
  server = await openDeepgramServer({ said: [SAID] })
  silent = await openDeepgramServer({ failure: { afterPieces: 0, by: 'silence' } })
  stalling = await openDeepgramServer({ failure: { afterPieces: 1, by: 'silence' } })
  cutting = await openDeepgramServer({ failure: { afterPieces: 1, by: 'cut' } })
})
afterAll(() => Promise.all([server, silent, stalling, cutting].map((one) => one.close())))

/** Flux for English has no language. */
function receivedOptions(model: string): ReceivedOptions {
  const { of, query } = server.latest!
  return {
    of,
    hints: query.getAll('keyterm'),
    ...((of === 'request' || model.startsWith('nova')) && { language: query.get('language') ?? undefined }),
    format: {
      encoding: query.get('encoding') as AudioFormat['encoding'],
      sampleRateHz: Number(query.get('sample_rate')),
    },
  }
}

describe.each(['nova-3', 'flux-general-en'])('the contract of stt, %s', (model) => {
  const cases = withCallLines(sttContract, {
    create: (context) => sttFor(server, { model }, context),
    createFailing: (context) => sttFor(server, { model, api_key: 'wrong-key' }, context),
    speech: fakeSpeech(SAID, MULAW_8K),
    format: MULAW_8K,
    expected: /quick brown fox/,
    pace: Infinity,
    received: () => server.received(),
    receivedOptions: () => receivedOptions(model),
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})

/** What was said before the latest answer: lines live longer than one, and nothing of them tells where one begins. */
let mark: { readonly at: DeepgramServer; readonly pieces: number }
const sentSinceMark = () => Buffer.concat(mark.at.said.pieces.slice(mark.pieces))

function markingAnswers(at: DeepgramServer, provider: TtsProvider): TtsProvider {
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
  const speaking = (at: DeepgramServer, context: PluginContext) =>
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
