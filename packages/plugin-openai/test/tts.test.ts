import { createFakeClock, testContext, type TestContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { type HttpScript, refusal, silence, speech } from '../src/testing/index.ts'
import { closeAfterTest, collect, loopback, never, rejection, ttsFor } from './setup.ts'

const PATH = '/audio/speech'
const AUDIO = Uint8Array.from({ length: 9_601 * 2 }, (_, index) => (index * 31) & 0xff)

function ttsAt(
  server: { readonly baseUrl: string },
  given: Record<string, unknown> = {},
  context: TestContext = testContext(),
) {
  const tts = ttsFor(server, given, context)
  closeAfterTest(() => tts.close())
  const say = (text: string, signal = never) =>
    tts.speak({ callId: 'call-1', text, format: tts.produces[0]! }, signal)
  return { tts, say, context }
}

async function bytes(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const chunk of source) all.push(Buffer.from(chunk))
  return Buffer.concat(all)
}

const someAudio: HttpScript = async ({ head, write }) => {
  head(200, { 'content-type': 'audio/pcm' })
  await write(AUDIO.subarray(0, 1000))
}

describe('speech', () => {
  it('comes through byte for byte, whatever the chunks, odd ones too', async () => {
    const server = await loopback()
    server.next(PATH, speech(AUDIO, [1, 333, 7, 4001]))
    const { tts, say } = ttsAt(server, { voice: 'cedar', instructions: 'Warmly.', speed: 1.1 })
    expect(await bytes(say('Good morning.'))).toEqual(Buffer.from(AUDIO))
    expect(tts.produces).toEqual([{ encoding: 'linear16', sampleRateHz: 24_000 }])
    expect((await server.request(PATH)).json).toEqual({
      model: 'gpt-4o-mini-tts',
      voice: 'cedar',
      input: 'Good morning.',
      response_format: 'pcm',
      instructions: 'Warmly.',
      speed: 1.1,
    })
  })

  it('is streamed: the first chunk does not wait for the last', async () => {
    const server = await loopback()
    server.next(PATH, someAudio)
    for await (const chunk of ttsAt(server).say('Hello.')) {
      expect(chunk).toHaveLength(1000)
      break
    }
    await (
      await server.request(PATH)
    ).abandoned
  })

  it('takes format and rate from the params, for other servers', async () => {
    const server = await loopback()
    const { tts, say } = ttsAt(server, {
      response_format: 'ulaw',
      sample_rate_hz: 8000,
      extra_body: { lang_code: 'he' },
    })
    await bytes(say('שלום'))
    expect(tts.produces).toEqual([{ encoding: 'mulaw', sampleRateHz: 8000 }])
    expect((await server.request(PATH)).json).toMatchObject({ response_format: 'ulaw', lang_code: 'he' })
  })

  it('of a long text is asked for in pieces, in order', async () => {
    const server = await loopback()
    server.always(PATH, (exchange) => speech(Buffer.from(exchange.request.json.input))(exchange))
    const text = 'One sentence here. '.repeat(12).trim()
    const { say, context } = ttsAt(server, { max_input_chars: 100 })
    expect(String(await bytes(say(text)))).toBe(text.replace(/(here\.(?: One sentence here\.){4}) /g, '$1'))
    expect(server.requests).toHaveLength(3)
    expect(context.metrics.value('openai_tts_characters_total')).toBe(text.length - 2)
  })

  it('of nothing is nothing, without a request', async () => {
    const server = await loopback()
    for (const text of ['', '  ', '…!']) expect(await collect(ttsAt(server).say(text))).toEqual([])
    expect(server.requests).toHaveLength(0)
  })

  it('has a key that changes with all that is heard and with nothing else', () => {
    const server = { baseUrl: 'http://127.0.0.1:9/v1' }
    const key = (given: Record<string, unknown>) => ttsAt(server, given).tts.voiceKey
    expect(key({})).toBe(key({ api_key: 'sk-other', idle_timeout_ms: 900 }))
    for (const change of [{ voice: 'ash' }, { instructions: 'Sadly.' }, { speed: 2 }, { model: 'tts-1' }]) {
      expect(key(change)).not.toBe(key({}))
    }
    expect(key({})).not.toContain('sk-')
  })

  it('finds the words of numbers itself where it is a voice of OpenAI', () => {
    const normalises = (baseUrl: string) => ttsAt({ baseUrl }).tts.normalises
    expect([normalises('https://api.openai.com/v1'), normalises('http://127.0.0.1:9/v1')]).toEqual([
      true,
      false,
    ])
  })
})

