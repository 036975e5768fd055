import { MULAW_8K, type SttEvent } from '@kav/core'
import { createFakeClock, oddVersionsOf, testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { results } from '../src/testing/index.ts'
import { closeAfterTest, collect, collectToError, loopback, openSession, rejection, sttFor } from './setup.ts'

const SPEECH = new Uint8Array(3_200).fill(0x55)
const SAID = 'the quick brown fox'

describe('a session of Nova', () => {
  it('asks for mu-law as it is, with the words of the business', async () => {
    const server = await loopback()
    const stt = sttFor(server, { language: 'he', query: { tag: 'desk' } })
    const session = await openSession(stt, { hints: ['front desk', 'Kav'] })
    session.write(SPEECH)
    session.finish()
    await collect(session.events)
    const { url, headers } = await server.peer()
    expect(url.pathname).toBe('/v1/listen')
    expect(headers.authorization).toBe('Token good-key')
    expect(url.searchParams.getAll('keyterm')).toEqual(['front desk', 'Kav'])
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      model: 'nova-3',
      language: 'he',
      encoding: 'mulaw',
      sample_rate: '8000',
      interim_results: 'true',
      vad_events: 'true',
      endpointing: '300',
      utterance_end_ms: '1000',
      tag: 'desk',
    })
    expect(Buffer.compare(server.peers[0]!.bytes(), SPEECH)).toBe(0)
  })

  it('gives older models single words, and the language of the call', async () => {
    const server = await loopback()
    const stt = sttFor(server, { model: 'nova-2-phonecall' })
    await openSession(stt, { hints: ['front desk', 'Kav'], language: 'fr' })
    const { searchParams } = (await server.peer()).url
    expect(searchParams.getAll('keywords')).toEqual(['Kav'])
    expect(searchParams.has('keyterm')).toBe(false)
    expect(searchParams.get('language')).toBe('fr')
  })

  it('tells partials, finals with their words, and where speech starts and stops', async () => {
    const server = await loopback()
    const session = await openSession(sttFor(server))
    session.write(SPEECH.subarray(0, 800))
    const peer = await server.peer()
    await peer.message((message) => Buffer.isBuffer(message))
    await peer.roundTrip()
    const reading = collect(session.events)
    await peer.roundTrip()
    session.write(SPEECH.subarray(800))
    session.finish()
    const events = await reading
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['speech-started', 'partial', 'final', 'speech-stopped']),
    )
    const final = events.find((event) => event.type === 'final')!
    expect(final).toMatchObject({ text: SAID, endMs: 400, confidence: 0.98 })
    expect(final.words).toHaveLength(4)
    expect(final.words![1]).toEqual({ word: 'quick', startMs: 100, endMs: 200, confidence: 0.97 })
    expect(events.at(-1)).toEqual({ type: 'speech-stopped', atMs: 400 })
  })

  it('takes UtteranceEnd for the end of speech, and words that became none for none', async () => {
    const server = await loopback()
    server.onSocket('/v1/listen', (upgrade) => void upgrade.accept())
    const session = await openSession(sttFor(server))
    const peer = await server.peer()
    const reading = collect(session.events)
    peer.send({ type: 'SpeechStarted', channel: [0], timestamp: 0.1 })
    peer.send({ type: 'UtteranceEnd', channel: [0, 1], last_word_end: 2.4 })
    peer.send({ type: 'UtteranceEnd', channel: [0, 1], last_word_end: -1 })
    peer.send(results('', 0, 8_000, { is_final: true }))
    await peer.roundTrip()
    session.finish()
    await peer.message((message) => message.type === 'CloseStream')
    peer.send({ type: 'Metadata', duration: 1 })
    expect(await reading).toEqual([
      { type: 'speech-started', atMs: 100 },
      { type: 'speech-stopped', atMs: 2400 },
      { type: 'final', text: '', endMs: 1000 },
    ])
  })

  it('has words made final that have stood unchanged for so much audio, once', async () => {
    const server = await loopback()
    server.onSocket('/v1/listen', (upgrade) => void upgrade.accept())
    await openSession(sttFor(server, { finalize_after_ms: 1_000 }))
    const peer = await server.peer()
    for (const ms of [500, 1_000, 1_400, 1_600, 1_800]) peer.send(results(SAID, 2, ms * 8))
    await peer.roundTrip()
    await peer.roundTrip()
    expect(peer.messages).toEqual([{ type: 'Finalize' }])
  })

  it('keeps a silent line up by KeepAlive, and none that speaks', async () => {
    const server = await loopback()
    const time = createFakeClock()
    const stt = sttFor(server, {}, testContext({ clock: time.clock }))
    const session = await openSession(stt)
    const peer = await server.peer()
    session.write(SPEECH)
    await time.advance(4_000)
    await time.advance(4_000)
    await peer.message((message) => message.type === 'KeepAlive')
    expect(peer.messages.filter(({ type }) => type === 'KeepAlive')).toHaveLength(1)
    const closing = session.close()
    await time.advance(1_000)
    await closing
  })

  it('survives every message with one field that is not what it should be', async () => {
    const server = await loopback()
    const context = testContext()
    server.onSocket('/v1/listen', (upgrade) => void upgrade.accept())
    const session = await openSession(sttFor(server, {}, context))
    const peer = await server.peer()
    const reading = collect(session.events)
    const messages = [
      results(SAID, 4, 8_000, { is_final: true, speech_final: true }),
      { type: 'SpeechStarted', channel: [0], timestamp: 0.5 },
      { type: 'UtteranceEnd', channel: [0, 1], last_word_end: 1.5 },
    ]
    for (const odd of messages.flatMap(oddVersionsOf)) peer.sendRaw(JSON.stringify(odd))
    peer.sendRaw('{"type":"Results"')
    peer.sendRaw(new Uint8Array(100))
    await peer.roundTrip()
    session.finish()
    await peer.message((message) => message.type === 'CloseStream')
    peer.close(1000)
    const events = await reading
    expect(events.every(isWellFormed)).toBe(true)
    expect(context.metrics.value('deepgram_stt_odd_messages_total')).toBeGreaterThan(20)
    expect(JSON.stringify(context.log.entries)).not.toContain('quick')
  })
})

