import { MULAW_8K } from '@kav/core'
import { createFakeClock, fakeSpeech, oddVersionsOf, testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { closeAfterTest, loopback, never, rejection, ttsFor } from './setup.ts'

const request = (text: string, given = {}) => ({ callId: 'c', text, format: MULAW_8K, ...given })

async function read(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of source) pieces.push(Uint8Array.from(piece))
  return Buffer.concat(pieces)
}

async function* clausesOf(...clauses: string[]): AsyncGenerator<string> {
  yield* clauses
}

describe('a sentence in one request', () => {
  it('is asked for as mu-law without a header, in the voice of its language', async () => {
    const server = await loopback()
    const tts = ttsFor(server, { voices: { es: 'aura-2-celeste-es' }, speed: 1.1 })
    closeAfterTest(() => tts.close())
    const audio = await read(tts.speak(request('hola', { language: 'es' }), never))
    expect(Buffer.compare(audio, fakeSpeech('hola', MULAW_8K))).toBe(0)
    expect(Object.fromEntries(server.requests[0]!.query)).toMatchObject({
      model: 'aura-2-celeste-es',
      encoding: 'mulaw',
      sample_rate: '8000',
      container: 'none',
      speed: '1.1',
    })
  })

  it('longer than Deepgram takes is several', async () => {
    const server = await loopback()
    const tts = ttsFor(server)
    closeAfterTest(() => tts.close())
    const sentence = `${'word '.repeat(100).trim()}. `
    await read(tts.speak(request(sentence.repeat(5)), never))
    expect(server.requests.length).toBeGreaterThan(1)
    expect(server.requests.every(({ json }) => json.text.length <= 2_000)).toBe(true)
  })

  it.each([
    [401, 'auth'],
    [402, 'quota'],
    [413, 'bad-request'],
    [429, 'quota'],
    [500, 'network'],
  ])('refused with %i is %s', async (status, errorClass) => {
    const server = await loopback()
    const tts = ttsFor(server)
    closeAfterTest(() => tts.close())
    server.onHttp('/v1/speak', ({ json }) => json(status, { err_code: 'X', err_msg: 'their words' }))
    const error = await rejection(read(tts.speak(request('hello'), never)))
    expect(error.class).toBe(errorClass)
    expect(error.message).toContain('Deepgram speech (aura-2-thalia-en): the server answered')
    expect(error.message).toContain('their words')
  })

  it('an answer that is no audio is an error, not a noise', async () => {
    const server = await loopback()
    const tts = ttsFor(server)
    closeAfterTest(() => tts.close())
    server.onHttp('/v1/speak', ({ json }) => json(200, { err_msg: 'odd' }))
    expect(await rejection(read(tts.speak(request('hello'), never)))).toMatchObject({ class: 'bad-data' })
  })
})