describe('faults of speech', () => {
  it.each([
    [401, { message: 'No', code: 'invalid_api_key' }, 'auth', false],
    [400, { message: 'No such voice' }, 'bad-request', false],
    [429, { message: 'Slow', code: 'rate_limit_exceeded' }, 'quota', true],
    [429, { message: 'Pay', code: 'insufficient_quota' }, 'quota', false],
    [500, { message: 'Oops' }, 'network', true],
  ])('%s is told by its class', async (status, body, errorClass, retryable) => {
    const server = await loopback()
    server.next(PATH, refusal(status, body))
    const error = await rejection(bytes(ttsAt(server).say('Hi.')))
    expect(error).toMatchObject({ name: 'ProviderError', class: errorClass, retryable })
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['application/json', 'an error with a good status'],
    ['audio/mpeg', 'compressed audio'],
    ['text/html; charset=utf-8', 'a page of a proxy'],
  ])('%s is not played: %s', async (type) => {
    const server = await loopback()
    server.next(PATH, speech(AUDIO, [4096], type))
    const error = await rejection(bytes(ttsAt(server).say('Hi.')))
    expect(error).toMatchObject({ class: 'bad-data' })
    expect(error.message).toContain(type)
  })

  it('an answer without audio is a fault', async () => {
    const server = await loopback()
    server.next(PATH, speech(new Uint8Array(0)))
    expect(await rejection(bytes(ttsAt(server).say('Hi.')))).toMatchObject({ class: 'bad-data' })
  })

  it('a connection cut in mid-audio is a network fault', async () => {
    const server = await loopback()
    let cut: () => void = () => undefined
    server.next(PATH, async (exchange) => {
      await someAudio(exchange)
      cut = exchange.cut
    })
    const audio = ttsAt(server).say('Hi.')[Symbol.asyncIterator]()
    await audio.next()
    cut()
    expect(await rejection(audio.next())).toMatchObject({ class: 'network', retryable: true })
  })

  it('audio that never begins ends at its deadline', async () => {
    const server = await loopback()
    server.next(PATH, silence)
    const time = createFakeClock()
    const { say } = ttsAt(server, { first_audio_timeout_ms: 900 }, testContext({ clock: time.clock }))
    const failed = rejection(bytes(say('Hi.')))
    const request = await server.request(PATH)
    await time.advance(900)
    expect(await failed).toMatchObject({ class: 'timeout', retryable: true })
    await request.abandoned
  })

  it('audio that stalls ends at the idle limit, but a slow listener is no stall', async () => {
    const server = await loopback()
    server.next(PATH, someAudio)
    const time = createFakeClock()
    const { say } = ttsAt(server, { idle_timeout_ms: 700 }, testContext({ clock: time.clock }))
    const audio = say('Hi.')[Symbol.asyncIterator]()
    await audio.next()
    await time.advance(30_000)
    const failed = rejection(audio.next())
    await time.advance(700)
    expect(await failed).toMatchObject({ class: 'timeout' })
    expect(time.pending()).toBe(0)
  })

  it('an abort ends the request at the server, before the headers and after', async () => {
    const server = await loopback()
    server.next(PATH, silence)
    server.next(PATH, someAudio)
    const { say, context } = ttsAt(server)
    for (const index of [0, 1]) {
      const control = new AbortController()
      const heard = bytes(say('Hi.', control.signal))
      const request = await server.request(PATH, index)
      control.abort()
      await heard
      await request.abandoned
    }
    expect(context.metrics.value('openai_tts_requests_total', { outcome: 'cancelled' })).toBe(2)
  })
})
