import { type AudioFormat, encodeMulaw, MULAW_8K, readWav } from '@kav/core'
import { fakeSpeech, llmContract, type ReceivedOptions, sttContract, ttsContract } from '@kav/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { withCallLines } from '../../core/test/testing/call-lines.ts'
import {
  CHAT_USAGE,
  chatChunk,
  chatText,
  chatToolCalls,
  type HttpExchange,
  type HttpScript,
  type LoopbackOpenai,
  openLoopbackOpenai,
  type RealtimePeer,
  refusal,
  silence,
  transcriber,
  transcript,
} from '../src/testing/index.ts'
import { llmFor, sttFor, ttsFor, weatherTool } from './setup.ts'

const SAID = 'the quick brown fox'
/** Of `setup.ts`. */
const SECRETS = ['sk-test-secret']
const FIRST_BYTES = 4800

let server: LoopbackOpenai
/** Far ends that are no good, by what they do. */
const FAULTS = ['refusing', 'silent', 'stalling', 'cutting', 'calling'] as const
const faulty = new Map<(typeof FAULTS)[number], LoopbackOpenai>()
const at = (name: (typeof FAULTS)[number]) => faulty.get(name)!
/** The server that the latest provider speaks to. */
let latest: LoopbackOpenai
const to = (one: LoopbackOpenai) => (latest = one)

beforeAll(async () => {
  server = await openLoopbackOpenai()
  server.always('/chat/completions', answer)
  server.always('/audio/transcriptions', (exchange) => {
    heard = exchange.request.body
    return transcript(SAID)(exchange)
  })
  const listens = transcriber({ transcript: (audio) => (new Set(audio).size > 2 ? SAID : '') })
  server.alwaysRealtime((peer) => {
    heard = peer
    listens(peer)
  })
  for (const name of FAULTS) faulty.set(name, await openLoopbackOpenai())
  at('calling').always('/chat/completions', async ({ event, cut }) => {
    const half = {
      index: 0,
      id: 'call_1',
      type: 'function',
      function: { name: 'weather', arguments: '{"city":"Ha' },
    }
    await event(chatChunk({ delta: { tool_calls: [half] } }))
    setImmediate(cut)
  })
  const unauthorised = refusal(401, { message: 'Incorrect API key provided.', code: 'invalid_api_key' })
  for (const path of ['/chat/completions', '/audio/speech', '/audio/transcriptions']) {
    at('refusing').always(path, unauthorised)
    at('silent').always(path, silence)
  }
  for (const [name, then] of [
    ['stalling', () => undefined],
    ['cutting', ({ cut }: HttpExchange) => void setImmediate(cut)],
  ] as const) {
    at(name).always('/chat/completions', async (exchange) => {
      await exchange.event(chatChunk({ delta: { content: FIRST_WORDS } }))
      then(exchange)
    })
    at(name).always('/audio/speech', async (exchange) => {
      exchange.head(200, { 'content-type': 'audio/pcm' })
      await exchange.write(spoken(exchange.request.json.input).subarray(0, FIRST_BYTES))
      then(exchange)
    })
    at(name).always('/audio/transcriptions', then)
  }
  const begun = (peer: RealtimePeer) =>
    peer.send({ type: 'session.created', session: { id: 'sess_loopback' } })
  at('stalling').alwaysRealtime((peer) => {
    begun(peer)
    peer.on('session.update', ({ session }) => peer.send({ type: 'session.updated', session }))
  })
  at('cutting').alwaysRealtime((peer) => {
    begun(peer)
    peer.on('session.update', ({ session }) => peer.send({ type: 'session.updated', session }))
    peer.on('input_audio_buffer.append', () => peer.terminate())
  })
})
afterAll(() => Promise.all([server, ...faulty.values()].map((one) => one.close())))

const FIRST_WORDS = 'I am the front'
const spoken = (text: string) => fakeSpeech(text, { encoding: 'linear16', sampleRateHz: 24_000 })

