import { MULAW_8K, type TtsWordTime } from '@kav/core'
import { fakeSpeech, oddVersionsOf, testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { elevenlabsTts } from '../src/index.ts'
import { createWordTimes } from '../src/tts/word-times.ts'
import { closeAfterTest, loopback, never, rejection, ttsFor } from './setup.ts'

const request = (text: string, given = {}) => ({ callId: 'c', text, format: MULAW_8K, ...given })
const STREAM = '/v1/text-to-speech/anna/stream'

async function read(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of source) pieces.push(Uint8Array.from(piece))
  return Buffer.concat(pieces)
}

async function* clausesOf(...clauses: string[]): AsyncGenerator<string> {
  yield* clauses
}

async function opened(given = {}, context = testContext()) {
  const server = await loopback()
  const tts = ttsFor(server, given, context)
  closeAfterTest(() => tts.close())
  return { server, tts, context }
}

describe('a sentence in one request', () => {
  it('is asked for as mu-law, with what is set of the voice and nothing else', async () => {
    const { server, tts } = await opened({ stability: 0.4, speed: 1.1, language: 'en-US' })
    const audio = await read(tts.speak(request('hello'), never))
    expect(Buffer.compare(audio, fakeSpeech('hello', MULAW_8K))).toBe(0)
    expect(server.requests[0]!.query.get('output_format')).toBe('ulaw_8000')
    expect(server.requests[0]!.json).toEqual({
      text: 'hello',
      model_id: 'eleven_flash_v2_5',
      language_code: 'en',
      voice_settings: { stability: 0.4, speed: 1.1 },
    })
  })

  it('comes with word times where somebody wants them', async () => {
    const { tts } = await opened()
    const words: TtsWordTime[] = []
    const text = 'one two three four five six seven'
    const audio = await read(
      tts.speak(request(text, { onWord: (word: TtsWordTime) => words.push(word) }), never),
    )
    expect(Buffer.compare(audio, fakeSpeech(text, MULAW_8K))).toBe(0)
    expect(words.map(({ word }) => word)).toEqual(text.split(' '))
    expect(words[1]).toEqual({ word: 'two', startMs: 240 })
    expect(words[6]).toEqual({ word: 'seven', startMs: text.indexOf('seven') * 60 })
  })

  it('survives lines that are not what they should be, and ends for what is none', async () => {
    const { server, tts, context } = await opened()
    const alignment = {
      characters: ['a'],
      character_start_times_seconds: [0],
      character_end_times_seconds: [0.1],
    }
    const odd = oddVersionsOf({ audio_base64: Buffer.alloc(8).toString('base64'), alignment })
    server.onHttp(`${STREAM}/with-timestamps`, async ({ write, end }) => {
      for (const line of odd)
        if (typeof line === 'object' && !Array.isArray(line) && line) await write(`${JSON.stringify(line)}\n`)
      end()
    })
    const onWord = (): void => undefined
    await read(tts.speak(request('hello', { onWord }), never))
    expect(context.metrics.value('elevenlabs_tts_odd_words_total')).toBeGreaterThan(10)
    server.onHttp(`${STREAM}/with-timestamps`, async ({ write, end }) => (await write('{"audio\n'), end()))
    expect(await rejection(read(tts.speak(request('hello', { onWord }), never)))).toMatchObject({
      class: 'bad-data',
    })
  })

  it.each([
    [401, 'invalid_api_key', 'auth'],
    [401, 'quota_exceeded', 'quota'],
    [404, 'voice_not_found', 'bad-request'],
    [429, 'too_many_concurrent_requests', 'quota'],
    [500, 'oh', 'network'],
  ])('refused with %i %s is %s', async (status, word, errorClass) => {
    const { server, tts } = await opened()
    server.onHttp(STREAM, ({ json }) => json(status, { detail: { status: word, message: 'their words' } }))
    const error = await rejection(read(tts.speak(request('hello'), never)))
    expect(error.class).toBe(errorClass)
    expect(error.message).toContain('ElevenLabs speech (anna): the server answered')
  })
})

