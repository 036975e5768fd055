import { MULAW_8K, ProviderError } from '@kav/core'
import { type ContractCase, fakeSpeech, testContext } from '@kav/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RealtimeEvent, RealtimeProvider, RealtimeSession } from '../src/realtime/realtime-contract.ts'
import { openaiRealtime } from '../src/realtime/realtime.ts'
import { type LoopbackOpenai, openLoopbackOpenai, realtimeContract, talker } from '../src/testing/index.ts'
import { rejection, weatherTool, withDefaults } from './setup.ts'

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
    withDefaults(openaiRealtime.params, { base_url: baseUrl, ...given }),
    testContext(),
  )
}

const speech = Buffer.concat([fakeSpeech('hello there', MULAW_8K), Buffer.alloc(8 * 800, 0xff)])
const suite = (
  change: (provider: RealtimeProvider) => RealtimeProvider = (provider) => provider,
  given = {},
) =>
  realtimeContract({
    create: () => change(create(server.baseUrl, given)),
    createFailing: () => create('http://127.0.0.1:9/v1'),
    format: MULAW_8K,
    speech,
    expected: /hello there/,
    received: () => server.peers.at(-1)!.audio(),
    tool: { tool: weatherTool, result: 'sunny', expected: /sunny/ },
  })

describe.each([['server_vad'], ['none']])('the contract of realtime, turn_detection %s', (turn_detection) => {
  for (const one of suite(undefined, { turn_detection })) it(one.name, one.run, one.timeoutMs)
})

/** The provider with its sessions changed. */
const withSession =
  (change: (session: RealtimeSession) => Partial<RealtimeSession>) =>
  (provider: RealtimeProvider): RealtimeProvider => ({
    ...provider,
    async openSession(options) {
      const session = await provider.openSession(options)
      return { ...session, ...change(session) }
    },
  })

const withEvents = (change: (event: RealtimeEvent) => RealtimeEvent[]) =>
  withSession(({ events }) => ({
    events: (async function* () {
      for await (const event of events) yield* change(event)
    })(),
  }))

async function fails(
  change: (provider: RealtimeProvider) => RealtimeProvider,
  name: string,
  message: RegExp,
  stepTimeoutMs = 5_000,
) {
  const cases = realtimeContract({
    create: () => change(create()),
    format: MULAW_8K,
    speech,
    expected: /hello there/,
    received: () => server.peers.at(-1)!.audio(),
    stepTimeoutMs,
    promptMs: 1_000,
  })
  const found = cases.find((one): one is ContractCase => one.name.startsWith(name))
  expect(await rejection(found!.run())).toMatchObject({ message: expect.stringMatching(message) })
}

describe('the realtime suite notices', () => {
  it('a provider that does not carry the format', () =>
    fails((provider) => ({ ...provider, formats: [] }), 'carries the format', /formats to list/))

  it('a provider that hears nothing', () =>
    fails(
      withSession(() => ({ write: () => undefined })),
      'a turn is heard',
      /expected "reply-ended"/,
      400,
    ))

  it('a reply that is never ended', () =>
    fails(
      withEvents((event) => (event.type === 'reply-ended' ? [] : [event])),
      'say is spoken',
      /expected "reply-ended"/,
      400,
    ))

  it('a reply that is ended twice', () =>
    fails(
      withEvents((event) => (event.type === 'reply-ended' ? [event, event] : [event])),
      'a turn is heard',
      /reply-ended once/,
    ))

  it('partials that are pieces', () =>
    fails(
      withEvents((event) => [
        event.type === 'agent-partial' ? { ...event, text: event.text.slice(-4) } : event,
      ]),
      'a turn is heard',
      /whole text so far/,
    ))

  it('an interruption that is ignored', () =>
    fails(
      withSession(() => ({ interrupt: () => undefined })),
      'an interruption ends',
      /no audio after an interruption/,
    ))

  it('a buffer that is kept', () =>
    fails(
      withSession((session) => {
        const kept: Uint8Array[] = []
        return {
          write(audio) {
            kept.push(audio)
            if (kept.length === 3) for (const one of kept.splice(0)) session.write(one)
          },
        }
      }),
      'a buffer is only lent',
      /byte for byte/,
    ))

  it('a close that does not end the events', () =>
    fails(
      withSession((session) => ({
        events: (async function* () {
          yield* session.events
          await new Promise(() => undefined)
        })(),
      })),
      'nothing is delivered after close',
      /events to end after close/,
    ))

  it('a throw after close', () =>
    fails(
      withSession((session) => {
        let closed = false
        return {
          close() {
            closed = true
            return session.close()
          },
          say(text) {
            if (closed) throw new Error('closed')
            session.say(text)
          },
        }
      }),
      'nothing is delivered after close',
      /closed/,
    ))

  it('an abort that is told as a fault', () =>
    fails(
      (provider) => ({
        ...provider,
        openSession: (options) =>
          options.signal.aborted
            ? Promise.reject(new ProviderError('network', 'aborted'))
            : provider.openSession(options).catch(() => {
                throw new ProviderError('network', 'aborted')
              }),
      }),
      'an abort ends',
      /"cancelled" after an abort/,
    ))
})
