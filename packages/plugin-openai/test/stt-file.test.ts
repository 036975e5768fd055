import { MULAW_8K, type SttSessionOptions } from '@kav/core'
import { createFakeClock, fakeSpeech, testContext, testParams } from '@kav/core/testing'
import { readWav } from '@kav/core'
import { describe, expect, it } from 'vitest'
import { openaiStt } from '../src/stt/stt.ts'
import { type LoopbackRequest, refusal, silence, transcript } from '../src/testing/index.ts'
import { closeAfterTest, collect, loopback, never, rejection, sttFor } from './setup.ts'

const PATH = '/audio/transcriptions'
const OPTIONS: SttSessionOptions = { callId: 'call-1', format: MULAW_8K, hints: [], signal: never }
const SPEECH = fakeSpeech('hello there', MULAW_8K)

function field(request: LoopbackRequest, name: string): string | undefined {
  return new RegExp(`name="${name}"\\r\\n\\r\\n(.*)\\r\\n`).exec(request.body.toString('latin1'))?.[1]
}

function uploaded(request: LoopbackRequest) {
  return readWav(request.body.subarray(request.body.indexOf('RIFF')))
}

async function fileStt(given: Record<string, unknown> = {}, context = testContext()) {
  const server = await loopback()
  const stt = sttFor(server, { mode: 'file', ...given }, context)
  closeAfterTest(() => stt.close())
  return { server, stt, context }
}

describe('recognition by file', () => {
  it('sends one WAV with the language and the hints', async () => {
    const { server, stt } = await fileStt({ language: 'iw-IL', prompt: 'A clinic.' })
    server.next(PATH, transcript(' שלום '))
    expect(await stt.recognize!(SPEECH, { ...OPTIONS, hints: ['Dr. Levi'] })).toBe('שלום')
    const request = await server.request(PATH)
    expect(field(request, 'model')).toBe('gpt-4o-transcribe')
    expect(field(request, 'language')).toBe('he')
    expect(field(request, 'prompt')).toBe('A clinic. Expect: Dr. Levi.')
    expect(field(request, 'response_format')).toBe('json')
    const { format, audio } = uploaded(request)
    expect(format).toEqual({ encoding: 'linear16', sampleRateHz: 8000 })
    expect(audio).toHaveLength(SPEECH.length * 2)
  })

  it('wraps mu-law as it is where the server reads it', async () => {
    const { server, stt } = await fileStt({ upload_encoding: 'mulaw' })
    await stt.recognize!(SPEECH, OPTIONS)
    const { format, audio } = uploaded(await server.request(PATH))
    expect(format).toEqual(MULAW_8K)
    expect(Buffer.from(audio)).toEqual(Buffer.from(SPEECH))
  })

  it('raises the rate for servers that read 16 kHz only', async () => {
    const { server, stt } = await fileStt({ upload_rate_hz: 16_000, model: 'whisper-1' })
    await stt.recognize!(SPEECH, OPTIONS)
    const request = await server.request(PATH)
    expect(field(request, 'model')).toBe('whisper-1')
    expect(uploaded(request).format.sampleRateHz).toBe(16_000)
    expect(uploaded(request).audio).toHaveLength(SPEECH.length * 4)
  })

  it('has no live sessions, and says so in a way that is not tried again', async () => {
    const { stt } = await fileStt()
    expect(stt.maxSessionMs).toBeUndefined()
    const error = await rejection(stt.openSession(OPTIONS))
    expect(error).toMatchObject({ class: 'bad-request', retryable: false })
  })

  it('takes another model where the live one reads no files', async () => {
    const server = await loopback()
    const stt = sttFor(server, { model: 'gpt-realtime-whisper' })
    closeAfterTest(() => stt.close())
    await stt.recognize!(SPEECH, OPTIONS)
    expect(field(await server.request(PATH), 'model')).toBe('gpt-4o-transcribe')
  })

  it.each([
    [401, { message: 'no', code: 'invalid_api_key' }, 'auth', false],
    [400, { message: 'Audio file might be corrupted' }, 'bad-request', false],
    [429, { message: 'slow', code: 'rate_limit_exceeded' }, 'quota', true],
    [429, { message: 'pay', code: 'insufficient_quota' }, 'quota', false],
    [500, { message: 'oops' }, 'network', true],
  ])(
    'a refusal (%s) is told by its class, after one request',
    async (status, body, errorClass, retryable) => {
      const { server, stt, context } = await fileStt()
      server.next(PATH, refusal(status, body))
      expect(await rejection(stt.recognize!(SPEECH, OPTIONS))).toMatchObject({ class: errorClass, retryable })
      expect(server.requests).toHaveLength(1)
      expect(context.metrics.value('openai_stt_requests_total', { outcome: errorClass })).toBe(1)
    },
  )

  it('an answer without text is bad data', async () => {
    const { server, stt } = await fileStt()
    server.next(PATH, ({ json }) => json(200, { segments: [] }))
    expect(await rejection(stt.recognize!(SPEECH, OPTIONS))).toMatchObject({ class: 'bad-data' })
  })

  it('an answer without an end is not read to it', async () => {
    const { server, stt } = await fileStt()
    const piece = 'x'.repeat(65_536)
    server.next(PATH, async ({ request, head, write }) => {
      let isRead = true
      void request.abandoned.then(() => (isRead = false))
      head(200, { 'content-type': 'application/json' })
      await write('{"text":"')
      while (isRead) await write(piece)
    })
    expect(await rejection(stt.recognize!(SPEECH, OPTIONS))).toMatchObject({ class: 'bad-data' })
    await (
      await server.request(PATH)
    ).abandoned
  })

  it('ends at its deadline', async () => {
    const time = createFakeClock()
    const { server, stt } = await fileStt({ request_timeout_ms: 900 }, testContext({ clock: time.clock }))
    server.next(PATH, silence)
    const failed = rejection(stt.recognize!(SPEECH, OPTIONS))
    const request = await server.request(PATH)
    await time.advance(900)
    expect(await failed).toMatchObject({ class: 'timeout', retryable: true })
    await request.abandoned
  })

  it('an abort ends the request at the server', async () => {
    const { server, stt } = await fileStt()
    server.next(PATH, silence)
    const control = new AbortController()
    const failed = rejection(stt.recognize!(SPEECH, { ...OPTIONS, signal: control.signal }))
    const request = await server.request(PATH)
    control.abort()
    expect(await failed).toMatchObject({ class: 'cancelled' })
    await request.abandoned
  })
})

