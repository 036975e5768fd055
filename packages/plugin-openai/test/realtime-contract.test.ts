import { MULAW_8K, type PluginContext, type RealtimeProvider } from '@kav/core'
import { fakeSpeech, realtimeContract, testParams } from '@kav/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { withCallLines } from '../../core/test/testing/call-lines.ts'
import { openaiRealtime } from '../src/realtime/realtime.ts'
import {
  type LoopbackOpenai,
  openLoopbackOpenai,
  REPLY_USAGE,
  type RealtimePeer,
  type RealtimeScript,
  talker,
} from '../src/testing/index.ts'
import { weatherTool } from './setup.ts'

let server: LoopbackOpenai
let silent: LoopbackOpenai
let stalling: LoopbackOpenai
let cutting: LoopbackOpenai
const cutOnce: LoopbackOpenai[] = []

/** A model that says nothing more behind its first audio. */
const begins =
  (then: (peer: RealtimePeer) => void): RealtimeScript =>
  (peer) => {
    let isSaid = false
    talker({ transcript: () => 'hello there', answer: () => 'you are welcome' })({
      ...peer,
      send(event) {
        if (isSaid) return
        peer.send(event)
        isSaid = event['type'] === 'response.output_audio.delta'
        if (isSaid) then(peer)
      },
    })
  }

beforeAll(async () => {
  silent = await openLoopbackOpenai()
  stalling = await openLoopbackOpenai()
  stalling.alwaysRealtime(begins(() => undefined))
  cutting = await openLoopbackOpenai()
  cutting.alwaysRealtime(begins((peer) => void peer.roundTrip().then(() => peer.terminate())))
  server = await openLoopbackOpenai()
  server.alwaysRealtime((peer) => {
    const call = { name: 'weather', arguments: '{"city":"Haifa"}' }
    const hasTools = peer.event('session.update').then((event) => event.session.tools.length > 0)
    let tools = false
    void hasTools.then((has) => (tools = has))
    talker({ transcript: () => 'hello there', answer: (heard) => (tools ? call : `you said ${heard}`) })(peer)
  })
})
afterAll(() => Promise.all([server, silent, stalling, cutting, ...cutOnce].map((one) => one.close())))

const KEY = 'sk-test-secret'

function create(
  context: PluginContext,
  baseUrl = server.baseUrl,
  given: Record<string, unknown> = {},
): RealtimeProvider {
  return openaiRealtime.create(
    testParams(openaiRealtime.params, { base_url: baseUrl, api_key: KEY, ...given }),
    context,
  )
}

const speech = Buffer.concat([fakeSpeech('hello there', MULAW_8K), Buffer.alloc(8 * 800, 0xff)])
const suite = (given: Record<string, unknown>) =>
  withCallLines(realtimeContract, {
    create: (context) => create(context, server.baseUrl, given),
    createFailing: (context) => create(context, 'http://127.0.0.1:9/v1'),
    failingClass: 'network',
    createStalled: (context, place) =>
      create(context, (place === 'at-once' ? silent : stalling).baseUrl, given),
    createCut: (context) => create(context, cutting.baseUrl, given),
    async createCutOnce(context) {
      const once = await openLoopbackOpenai()
      cutOnce.push(once)
      const cut = begins((peer) => void peer.roundTrip().then(() => peer.terminate()))
      const whole = talker({ transcript: () => 'hello there', answer: () => 'you are welcome' })
      let connections = 0
      once.alwaysRealtime((peer) => (connections++ === 0 ? cut : whole)(peer))
      return create(context, once.baseUrl, given)
    },
    secrets: [KEY],
    format: MULAW_8K,
    speech,
    expected: /hello there/,
    received: () => server.peers.at(-1)!.audio(),
    receivedText: () => JSON.stringify(server.peers.at(-1)!.received),
    receivedHeardMs: () =>
      server.peers.at(-1)!.received.findLast(({ type }) => type === 'conversation.item.truncate')
        ?.audio_end_ms,
    billed() {
      const replies = server.peers.at(-1)!.received.filter(({ type }) => type === 'response.create').length
      return {
        inputTokens: replies * REPLY_USAGE.input_tokens,
        outputTokens: replies * REPLY_USAGE.output_tokens,
      }
    },
    receivedOptions() {
      const { session } = server.peers.at(-1)!.received.find(({ type }) => type === 'session.update')
      const { language, prompt } = session.audio.input.transcription ?? {}
      return { instructions: session.instructions, language: language ?? '', hints: [prompt ?? ''] }
    },
    tool: { tool: weatherTool, result: 'sunny', expected: /sunny/ },
  })

describe.each([['server_vad'], ['none']])('the contract of realtime, turn_detection %s', (turn_detection) => {
  for (const one of suite({ turn_detection })) it(one.name, one.run, one.timeoutMs)
})
