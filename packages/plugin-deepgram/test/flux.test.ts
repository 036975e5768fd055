import { oddVersionsOf, testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { deepgramStt } from '../src/index.ts'
import { turnInfo } from '../src/testing/index.ts'
import { collect, collectToError, loopback, openSession, rejection, sttFor } from './setup.ts'

const FLUX = { model: 'flux-general-en', eager_eot_threshold: 0.4 }

async function opened(given = {}, context = testContext()) {
  const server = await loopback()
  server.onSocket('/v2/listen', (upgrade) =>
    upgrade.accept().send({ type: 'Connected', request_id: 'r', sequence_id: 0 }),
  )
  const stt = sttFor(server, { ...FLUX, ...given }, context)
  const session = await openSession(stt)
  return { server, stt, session, peer: await server.peer() }
}

describe('a session of Flux', () => {
  it('asks for turns, and says so', async () => {
    const { stt, peer } = await opened({
      model: 'flux-general-multi',
      language: 'es-MX',
      eot_timeout_ms: 3_000,
    })
    expect(stt.detectsTurns).toBe(true)
    expect(peer.url.pathname).toBe('/v2/listen')
    expect(Object.fromEntries(peer.url.searchParams)).toMatchObject({
      model: 'flux-general-multi',
      encoding: 'mulaw',
      sample_rate: '8000',
      eot_threshold: '0.7',
      eager_eot_threshold: '0.4',
      eot_timeout_ms: '3000',
      language_hint: 'es',
    })
    for (const novas of ['interim_results', 'endpointing', 'smart_format', 'language', 'punctuate'])
      expect(peer.url.searchParams.has(novas)).toBe(false)
  })

  it('tells turns: begun, perhaps over, not over after all, over', async () => {
    const { session, peer } = await opened()
    const reading = collect(session.events)
    peer.send(turnInfo('StartOfTurn', 'I would', 4_000))
    // Only the newest of partials is kept for a slow reader.
    await peer.roundTrip()
    peer.send(turnInfo('EagerEndOfTurn', 'I would like', 8_000, 0.45))
    peer.send(turnInfo('TurnResumed', 'I would like a', 12_000))
    await peer.roundTrip()
    peer.send(turnInfo('EagerEndOfTurn', 'I would like a table', 16_000, 0.5))
    peer.send(turnInfo('EndOfTurn', 'I would like a table', 20_000, 0.85))
    await peer.roundTrip()
    session.finish()
    await peer.message((message) => message.type === 'CloseStream')
    peer.close(1000)
    expect(await reading).toEqual([
      { type: 'speech-started', atMs: 500 },
      { type: 'partial', text: 'I would' },
      { type: 'partial', text: 'I would like' },
      { type: 'turn-ended', probability: 0.45, atMs: 1000 },
      { type: 'turn-resumed', atMs: 1500 },
      { type: 'partial', text: 'I would like a' },
      { type: 'partial', text: 'I would like a table' },
      { type: 'turn-ended', probability: 0.5, atMs: 2000 },
      { type: 'final', text: 'I would like a table', endMs: 2500 },
      { type: 'speech-stopped', atMs: 2500 },
      { type: 'turn-ended', atMs: 2500 },
    ])
  })

  it('is never quite sure of a turn that may be taken back', async () => {
    const { session, peer } = await opened()
    peer.send(turnInfo('EagerEndOfTurn', 'yes', 8_000, 1))
    const events = session.events[Symbol.asyncIterator]()
    await events.next()
    expect((await events.next()).value).toMatchObject({ type: 'turn-ended', probability: 0.999 })
  })

  it('sends nothing that Flux does not know to keep the line up', async () => {
    const { session, peer } = await opened()
    await session.close()
    await peer.closed
    expect(peer.messages.every(({ type }) => type === 'CloseStream')).toBe(true)
  })

  it('dies of an Error, with its code and words', async () => {
    const { session, peer } = await opened()
    peer.send({
      type: 'Error',
      sequence_id: 3,
      code: 'INTERNAL_SERVER_ERROR',
      description: 'sorry, good-key',
    })
    const { error } = await collectToError(session.events)
    expect(error).toMatchObject({ class: 'network', details: { code: 'INTERNAL_SERVER_ERROR' } })
    expect(error.message).not.toContain('good-key')
  })

  it('is refused by an Error in place of Connected', async () => {
    const server = await loopback()
    const fault = { type: 'Error', sequence_id: 0, code: 'UNPARSABLE_CLIENT_MESSAGE', description: 'no' }
    server.onSocket('/v2/listen', (upgrade) => upgrade.accept().send(fault))
    expect(await rejection(openSession(sttFor(server, FLUX)))).toMatchObject({ class: 'bad-request' })
  })

  it('survives every message with one field that is not what it should be', async () => {
    const context = testContext()
    const { session, peer } = await opened({}, context)
    const reading = collect(session.events)
    const turns = ['StartOfTurn', 'EagerEndOfTurn', 'TurnResumed', 'EndOfTurn'].map((event, index) =>
      turnInfo(event, 'a b', 8_000 * (index + 1), 0.5),
    )
    const odd = turns.flatMap(oddVersionsOf).filter((message: any) => message?.type !== 'Error')
    for (const message of odd) peer.sendRaw(JSON.stringify(message))
    await peer.roundTrip()
    session.finish()
    await peer.message((message) => message.type === 'CloseStream')
    peer.close(1000)
    for (const event of await reading) {
      if (event.type === 'turn-ended' && event.probability !== undefined)
        expect(event.probability).toBeLessThan(1)
      if ('text' in event) expect(typeof event.text).toBe('string')
    }
    expect(context.metrics.value('deepgram_stt_odd_messages_total')).toBeGreaterThan(20)
  })
})

describe('params that are legal and likely wrong', () => {
  const check = (given: object) =>
    deepgramStt.check!({
      base_url: '',
      eot_threshold: 0.7,
      language: '',
      model: 'nova-3',
      ...given,
    } as never).map(({ path }) => path[0])

  it('are told', () => {
    expect(check({})).toEqual([])
    expect(check({ eager_eot_threshold: 0.5 })).toEqual(['eager_eot_threshold'])
    expect(check({ model: 'flux-general-en', eager_eot_threshold: 0.8 })).toEqual(['eager_eot_threshold'])
    expect(check({ model: 'flux-general-en', language: 'he-IL' })).toEqual(['model'])
    expect(check({ model: 'flux-general-en', language: 'en-GB' })).toEqual([])
    expect(check({ base_url: 'http://deepgram.example.com' })).toEqual(['base_url'])
    expect(check({ base_url: 'http://' })).toEqual(['base_url'])
  })
})