describe('a reply on one line', () => {
  async function replying(given = {}, context = testContext()) {
    const server = await loopback()
    const tts = ttsFor(server, given, context)
    closeAfterTest(() => tts.close())
    const speakReply = (clauses: AsyncIterable<string>, signal = never) =>
      tts.speakReply!(clauses, request(''), signal)
    return { server, tts, speakReply, context }
  }

  it('is spoken whole, its first clause flushed at once, on the line that was warmed', async () => {
    const { server, tts, speakReply } = await replying()
    await tts.warm!('call-1')
    const audio = await read(speakReply(clausesOf('Hello.', 'Who is there?', '…')))
    expect(server.peers).toHaveLength(1)
    expect(server.peers[0]!.messages).toEqual([
      { type: 'Speak', text: 'Hello. ' },
      { type: 'Flush' },
      { type: 'Speak', text: 'Who is there? ' },
      { type: 'Flush' },
    ])
    const parts = ['Hello.', 'Who is there?'].map((text) => fakeSpeech(text, MULAW_8K))
    expect(Buffer.compare(audio, Buffer.concat(parts))).toBe(0)
  })

  it('uses the same line for the next', async () => {
    const { server, speakReply } = await replying()
    await read(speakReply(clausesOf('One.')))
    await read(speakReply(clausesOf('Two.')))
    expect(server.peers).toHaveLength(1)
  })

  it('has text spoken that nothing follows', async () => {
    const time = createFakeClock()
    const { server, speakReply } = await replying({ flush_after_ms: 300 }, testContext({ clock: time.clock }))
    let goOn: () => void = () => undefined
    const more = new Promise<void>((resolve) => (goOn = resolve))
    const reading = read(
      speakReply(
        (async function* () {
          yield 'One.'
          yield 'Two.'
          await more
          yield 'Three.'
        })(),
      ),
    )
    const peer = await server.peer()
    await peer.message((message) => message.text === 'Two. ')
    await time.advance(300)
    await peer.message(() => peer.messages.filter(({ type }) => type === 'Flush').length === 2)
    goOn()
    expect((await reading).length).toBeGreaterThan(0)
  })

  it('that is interrupted is forgotten at Deepgram, and its line speaks the next when it has said so', async () => {
    const { server, speakReply, context } = await replying()
    const abort = new AbortController()
    const reply = speakReply(
      clausesOf('A very long sentence that is interrupted in the middle of it.'),
      abort.signal,
    )
    await reply[Symbol.asyncIterator]().next()
    abort.abort()
    expect(await read(reply)).toHaveLength(0)
    await server.peers[0]!.message((message) => message.type === 'Clear')
    expect(context.metrics.value('deepgram_tts_cleared_total')).toBe(1)
    const next = await read(speakReply(clausesOf('Next.')))
    expect(Buffer.compare(next, fakeSpeech('Next.', MULAW_8K))).toBe(0)
  })

  it('keeps within twenty flushes a minute: the last clauses of a long reply go out together', async () => {
    const { server, speakReply } = await replying({ flush_after_ms: 50 })
    const time = Array.from({ length: 25 }, (_, index) => `Clause ${index}.`)
    await read(speakReply(clausesOf(...time)))
    const flushes = server.peers[0]!.messages.filter(({ type }) => type === 'Flush')
    expect(flushes.length).toBeLessThanOrEqual(20)
  })

  it('is whole, and begins at once, however many replies there are in a minute', async () => {
    const { server, speakReply } = await replying()
    for (let reply = 0; reply < 30; reply++)
      expect((await read(speakReply(clausesOf(`Reply ${reply}.`)))).length).toBeGreaterThan(0)
    for (const { messages } of server.peers)
      expect(messages.filter(({ type }) => type === 'Flush').length).toBeLessThanOrEqual(12)
    const told = server.peers.flatMap(({ messages }) => messages.map(({ type }) => type))
    expect(told.filter((type) => type === 'Flush')).toHaveLength(30)
  })

  it('fails with a class when its line is refused, closed, cut, told an error, or silent', async () => {
    const { server, speakReply } = await replying({ first_audio_timeout_ms: 100 })
    const faults: [(peer: any) => void, string][] = [
      [(peer) => peer.close(1011, 'NET-0001'), 'timeout'],
      [(peer) => peer.close(1008, 'DATA-0000'), 'bad-request'],
      [(peer) => peer.cut(), 'network'],
      [(peer) => peer.send({ type: 'Error', code: 'X', description: 'no' }), 'bad-request'],
      [() => undefined, 'timeout'],
    ]
    let act: (peer: any) => void = () => undefined
    server.onSocket('/v1/speak', (upgrade) => {
      const peer = upgrade.accept()
      peer.onMessage((message) => {
        if (message.type === 'Flush') act(peer)
      })
    })
    for (const [fault, errorClass] of faults) {
      act = fault
      expect((await rejection(read(speakReply(clausesOf('Hello.'))))).class).toBe(errorClass)
    }
  })

  it('fails with a class when its line is refused', async () => {
    const { server, speakReply } = await replying()
    server.onSocket('/v1/speak', (upgrade) => upgrade.refuse(401))
    expect((await rejection(read(speakReply(clausesOf('Hello.'))))).class).toBe('auth')
  })

  it('survives every odd message, and counts warnings', async () => {
    const { server, speakReply, context } = await replying()
    server.nextSocket('/v1/speak', (upgrade) => {
      const peer = upgrade.accept()
      peer.onMessage((message) => {
        if (message.type !== 'Flush') return
        const messages = [
          { type: 'Metadata', request_id: 'r' },
          { type: 'Warning', code: 'x', description: 'y' },
        ]
        for (const odd of messages.flatMap(oddVersionsOf)) peer.sendRaw(JSON.stringify(odd))
        peer.sendRaw('{')
        peer.sendRaw(new Uint8Array(160).fill(0x55))
        peer.send({ type: 'Flushed', sequence_id: 0 })
      })
    })
    expect(await read(speakReply(clausesOf('Hello.')))).toHaveLength(160)
    expect(context.metrics.value('deepgram_tts_warnings_total')).toBeGreaterThan(0)
    expect(context.metrics.value('deepgram_tts_odd_messages_total')).toBeGreaterThan(5)
  })
})
