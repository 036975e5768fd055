import { MULAW_8K, type SttEvent, type SttSession, type SttSessionOptions } from '@kav/core'
import { createFakeClock, fakeSpeech, testContext, type TestContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { type RealtimePeer, type RealtimeScript, transcriber } from '../src/testing/index.ts'
import { closeAfterTest, collect, loopback, never, rejection, sttFor } from './setup.ts'

const OPTIONS: SttSessionOptions = { callId: 'call-1', format: MULAW_8K, hints: [], signal: never }
const SPEECH = fakeSpeech('hello', MULAW_8K)
const PAUSE = new Uint8Array(8 * 700).fill(0xff)
const ASR = 'conversation.item.input_audio_transcription'

/** Takes the settings and then says only what the test says. */
const quiet: RealtimeScript = (peer) => {
  peer.on('session.update', () => peer.send({ type: 'session.updated', session: {} }))
}

interface Setup {
  readonly script?: RealtimeScript
  readonly params?: Record<string, unknown>
  readonly options?: Partial<SttSessionOptions>
  readonly context?: TestContext
}

async function session({ script = quiet, params, options, context = testContext() }: Setup = {}) {
  const server = await loopback()
  server.alwaysRealtime(script)
  const stt = sttFor(server, params, context)
  closeAfterTest(() => stt.close())
  const opened = await stt.openSession({ ...OPTIONS, ...options })
  return { session: opened, peer: await server.peer(), context }
}

function committed(peer: RealtimePeer, ...ids: string[]): void {
  for (const item_id of ids) peer.send({ type: 'input_audio_buffer.committed', item_id })
}

function completed(peer: RealtimePeer, item_id: string, transcript: string): void {
  peer.send({ type: `${ASR}.completed`, item_id, content_index: 0, transcript })
}

/** The next `count` events. */
async function take(from: AsyncIterator<SttEvent>, count: number): Promise<SttEvent[]> {
  const events: SttEvent[] = []
  while (events.length < count) {
    const next = await from.next()
    if (next.done) break
    events.push(next.value)
  }
  return events
}

const reader = (one: SttSession) => one.events[Symbol.asyncIterator]()

describe('opening a live session', () => {
  it('asks for mu-law as it is, the language, the hints and server VAD', async () => {
    const { peer } = await session({
      params: { language: 'he-IL', prompt: 'A clinic.', organization: 'org-1', headers: { 'x-g': '1' } },
      options: { hints: ['Dr. Levi', 'X-ray'] },
    })
    expect(peer.url.pathname).toBe('/v1/realtime')
    expect(peer.url.searchParams.get('intent')).toBe('transcription')
    expect(peer.headers).toMatchObject({
      authorization: 'Bearer sk-test-secret',
      'openai-organization': 'org-1',
      'x-g': '1',
    })
    expect(peer.headers['openai-beta']).toBeUndefined()
    expect((await peer.event('session.update')).session).toEqual({
      type: 'transcription',
      audio: {
        input: {
          format: { type: 'audio/pcmu' },
          noise_reduction: { type: 'near_field' },
          transcription: {
            model: 'gpt-4o-transcribe',
            language: 'he',
            prompt: 'A clinic. Expect: Dr. Levi, X-ray.',
          },
          turn_detection: {
            type: 'server_vad',
            threshold: 0.5,
            prefix_padding_ms: 300,
            silence_duration_ms: 300,
          },
        },
      },
    })
  })

  it('leaves out what live models refuse', async () => {
    const { peer } = await session({ params: { model: 'gpt-realtime-whisper', prompt: 'x', delay: 'low' } })
    const { input } = (await peer.event('session.update')).session.audio
    expect(input.turn_detection).toBeNull()
    expect(input.transcription).toEqual({ model: 'gpt-realtime-whisper', delay: 'low' })
  })

  it('asks for as many hints as a model heeds', async () => {
    const hints = Array.from({ length: 500 }, (_, index) => `phrase ${index}`)
    const { peer } = await session({ options: { hints } })
    const { prompt } = (await peer.event('session.update')).session.audio.input.transcription
    expect(prompt).toMatch(/^Expect: phrase 0, phrase 1, .*\.$/)
    expect(prompt.length).toBeLessThan(1_050)
  })

  it('can leave the end of a sentence to the model, and filter nothing', async () => {
    const params = {
      turn_detection: 'semantic_vad',
      eagerness: 'high',
      noise_reduction: 'off',
      confidence: true,
    }
    const { peer } = await session({ params })
    const update = (await peer.event('session.update')).session
    expect(update.audio.input.turn_detection).toEqual({ type: 'semantic_vad', eagerness: 'high' })
    expect(update.audio.input.noise_reduction).toBeNull()
    expect(update.include).toEqual(['item.input_audio_transcription.logprobs'])
  })

  it.each([
    [401, { message: 'bad key', code: 'invalid_api_key' }, 'auth', false],
    [403, { message: 'no access' }, 'auth', false],
    [404, { message: 'no such model', code: 'model_not_found' }, 'bad-request', false],
    [429, { message: 'slow', code: 'rate_limit_exceeded' }, 'quota', true],
    [503, { message: 'busy' }, 'network', true],
  ])('a refused upgrade (%s) is told by its class', async (status, error, errorClass, retryable) => {
    const server = await loopback()
    server.refuseRealtime(status, error)
    const failed = await rejection(sttFor(server).openSession(OPTIONS))
    expect(failed).toMatchObject({ name: 'ProviderError', class: errorClass, retryable })
    expect(failed.message).toContain(error.message)
  })

  it('settings the server refuses reject the opening', async () => {
    const refusing: RealtimeScript = (peer) =>
      peer.on('session.update', () =>
        peer.send({
          type: 'error',
          error: { type: 'invalid_request_error', code: 'invalid_model', message: 'No gpt-9' },
        }),
      )
    expect(await rejection(session({ script: refusing }))).toMatchObject({ class: 'bad-request' })
  })

  it('an abort ends the opening, also when the server never answers', async () => {
    const server = await loopback()
    const control = new AbortController()
    const opening = rejection(sttFor(server).openSession({ ...OPTIONS, signal: control.signal }))
    await (await server.peer()).event('session.update')
    control.abort()
    expect(await opening).toMatchObject({ class: 'cancelled' })
    await (
      await server.peer()
    ).closed
  })
})

describe('transcripts', () => {
  it.each(['current', 'beta'] as const)('come as partials and finals, %s event names', async (names) => {
    const script = transcriber({ transcript: (_audio, index) => ['good morning', 'bye'][index]!, names })
    const { session: one, peer } = await session({ script, params: { language: 'en-US' } })
    for (const audio of [SPEECH, PAUSE, SPEECH, PAUSE]) one.write(audio)
    one.finish()
    const language = 'en-US'
    const spoken = (SPEECH.length + PAUSE.length) / 8
    expect(await collect(one.events)).toMatchObject([
      { type: 'speech-started', atMs: 0 },
      { type: 'speech-stopped', atMs: 600 },
      { type: 'partial', text: 'good morning', language },
      { type: 'final', text: 'good morning', endMs: 600, language },
      { type: 'speech-started', atMs: spoken },
      { type: 'speech-stopped', atMs: spoken + 600 },
      { type: 'partial', text: 'bye' },
      { type: 'final', text: 'bye', endMs: spoken + 600 },
    ])
    expect(peer.audio()).toEqual(Buffer.concat([SPEECH, PAUSE, SPEECH, PAUSE]))
    expect(peer.received.filter((event) => event.type === 'input_audio_buffer.commit')).toHaveLength(0)
  })

  it('come in the order of the audio, whichever is done first', async () => {
    const { session: one, peer } = await session()
    committed(peer, 'a', 'b')
    peer.send({ type: `${ASR}.delta`, item_id: 'b', delta: 'second' })
    completed(peer, 'b', 'second')
    peer.send({ type: `${ASR}.delta`, item_id: 'a', delta: 'fir' })
    completed(peer, 'a', 'first')
    expect(await take(reader(one), 4)).toEqual([
      { type: 'partial', text: 'first' },
      { type: 'final', text: 'first' },
      { type: 'partial', text: 'second' },
      { type: 'final', text: 'second' },
    ])
  })

  it('of live models come word by word, those of others gathered', async () => {
    const time = createFakeClock()
    const context = testContext({ clock: time.clock })
    for (const [model, expected] of [
      ['gpt-realtime-whisper', ['a', 'a b', 'a b c', 'a b c d']],
      ['gpt-4o-transcribe', ['a b', 'a b c d']],
    ] as const) {
      const { session: one, peer } = await session({ context, params: { model } })
      const events = reader(one)
      const partials = take(events, expected.length)
      const word = async (delta: string, count: number) => {
        peer.send({ type: `${ASR}.delta`, item_id: 'i', delta })
        await peer.roundTrip()
        if (count % 2 === 0) await time.advance(150)
      }
      for (const [index, delta] of ['a', ' b', ' c', ' d'].entries()) await word(delta, index + 1)
      expect((await partials).map((event) => 'text' in event && event.text)).toEqual(expected)
      completed(peer, 'i', 'a b c d')
      expect(await take(events, 1)).toEqual([{ type: 'final', text: 'a b c d' }])
    }
  })

  it('that never come are given up on, and counted', async () => {
    const time = createFakeClock()
    const context = testContext({ clock: time.clock })
    const { session: one, peer } = await session({ context })
    committed(peer, 'a', 'b')
    completed(peer, 'b', 'second')
    const next = take(reader(one), 2)
    while (context.metrics.value('openai_stt_transcripts_missing_total') === 0) await time.advance(500)
    expect((await next)[1]).toEqual({ type: 'final', text: 'second' })
  })

  it('carry a confidence when it is asked for, and their cost is counted', async () => {
    const { session: one, peer, context } = await session({ params: { confidence: true } })
    peer.send({
      type: `${ASR}.completed`,
      item_id: 'a',
      transcript: 'yes',
      logprobs: [{ logprob: Math.log(0.9) }, { logprob: Math.log(0.4) }],
      usage: { type: 'duration', seconds: 2 },
    })
    const [, final] = await take(reader(one), 2)
    expect(final).toMatchObject({ type: 'final', confidence: expect.closeTo(0.6, 6) })
    expect(context.metrics.value('openai_stt_audio_seconds_total')).toBe(2)
  })

  it('of live models are cut at pauses by the plugin, with their ends', async () => {
    const script = transcriber({ transcript: (_audio, index) => `segment ${index}` })
    const { session: one, peer } = await session({ script, params: { turn_detection: 'none' } })
    for (let part = 0; part < 2; part++) {
      for (const audio of [SPEECH, PAUSE]) {
        for (let at = 0; at < audio.length; at += 320) one.write(audio.subarray(at, at + 320))
      }
    }
    one.write(SPEECH)
    one.finish()
    const finals = (await collect(one.events)).filter((event) => event.type === 'final')
    const [speechMs, pauseMs] = [SPEECH.length / 8, PAUSE.length / 8]
    expect(finals).toMatchObject([
      { text: 'segment 0', endMs: speechMs + 320 },
      { text: 'segment 1', endMs: 2 * speechMs + pauseMs + 320 },
      { text: 'segment 2', endMs: 3 * speechMs + 2 * pauseMs },
    ])
    expect(peer.received.filter((event) => event.type === 'input_audio_buffer.commit')).toHaveLength(3)
  })

  it('are not asked for of silence: models find words in it', async () => {
    const { session: one, peer } = await session()
    one.write(PAUSE)
    one.finish()
    expect(await collect(one.events)).toEqual([])
    expect(peer.received.map((event) => event.type)).not.toContain('input_audio_buffer.commit')
  })

  it('that fail end the session, so that the core repeats the audio', async () => {
    const { session: one, peer } = await session()
    peer.send({ type: `${ASR}.failed`, item_id: 'a', error: { code: 'server_error', message: 'Oops' } })
    expect(await rejection(collect(one.events))).toMatchObject({ class: 'network', retryable: true })
  })

  it('of noise are empty', async () => {
    const { session: one, peer } = await session()
    peer.send({ type: `${ASR}.failed`, item_id: 'a', error: { code: 'audio_unintelligible' } })
    expect(await take(reader(one), 1)).toEqual([{ type: 'final', text: '' }])
  })

  it('that are still out after finish are waited for, but not for ever', async () => {
    const time = createFakeClock()
    const { session: one } = await session({ context: testContext({ clock: time.clock }) })
    one.write(SPEECH)
    one.finish()
    let over = false
    const events = collect(one.events).then((all) => {
      over = true
      return all
    })
    await time.advance(4_999)
    expect(over).toBe(false)
    await time.advance(1)
    expect(await events).toEqual([])
  })
})

describe('how a live session ends badly', () => {
  const limit = 'Your session hit the maximum duration of 60 minutes.'
  it.each([
    ['the session limit', (peer: RealtimePeer) => peer.close(1001, limit), 'session-limit'],
    ['an expired session', (peer: RealtimePeer) => fault(peer, 'session_expired'), 'session-limit'],
    ['a close that nobody asked for', (peer: RealtimePeer) => peer.close(1000), 'network'],
    ['a close with a refusal', (peer: RealtimePeer) => peer.close(3000, 'invalid_api_key'), 'auth'],
    ['a cut connection', (peer: RealtimePeer) => peer.terminate(), 'network'],
    ['a server error', (peer: RealtimePeer) => fault(peer, 'server_error'), 'network'],
    ['a spent budget', (peer: RealtimePeer) => fault(peer, 'insufficient_quota'), 'quota'],
    ['something that is not JSON', (peer: RealtimePeer) => peer.sendRaw('{"type":'), 'bad-data'],
  ])('%s', async (_name, how, errorClass) => {
    const { session: one, peer } = await session()
    how(peer)
    expect(await rejection(collect(one.events))).toMatchObject({ name: 'ProviderError', class: errorClass })
    await one.close()
  })

  it('a line that has gone silent is noticed by its missing pong', async () => {
    const time = createFakeClock()
    const { session: one, peer } = await session({ context: testContext({ clock: time.clock }) })
    peer.freeze()
    const failed = rejection(collect(one.events))
    await time.advance(30_000)
    expect(await failed).toMatchObject({ class: 'network', retryable: true })
    await one.close()
    expect(time.pending()).toBe(0)
  })

  it('a line that takes no audio is given up before memory grows', async () => {
    const { session: one, peer } = await session()
    peer.freeze()
    const failed = rejection(collect(one.events))
    let over = false
    void failed.then(() => (over = true))
    for (let written = 0; !over && written < 500; written++) {
      one.write(new Uint8Array(64_000))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await failed).toMatchObject({ class: 'network' })
  })
})

describe('what a live session takes in its stride', () => {
  it('a refused request is logged and counted, a harmless one not even that', async () => {
    const { session: one, peer, context } = await session()
    fault(peer, 'response_cancel_not_active')
    fault(peer, 'input_audio_buffer_commit_empty')
    fault(peer, 'invalid_value')
    peer.send({ type: 'rate_limits.updated', rate_limits: [] })
    peer.send({ type: 'something.of.next.year' })
    completed(peer, 'a', 'still here')
    expect((await take(reader(one), 2))[1]).toEqual({ type: 'final', text: 'still here' })
    expect(context.metrics.value('openai_stt_errors_total')).toBe(1)
    expect(context.log.entries.filter((entry) => entry.level === 'warn')).toHaveLength(1)
  })

  it('an abort of the call ends it as cancelled', async () => {
    const control = new AbortController()
    const { session: one, peer } = await session({ options: { signal: control.signal } })
    control.abort()
    expect(await rejection(collect(one.events))).toMatchObject({ class: 'cancelled' })
    await peer.closed
  })
})

function fault(peer: RealtimePeer, code: string): void {
  peer.send({ type: 'error', error: { type: 'invalid_request_error', code, message: code } })
}
