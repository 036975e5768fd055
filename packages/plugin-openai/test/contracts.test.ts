import { encodeMulaw, MULAW_8K, readWav } from '@kav/core'
import { fakeSpeech, llmContract, sttContract, ttsContract } from '@kav/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import {
  chatText,
  chatToolCalls,
  type HttpScript,
  type LoopbackOpenai,
  openLoopbackOpenai,
  transcriber,
  transcript,
} from '../src/testing/index.ts'
import { llmFor, sttFor, ttsFor, weatherTool } from './setup.ts'

let server: LoopbackOpenai
const SAID = 'the quick brown fox'
const refused = { baseUrl: 'http://127.0.0.1:9/v1' }

beforeAll(async () => {
  server = await openLoopbackOpenai()
  server.always('/chat/completions', answer)
  server.always('/audio/transcriptions', transcript(SAID))
  server.alwaysRealtime(transcriber({ transcript: () => SAID }))
})
afterAll(() => server.close())

/** A model that looks the weather up when it is asked for it, and talks otherwise. */
const answer: HttpScript = (exchange) => {
  const last = exchange.request.json.messages.at(-1)
  const call = { id: 'call_1', name: 'weather', arguments: '{"city":"Haifa"}' }
  if (last.role === 'tool') return chatText(['It is ', last.content, '.'])(exchange)
  if (/weather/.test(last.content)) return chatToolCalls([call])(exchange)
  return chatText(['I am ', 'the front ', 'desk.'])(exchange)
}

describe('the contract of llm', () => {
  const cases = llmContract({
    create: () => llmFor(server),
    createFailing: () => llmFor(refused),
    expected: /front desk/,
    toolCall: {
      messages: [{ role: 'user', content: 'What is the weather in Haifa?' }],
      tools: [weatherTool],
      result: () => '31 degrees',
      expected: /31 degrees/,
    },
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})

describe('the contract of tts', () => {
  const cases = ttsContract({ create: () => ttsFor(server), createFailing: () => ttsFor(refused) })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})

describe.each([
  ['realtime', {}],
  ['realtime', { turn_detection: 'none' }],
  ['utterances', {}],
])('the contract of stt, mode %s %o', (mode, given) => {
  const speech = Buffer.concat([
    Buffer.alloc(1600, 0xff),
    fakeSpeech(SAID, MULAW_8K),
    Buffer.alloc(4000, 0xff),
  ])
  const cases = sttContract({
    create: () => sttFor(server, { mode, language: 'en-US', ...given }),
    createFailing: () => sttFor(refused, { mode }),
    speech,
    format: MULAW_8K,
    expected: /quick brown fox/,
    speechEndMs: (speech.length - 4000) / 8,
    pace: Infinity,
    received,
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})

/** What the server was given last, live or in a file. */
let filesSeen = 0
function received(): Uint8Array {
  const files = server.requests.filter((request) => request.path === '/audio/transcriptions')
  if (files.length === filesSeen) return server.peers.at(-1)!.audio()
  filesSeen = files.length
  const { body } = files.at(-1)!
  const { audio } = readWav(body.subarray(body.indexOf('RIFF')))
  return encodeMulaw(decodeLinear(audio))
}

function decodeLinear(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length >> 1)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < samples.length; at++) samples[at] = view.getInt16(2 * at, true)
  return samples
}