/** A model that looks the weather up when it is asked for it, and talks otherwise. */
const answer: HttpScript = (exchange) => {
  const last = exchange.request.json.messages.at(-1)
  const call = { id: 'call_1', name: 'weather', arguments: '{"city":"Haifa"}' }
  if (last.role === 'tool') return chatText(['It is ', last.content, '.'])(exchange)
  if (/weather/.test(last.content)) return chatToolCalls([call])(exchange)
  return chatText(['I am ', 'the front ', 'desk.'])(exchange)
}

describe('the contract of llm', () => {
  const cases = withCallLines(llmContract, {
    create: (context) => llmFor(to(server), {}, context),
    createFailing: (context) => llmFor(to(at('refusing')), {}, context),
    failingClass: 'auth',
    createStalled: (context, place) =>
      llmFor(to(at(place === 'at-once' ? 'silent' : 'stalling')), {}, context),
    createCut: (context) => llmFor(to(at('cutting')), {}, context),
    secrets: SECRETS,
    sent: () => FIRST_WORDS,
    receivedText: () => JSON.stringify(latest.requests.at(-1)!.json),
    billed: () => ({ inputTokens: CHAT_USAGE.prompt_tokens, outputTokens: CHAT_USAGE.completion_tokens }),
    createCutCall: (context) => llmFor(to(at('calling')), {}, context),
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
  const cases = withCallLines(ttsContract, {
    create: (context) => ttsFor(to(server), {}, context),
    createFailing: (context) => ttsFor(to(at('refusing')), {}, context),
    failingClass: 'auth',
    createStalled: (context, place) =>
      ttsFor(to(at(place === 'at-once' ? 'silent' : 'stalling')), {}, context),
    createCut: (context) => ttsFor(to(at('cutting')), {}, context),
    secrets: SECRETS,
    asked: () => server.requests.filter(({ path }) => path === '/audio/speech').length,
    sent() {
      const { json } = latest.requests.findLast(({ path }) => path === '/audio/speech')!
      const whole = spoken(json.input)
      return latest === at('stalling') ? whole.subarray(0, FIRST_BYTES) : whole
    },
  })
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
  const cases = withCallLines(sttContract, {
    create: (context) => sttFor(to(server), { mode, language: 'en-US', ...given }, context),
    createFailing: (context) => sttFor(refused, { mode }, context),
    failingClass: 'network',
    createStalled: (context, place) =>
      sttFor(to(at(place === 'at-once' ? 'silent' : 'stalling')), { mode, ...given }, context),
    createCut: (context) => sttFor(to(at('cutting')), { mode, ...given }, context),
    secrets: SECRETS,
    speech,
    format: MULAW_8K,
    expected: /quick brown fox/,
    speechEndMs: (speech.length - 4000) / 8,
    pace: Infinity,
    received,
    receivedOptions,
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})

const refused = { baseUrl: 'http://127.0.0.1:9/v1' }

/** What the server was given last: a session, or the form of a file. */
let heard: RealtimePeer | Buffer

function received(): Uint8Array {
  if (!Buffer.isBuffer(heard)) return heard.audio()
  const { audio } = readWav(heard.subarray(heard.indexOf('RIFF')))
  return encodeMulaw(decodeLinear(audio))
}

const FORMATS: Readonly<Record<string, AudioFormat>> = {
  'audio/pcmu': MULAW_8K,
  'audio/pcma': { encoding: 'alaw', sampleRateHz: 8000 },
  'audio/pcm': { encoding: 'linear16', sampleRateHz: 24_000 },
}

function receivedOptions(): ReceivedOptions {
  if (Buffer.isBuffer(heard)) {
    const form = heard.toString()
    const field = (name: string) => new RegExp(`name="${name}"\r\n\r\n([^\r]*)`).exec(form)?.[1]
    return { of: 'request', language: field('language'), hints: [field('prompt') ?? ''] }
  }
  const { input } = heard.received.find(({ type }) => type === 'session.update').session.audio
  const { language, prompt } = input.transcription
  return { of: 'session', language, hints: [prompt ?? ''], format: FORMATS[input.format.type] }
}

function decodeLinear(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length >> 1)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < samples.length; at++) samples[at] = view.getInt16(2 * at, true)
  return samples
}