function isWellFormed(event: SttEvent): boolean {
  const at = 'atMs' in event ? event.atMs : 'endMs' in event ? event.endMs : undefined
  const isTimed = at === undefined || (Number.isInteger(at) && at >= 0)
  return isTimed && (!('text' in event) || typeof event.text === 'string')
}

describe('the faults of Deepgram', () => {
  it.each([
    [400, 'bad-request', false],
    [401, 'auth', false],
    [402, 'quota', false],
    [403, 'auth', false],
    [429, 'quota', true],
    [503, 'network', true],
  ])('an upgrade refused with %i is %s', async (status, errorClass, retryable) => {
    const server = await loopback()
    const body = { err_code: 'X', err_msg: 'Deepgram’s own words for good-key', request_id: 'r' }
    server.onSocket('/v1/listen', (upgrade) => upgrade.refuse(status, body, { 'dg-request-id': 'req-1' }))
    const error = await rejection(openSession(sttFor(server)))
    expect(error).toMatchObject({ class: errorClass, retryable, details: { status, requestId: 'req-1' } })
    expect(error.message).toContain('Deepgram recognition (nova-3): the server answered')
    expect(error.message).toContain('Deepgram’s own words')
    expect(error.message).not.toContain('good-key')
  })

  it.each([
    [1008, 'DATA-0000', 'bad-request'],
    [1011, 'NET-0000', 'timeout'],
    [1011, 'NET-0001', 'timeout'],
    [1011, '', 'network'],
  ])('a session closed with %i %s is %s', async (code, reason, errorClass) => {
    const server = await loopback()
    server.onSocket('/v1/listen', (upgrade) => void upgrade.accept())
    const session = await openSession(sttFor(server))
    ;(await server.peer()).close(code, reason)
    const { error } = await collectToError(session.events)
    expect(error).toMatchObject({ class: errorClass, details: { closeCode: code } })
  })

  it('a session that is cut keeps the words it had, and tells the network', async () => {
    const server = await loopback()
    const session = await openSession(sttFor(server))
    session.write(SPEECH)
    const peer = await server.peer()
    await peer.message((message) => Buffer.isBuffer(message))
    await peer.roundTrip()
    peer.cut()
    const { events, error } = await collectToError(session.events)
    expect(events.some((event) => event.type === 'partial')).toBe(true)
    expect(error).toMatchObject({ class: 'network', retryable: true })
  })

  it('a server that never answers is given up', async () => {
    const server = await loopback()
    server.onSocket('/v1/listen', () => undefined)
    const error = await rejection(openSession(sttFor(server, { open_timeout_ms: 100 })))
    expect(error).toMatchObject({ class: 'timeout' })
  })
})

describe('one utterance in one request', () => {
  const options = { callId: 'c', format: MULAW_8K, hints: ['Kav'], signal: new AbortController().signal }

  it('is sent as it is, to a model that has single requests', async () => {
    const server = await loopback()
    const stt = sttFor(server, { model: 'flux-general-en' })
    closeAfterTest(() => stt.close())
    expect(await stt.recognize!(SPEECH, options)).toBe(SAID)
    const { query, body } = server.requests[0]!
    expect(Object.fromEntries(query)).toMatchObject({ model: 'nova-3', encoding: 'mulaw', keyterm: 'Kav' })
    expect(Buffer.compare(body, SPEECH)).toBe(0)
  })

  it('fails with a class, whatever is answered', async () => {
    const server = await loopback()
    const stt = sttFor(server)
    closeAfterTest(() => stt.close())
    server.nextHttp('/v1/listen', ({ json }) =>
      json(402, { err_code: 'ASR_PAYMENT_REQUIRED', err_msg: 'no credits' }),
    )
    expect(await rejection(stt.recognize!(SPEECH, options))).toMatchObject({
      class: 'quota',
      retryable: false,
    })
    server.nextHttp('/v1/listen', ({ json }) => json(200, { results: { channels: 'none' } }))
    expect(await rejection(stt.recognize!(SPEECH, options))).toMatchObject({ class: 'bad-data' })
    server.nextHttp('/v1/listen', ({ cut }) => cut())
    expect(await rejection(stt.recognize!(SPEECH, options))).toMatchObject({ class: 'network' })
  })
})