describe('a reply on one line', () => {
  it('is spoken whole, clause by clause, with word times from its first byte', async () => {
    const { server, tts } = await opened({ stability: 0.4 })
    await tts.warm!('call-1')
    const words: TtsWordTime[] = []
    const asked = request('', { onWord: (word: TtsWordTime) => words.push(word) })
    const audio = await read(tts.speakReply!(clausesOf('Hello there.', 'Who are you?', '…'), asked, never))
    const { url, messages } = server.peers[0]!
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      model_id: 'eleven_flash_v2_5',
      output_format: 'ulaw_8000',
      auto_mode: 'true',
      inactivity_timeout: '180',
    })
    expect(messages).toEqual([
      { text: ' ', voice_settings: { stability: 0.4 } },
      { text: 'Hello there. ' },
      { text: 'Who are you? ' },
      { text: '' },
    ])
    const clauses = ['Hello there. ', 'Who are you? '].map((text) => fakeSpeech(text, MULAW_8K))
    expect(Buffer.compare(audio, Buffer.concat(clauses))).toBe(0)
    expect(words.map(({ word }) => word)).toEqual(['Hello', 'there.', 'Who', 'are', 'you?'])
    expect(words[2]!.startMs).toBe(13 * 60)
  })

  it('has the next line up before it is needed, and ends its own when it is interrupted', async () => {
    const { server, tts } = await opened()
    const abort = new AbortController()
    const reply = tts.speakReply!(
      clausesOf('A long sentence that nobody hears out, for somebody speaks.'),
      request(''),
      abort.signal,
    )
    await reply[Symbol.asyncIterator]().next()
    abort.abort()
    expect(await read(reply)).toHaveLength(0)
    await server.peers[0]!.closed
    await server.peer(1)
  })

  it('that has nothing to say ends without a word', async () => {
    const { tts } = await opened()
    expect(await read(tts.speakReply!(clausesOf('…', ' '), request(''), never))).toHaveLength(0)
  })

  it('is whole also where the service says of a part of it that it is the last', async () => {
    const { server, tts } = await opened()
    let texts = 0
    let goOn: () => void = () => undefined
    const heard = new Promise<void>((resolve) => (goOn = resolve))
    server.onSocket(`${STREAM}-input`, (upgrade) => {
      const peer = upgrade.accept()
      peer.onMessage(({ text }) => {
        if (text === ' ') return
        const isFinal = ++texts === 1 || text === ''
        peer.send({ audio: Buffer.alloc(80, 0x55).toString('base64'), isFinal })
        if (texts === 1) setTimeout(goOn, 20)
      })
    })
    const clauses = (async function* () {
      yield 'One.'
      await heard
      yield 'Two.'
    })()
    expect(await read(tts.speakReply!(clauses, request(''), never))).toHaveLength(240)
  })

  it('fails with a class when its line is refused, told an error, closed, cut, or silent', async () => {
    const { server, tts } = await opened({ first_audio_timeout_ms: 100 })
    const fail = async () =>
      (await rejection(read(tts.speakReply!(clausesOf('Hello.'), request(''), never)))).class
    const path = `${STREAM}-input`
    let act: (peer: any) => void = () => undefined
    server.onSocket(path, (upgrade) => {
      const peer = upgrade.accept()
      peer.onMessage(({ text }) => {
        if (text === '') act(peer)
      })
    })
    const faults: [(peer: any) => void, string][] = [
      [
        (peer) => peer.send({ message: 'no such voice', error: 'voice_id_does_not_exist', code: 1008 }),
        'bad-request',
      ],
      [
        (peer) =>
          peer.send({ message: 'This request exceeds your quota', error: 'quota_exceeded', code: 1008 }),
        'quota',
      ],
      [(peer) => peer.close(1008, 'quota_exceeded'), 'quota'],
      [(peer) => peer.close(1011, ''), 'network'],
      [(peer) => peer.cut(), 'network'],
      [() => undefined, 'timeout'],
    ]
    for (const [fault, errorClass] of faults) {
      act = fault
      expect(await fail()).toBe(errorClass)
    }
  })

  it('survives every odd message', async () => {
    const { server, tts, context } = await opened()
    server.onSocket(`${STREAM}-input`, (upgrade) => {
      const peer = upgrade.accept()
      peer.onMessage(({ text }) => {
        if (text !== '') return
        const audio = Buffer.alloc(80, 0x55).toString('base64')
        const alignment = { chars: ['a'], charStartTimesMs: [0], charDurationsMs: [60] }
        for (const odd of oddVersionsOf({ audio, isFinal: null, alignment }) as any[])
          if (odd?.isFinal !== true) peer.sendRaw(JSON.stringify(odd))
        peer.sendRaw('{')
        peer.send({ isFinal: true })
      })
    })
    expect((await read(tts.speakReply!(clausesOf('Hello.'), request(''), never))).length).toBeGreaterThan(80)
    expect(context.metrics.value('elevenlabs_tts_odd_messages_total')).toBeGreaterThan(5)
    expect(context.metrics.value('elevenlabs_tts_odd_words_total')).toBeGreaterThan(5)
  })
})

describe('params', () => {
  it('with a model that streams no replies are told, and speak by requests', async () => {
    const { tts } = await opened({ model: 'eleven_v3' })
    expect(tts.speakReply).toBeUndefined()
    const warn = elevenlabsTts.check!({ base_url: '', streaming: true, model: 'eleven_v3' } as never)
    expect(warn.map(({ path }) => path[0])).toEqual(['streaming'])
  })
})

describe('word times', () => {
  it('are of whole words, wherever their characters are cut', () => {
    const words: TtsWordTime[] = []
    const times = createWordTimes((word) => words.push(word))
    times.add({ chars: [...'go he'], startsMs: [0, 10, 20, 30, 40] }, 100)
    times.add({ chars: [...'re '], startsMs: [0, 10, 20] }, 150)
    times.add({ chars: [...'now'], startsMs: [5, 10, 20] }, 200)
    times.end()
    times.end()
    expect(words).toEqual([
      { word: 'go', startMs: 100 },
      { word: 'here', startMs: 130 },
      { word: 'now', startMs: 205 },
    ])
  })
})