describe('a session by utterances', () => {
  const PAUSE = new Uint8Array(8 * 1_000).fill(0xff)

  async function utterances(given: Record<string, unknown> = {}) {
    const server = await loopback()
    const stt = sttFor(server, { mode: 'utterances', upload_encoding: 'mulaw', ...given })
    closeAfterTest(() => stt.close())
    const session = await stt.openSession({ ...OPTIONS, language: 'he-IL' })
    const say = (audio: Uint8Array) => {
      for (let at = 0; at < audio.length; at += 320) session.write(audio.subarray(at, at + 320))
    }
    return { server, session, say }
  }

  it('says that it has no partials, which a live session has', async () => {
    const server = await loopback()
    const partials = (mode: string) => {
      const stt = sttFor(server, { mode })
      closeAfterTest(() => stt.close())
      return stt.partials
    }
    expect(['utterances', 'file', 'realtime'].map(partials)).toEqual([false, false, undefined])
  })

  it('cuts at pauses and asks for each, in order, without the silence around it', async () => {
    const { server, session, say } = await utterances()
    server.next(PATH, async (exchange) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      await transcript('first')(exchange)
    })
    server.next(PATH, transcript('second'))
    for (const audio of [PAUSE, SPEECH, PAUSE, SPEECH]) say(audio)
    session.finish()
    const [pauseMs, speechMs] = [PAUSE.length / 8, SPEECH.length / 8]
    expect(await collect(session.events)).toEqual([
      {
        type: 'final',
        text: 'first',
        endMs: expect.closeTo(pauseMs + speechMs + 320, -2),
        language: 'he-IL',
      },
      { type: 'final', text: 'second', endMs: 2 * pauseMs + 2 * speechMs, language: 'he-IL' },
    ])
    const { audio } = uploaded(await server.request(PATH))
    expect(audio.length / 8).toBeLessThan(300 + speechMs + 400)
    expect(Buffer.from(audio).includes(Buffer.from(SPEECH))).toBe(true)
    expect(field(await server.request(PATH, 1), 'language')).toBe('he')
  })

  it('asks for nothing when nothing was said', async () => {
    const { server, session, say } = await utterances()
    say(PAUSE)
    session.finish()
    expect(await collect(session.events)).toEqual([])
    expect(server.requests).toHaveLength(0)
  })

  it('does not let an utterance grow without end', async () => {
    const { server, session, say } = await utterances()
    for (let said = 0; said < 30_000; said += SPEECH.length / 8) say(SPEECH)
    session.finish()
    expect(await collect(session.events)).toHaveLength(2)
    expect(uploaded(await server.request(PATH)).audio.length / 8).toBeCloseTo(28_000, -2)
  })

  it('ends with the fault of a request, so that the core repeats the audio', async () => {
    const { server, session, say } = await utterances()
    server.next(PATH, refusal(503, { message: 'busy' }))
    for (const audio of [SPEECH, PAUSE]) say(audio)
    expect(await rejection(collect(session.events))).toMatchObject({ class: 'network', retryable: true })
  })

  it('takes its requests along when it is closed', async () => {
    const { server, session, say } = await utterances()
    server.next(PATH, silence)
    for (const audio of [SPEECH, PAUSE]) say(audio)
    const request = await server.request(PATH)
    await session.close()
    await request.abandoned
  })
})

describe('what is likely wrong in the params of stt', () => {
  const warnings = (given: Record<string, unknown>) =>
    openaiStt.check!(testParams(openaiStt.params, { api_key: 'k', ...given })).map(({ path }) => path[0])

  it('is told', () => {
    expect(warnings({})).toEqual([])
    expect(openaiStt.check!(testParams(openaiStt.params, {})).map(({ path }) => path)).toEqual([['api_key']])
    expect(warnings({ model: 'gpt-realtime-whisper', turn_detection: 'server_vad' })).toEqual([
      'turn_detection',
    ])
    expect(warnings({ model: 'gpt-live-transcribe', mode: 'file' })).toEqual(['model'])
  })
})
