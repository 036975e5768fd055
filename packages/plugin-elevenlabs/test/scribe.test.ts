import { MULAW_8K, readWav } from '@kav/core'
import { oddVersionsOf, testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { closeAfterTest, collect, collectToError, loopback, openSession, rejection, sttFor } from './setup.ts'

const LISTEN = '/v1/speech-to-text/realtime'
const SPEECH = new Uint8Array(3_200).fill(0x55)

async function opened(given = {}, context = testContext()) {
  const server = await loopback()
  server.onSocket(LISTEN, (upgrade) =>
    upgrade.accept().send({ message_type: 'session_started', session_id: 's' }),
  )
  const session = await openSession(sttFor(server, given, context), { hints: ['Kav', 'front desk'] })
  return { session, peer: await server.peer(), context }
}

describe('a session of Scribe', () => {
  it('asks for mu-law as it is, segments by pauses, and the words of the business', async () => {
    const { session, peer } = await opened({ language: 'he-IL', silence_ms: 400 })
    expect(peer.headers['xi-api-key']).toBe('good-key')
    expect(Object.fromEntries(peer.url.searchParams)).toMatchObject({
      model_id: 'scribe_v2_realtime',
      audio_format: 'ulaw_8000',
      language_code: 'he',
      commit_strategy: 'vad',
      vad_silence_threshold_secs: '0.4',
    })
    expect(peer.url.searchParams.getAll('keyterms')).toEqual(['Kav', 'front desk'])
    session.write(SPEECH)
    session.finish()
    const last = await peer.message(({ commit }) => commit === true)
    expect(last).toEqual({
      message_type: 'input_audio_chunk',
      audio_base_64: '',
      commit: true,
      sample_rate: 8000,
    })
    expect(peer.messages[0]).toMatchObject({ commit: false, sample_rate: 8000 })
    expect(Buffer.from(peer.messages[0].audio_base_64, 'base64').equals(SPEECH)).toBe(true)
  })

  it('tells partials and finals, and ends with the last of them', async () => {
    const { session, peer } = await opened()
    const reading = collect(session.events)
    peer.send({ message_type: 'partial_transcript', text: 'the quick' })
    await peer.roundTrip()
    peer.send({ message_type: 'committed_transcript', text: 'the quick fox' })
    peer.send({ message_type: 'commit_throttled', error: 'too soon' })
    await peer.roundTrip()
    session.finish()
    await peer.message(({ commit }) => commit === true)
    peer.send({ message_type: 'committed_transcript', text: 'jumps' })
    expect(await reading).toEqual([
      { type: 'partial', text: 'the quick' },
      { type: 'final', text: 'the quick fox' },
      { type: 'final', text: 'jumps' },
    ])
  })

  it.each([
    ['auth_error', 'auth', false],
    ['quota_exceeded', 'quota', true],
    ['rate_limited', 'quota', true],
    ['session_time_limit_exceeded', 'session-limit', true],
    ['insufficient_audio_activity', 'timeout', true],
    ['chunk_size_exceeded', 'bad-request', false],
    ['transcriber_error', 'network', true],
    ['something_new', 'network', true],
  ])('dies of %s as %s', async (type, errorClass, retryable) => {
    const { session, peer } = await opened()
    peer.send({ message_type: type, error: 'their words, good-key' })
    const { error } = await collectToError(session.events)
    expect(error).toMatchObject({ class: errorClass, retryable, details: { code: type } })
    expect(error.message).toContain('their words')
    expect(error.message).not.toContain('good-key')
  })

  it('is refused with the class of what is said, not of the status alone', async () => {
    const server = await loopback()
    const detail = { status: 'quota_exceeded', message: 'You have 0 credits' }
    server.onSocket(LISTEN, (upgrade) => upgrade.refuse(401, { detail }))
    expect(await rejection(openSession(sttFor(server)))).toMatchObject({ class: 'quota' })
    server.onSocket(LISTEN, (upgrade) =>
      upgrade.refuse(429, { detail: { status: 'system_busy', message: 'later' } }),
    )
    expect(await rejection(openSession(sttFor(server)))).toMatchObject({
      class: 'quota',
      details: { status: 429 },
    })
    server.onSocket(LISTEN, (upgrade) => upgrade.accept().send({ message_type: 'auth_error', error: 'who?' }))
    expect(await rejection(openSession(sttFor(server)))).toMatchObject({ class: 'auth' })
    server.onSocket(LISTEN, () => undefined)
    expect(await rejection(openSession(sttFor(server, { open_timeout_ms: 100 })))).toMatchObject({
      class: 'timeout',
    })
  })

  it('is cut', async () => {
    const { session, peer } = await opened()
    peer.cut()
    expect((await collectToError(session.events)).error).toMatchObject({ class: 'network', retryable: true })
  })

  it('survives every message with one field that is not what it should be', async () => {
    const { session, peer, context } = await opened()
    const reading = collect(session.events)
    const messages = [
      { message_type: 'partial_transcript', text: 'a b' },
      { message_type: 'committed_transcript', text: 'a b' },
      { message_type: 'session_started', session_id: 's' },
    ]
    for (const odd of messages.flatMap(oddVersionsOf)) peer.sendRaw(JSON.stringify(odd))
    peer.sendRaw('{"message')
    peer.sendRaw(new Uint8Array(10))
    await peer.roundTrip()
    session.finish()
    await peer.message(({ commit }) => commit === true)
    peer.send({ message_type: 'insufficient_audio_activity', error: 'nothing left' })
    const events = await reading
    expect(events.every((event) => 'text' in event && typeof event.text === 'string')).toBe(true)
    expect(context.metrics.value('elevenlabs_stt_odd_messages_total')).toBeGreaterThan(20)
  })
})

describe('one utterance in one request', () => {
  const options = {
    callId: 'c',
    format: MULAW_8K,
    hints: [],
    language: 'en-US',
    signal: new AbortController().signal,
  }

  it('is a WAV file of the audio as it was', async () => {
    const server = await loopback()
    const stt = sttFor(server)
    closeAfterTest(() => stt.close())
    expect(await stt.recognize!(SPEECH, options)).toBe('the quick brown fox')
    const { body } = server.requests[0]!
    const { audio, format } = readWav(body.subarray(body.indexOf('RIFF')))
    expect(format).toEqual(MULAW_8K)
    expect(Buffer.from(audio).includes(Buffer.from(SPEECH))).toBe(true)
    const form = body.toString('latin1')
    expect(form).toMatch(/name="model_id"\r\n\r\nscribe_v2\r\n/)
    expect(form).toMatch(/name="language_code"\r\n\r\nen\r\n/)
  })

  it('fails with a class, whatever is answered', async () => {
    const server = await loopback()
    const stt = sttFor(server)
    closeAfterTest(() => stt.close())
    const detail = { status: 'quota_exceeded', message: 'no credits' }
    server.nextHttp('/v1/speech-to-text', ({ json }) => json(401, { detail }))
    expect(await rejection(stt.recognize!(SPEECH, options))).toMatchObject({ class: 'quota' })
    server.nextHttp('/v1/speech-to-text', ({ json }) => json(200, { text: 7 }))
    expect(await rejection(stt.recognize!(SPEECH, options))).toMatchObject({ class: 'bad-data' })
    server.nextHttp('/v1/speech-to-text', ({ cut }) => cut())
    expect(await rejection(stt.recognize!(SPEECH, options))).toMatchObject({ class: 'network' })
  })
})
