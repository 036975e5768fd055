import { MULAW_8K, type RealtimeProvider } from '@kav/core'
import { fakeSpeech, realtimeContract, testContext, testParams } from '@kav/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { openaiRealtime } from '../src/realtime/realtime.ts'
import { type LoopbackOpenai, openLoopbackOpenai, talker } from '../src/testing/index.ts'
import { weatherTool } from './setup.ts'

let server: LoopbackOpenai
beforeAll(async () => {
  server = await openLoopbackOpenai()
  server.alwaysRealtime((peer) => {
    const call = { name: 'weather', arguments: '{"city":"Haifa"}' }
    const hasTools = peer.event('session.update').then((event) => event.session.tools.length > 0)
    let tools = false
    void hasTools.then((has) => (tools = has))
    talker({ transcript: () => 'hello there', answer: (heard) => (tools ? call : `you said ${heard}`) })(peer)
  })
})
afterAll(() => server.close())

function create(baseUrl = server.baseUrl, given: Record<string, unknown> = {}): RealtimeProvider {
  return openaiRealtime.create(
    testParams(openaiRealtime.params, { base_url: baseUrl, ...given }),
    testContext(),
  )
}

const speech = Buffer.concat([fakeSpeech('hello there', MULAW_8K), Buffer.alloc(8 * 800, 0xff)])
const suite = (given: Record<string, unknown>) =>
  realtimeContract({
    create: () => create(server.baseUrl, given),
    createFailing: () => create('http://127.0.0.1:9/v1'),
    format: MULAW_8K,
    speech,
    expected: /hello there/,
    received: () => server.peers.at(-1)!.audio(),
    receivedText: () => JSON.stringify(server.peers.at(-1)!.received),
    tool: { tool: weatherTool, result: 'sunny', expected: /sunny/ },
  })

describe.each([['server_vad'], ['none']])('the contract of realtime, turn_detection %s', (turn_detection) => {
  for (const one of suite({ turn_detection })) it(one.name, one.run, one.timeoutMs)
})
