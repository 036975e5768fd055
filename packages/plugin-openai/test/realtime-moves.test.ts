import { createFakeClock, type FakeClock, testContext, testParams } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { openaiRealtime } from '../src/realtime/realtime.ts'
import type { LoopbackOpenai } from '../src/testing/index.ts'
import { loopback, rejection, weatherTool } from './setup.ts'
import { answering, callerSaid, items, open, OPTIONS, PAUSE, sent, SPEECH } from './realtime-setup.ts'

describe('a connection that is lost in mid-call', () => {
  it('is replaced, with the conversation put back and the caller’s open words repeated', async () => {
    const { server, session, heard, peer, context } = await open({
      options: { history: [{ role: 'assistant', content: 'Welcome.' }] },
    })
    callerSaid(peer, 'a', 'I need a doctor')
    const answer = answering(peer, 'r1')
    answer.start()
    answer.words('Of course, which day suits')
    answer.audio(2600)
    await heard.until('audio')
    session.interrupt({ itemId: 'msg_r1', heardMs: 1300 })
    answer.done('cancelled')
    await heard.until('reply-ended')
    peer.send({ type: 'input_audio_buffer.speech_started', item_id: 'b', audio_start_ms: 0 })
    await heard.until('speech-started')
    session.write(SPEECH)
    peer.terminate()
    await heard.until('reconnected')
    session.write(PAUSE)
    const second = await server.peer(1)
    while (second.audio().length < SPEECH.length + PAUSE.length)
      await second.event('input_audio_buffer.append', 0)
    expect(second.audio()).toEqual(Buffer.concat([SPEECH, PAUSE]))
    expect(items(second)).toEqual([
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Welcome.' }] },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'I need a doctor' }] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Of course,' }] },
    ])
    expect(sent(second, 'response.create')).toHaveLength(0)
    expect(heard.types().slice(-2)).toEqual(['speech-stopped', 'reconnected'])
    expect(context.metrics.value('openai_realtime_reconnects_total', { reason: 'fault' })).toBe(1)
  })

  it('takes notes along, and does not answer them', async () => {
    const { server, session, heard, peer } = await open()
    callerSaid(peer, 'a', 'I need a doctor')
    const answer = answering(peer, 'r1')
    answer.start()
    answer.words('Which day?')
    answer.audio(20)
    answer.done()
    await heard.until('reply-ended')
    session.note!('The caller has a gold card.')
    const note = { role: 'system', content: [{ text: 'The caller has a gold card.' }] }
    while (items(peer).length === 0) await peer.event('conversation.item.create')
    expect(items(peer)).toMatchObject([note])
    peer.terminate()
    await heard.until('reconnected')
    const second = await server.peer(1)
    session.say('One moment.')
    await second.event('response.create')
    expect(items(second).at(-1)).toMatchObject(note)
    expect([peer, second].map((one) => sent(one, 'response.create').length)).toEqual([0, 1])
  })

  it('loses nothing of what happens in the gap', async () => {
    const { server, session, heard, peer } = await open()
    const answer = answering(peer, 'r1')
    answer.start()
    answer.words('one two three four')
    answer.audio(1000)
    await heard.until('audio')
    server.nextRealtime(() => undefined)
    peer.terminate()
    const second = await server.peer(1)
    await second.event('session.update')
    session.write(SPEECH)
    session.interrupt({ itemId: 'msg_r1', heardMs: 500 })
    session.say('One moment.')
    second.send({ type: 'session.updated', session: {} })
    expect(await heard.until('reply-ended')).toMatchObject({ reason: 'interrupted' })
    expect((await second.event('response.create')).response.instructions).toContain('One moment.')
    expect(second.audio()).toEqual(Buffer.from(SPEECH))
    expect(items(second)).toMatchObject([{ role: 'assistant', content: [{ text: 'one two' }] }])
  })

  it('gives the reply it took away again', async () => {
    const { server, heard, peer } = await open()
    callerSaid(peer, 'a', 'What are your hours?')
    const answer = answering(peer, 'r1')
    answer.start()
    answer.words('We are')
    answer.audio(300)
    await heard.until('audio')
    peer.terminate()
    expect(await heard.until('reply-ended')).toMatchObject({ reason: 'lost' })
    await (await server.peer(1)).event('response.create')
  })

  it('asks for the answer to a tool’s result that it took along', async () => {
    const { server, session, heard, peer } = await open({ options: { tools: [weatherTool] } })
    callerSaid(peer, 'a', 'Weather?')
    const answer = answering(peer, 'r1')
    answer.start()
    const item = {
      type: 'function_call',
      call_id: 'c',
      name: 'weather',
      arguments: '{}',
      status: 'completed',
    }
    peer.send({ type: 'response.output_item.done', response_id: 'r1', item })
    answer.done()
    await heard.until('reply-ended')
    peer.terminate()
    await heard.until('reconnected')
    session.toolResult('c', 'sunny')
    const second = await server.peer(1)
    await second.event('response.create')
    expect(items(second)).toMatchObject([
      { role: 'user' },
      { type: 'function_call', call_id: 'c', name: 'weather', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'sunny' },
    ])
  })

  it('is tried for three more times, then the session fails', async () => {
    const time = createFakeClock()
    const { server, heard, peer } = await open({ context: testContext({ clock: time.clock }) })
    for (let attempt = 0; attempt < 4; attempt++) server.refuseRealtime(503, { message: 'busy' })
    const failed = rejection(heard.end())
    peer.terminate()
    let error: any
    void failed.then((thrown) => (error = thrown))
    while (error === undefined) await time.advance(100)
    expect(error).toMatchObject({ class: 'network' })
    expect(server.peers).toHaveLength(1)
    expect(time.pending()).toBe(0)
  })

  it('does not wait for ever for a server that accepts and then says nothing', async () => {
    const time = createFakeClock()
    const { server, heard, peer } = await open({ context: testContext({ clock: time.clock }) })
    server.nextRealtime(() => undefined)
    peer.terminate()
    await (await server.peer(1)).event('session.update')
    while (server.peers.length < 3) await time.advance(500)
    await heard.until('reconnected')
    expect(await (await server.peer(1)).closed).not.toBe(0)
  })

  it('is not tried again with a key that is refused', async () => {
    const { server, heard, peer } = await open()
    const failed = rejection(heard.end())
    peer.send({ type: 'error', error: { code: 'invalid_api_key', message: 'revoked' } })
    expect(await failed).toMatchObject({ class: 'auth' })
    expect(server.peers).toHaveLength(1)
  })
})

describe('the limit of a connection', () => {
  it('moves the call to the next one in a quiet moment, unheard', async () => {
    const time = createFakeClock()
    const params = { max_session_ms: 60_000 }
    const { server, session, heard, peer } = await open({
      params,
      context: testContext({ clock: time.clock }),
    })
    const answer = answering(peer, 'r1')
    answer.start()
    answer.audio(100)
    await heard.until('audio')
    await pass(time, server, 61_000)
    expect(server.peers).toHaveLength(1)
    answer.done()
    expect(await heard.until('reconnected')).toMatchObject({ reason: 'session-limit' })
    const second = await server.peer(1)
    session.write(SPEECH)
    await second.event('input_audio_buffer.append')
    expect(second.audio()).toEqual(Buffer.from(SPEECH))
    expect(heard.types()).not.toContain('speech-stopped')
    await peer.closed
  })

  it('waits for a reply that began while the next one was being opened', async () => {
    const time = createFakeClock()
    const params = { max_session_ms: 60_000 }
    const { server, heard, peer } = await open({ params, context: testContext({ clock: time.clock }) })
    server.nextRealtime(() => undefined)
    await pass(time, server, 61_000)
    const second = await server.peer(1)
    await second.event('session.update')
    const answer = answering(peer, 'r1')
    answer.start()
    await heard.until('reply-started')
    second.send({ type: 'session.updated', session: {} })
    answer.audio(100)
    await heard.until('audio')
    await time.settle()
    expect(heard.types()).not.toContain('reconnected')
    answer.done()
    await heard.until('reconnected')
    expect(heard.events.find((event) => event.type === 'reply-ended')).toMatchObject({ reason: 'done' })
  })

  it('is forced on a reply that will not end', async () => {
    const time = createFakeClock()
    const params = { max_session_ms: 60_000 }
    const { server, heard, peer } = await open({ params, context: testContext({ clock: time.clock }) })
    answering(peer, 'r1').start()
    await heard.until('reply-started')
    await pass(time, server, 241_000)
    expect(await heard.until('reply-ended')).toMatchObject({ reason: 'lost' })
    await heard.until('reconnected')
  })

  it('is tried again later when the next one will not open, and the old one serves on', async () => {
    const time = createFakeClock()
    const params = { max_session_ms: 60_000 }
    const { server, session, heard, peer } = await open({
      params,
      context: testContext({ clock: time.clock }),
    })
    server.refuseRealtime(503, { message: 'busy' })
    await pass(time, server, 61_000)
    session.write(SPEECH)
    await peer.event('input_audio_buffer.append')
    expect(heard.types()).toEqual([])
    await pass(time, server, 16_000)
    await heard.until('reconnected')
    expect(server.peers).toHaveLength(2)
  })

  it('that the server enforces is a reconnect like any other', async () => {
    const { heard, peer } = await open()
    peer.close(1001, 'Your session hit the maximum duration of 60 minutes.')
    expect(await heard.until('reconnected')).toMatchObject({ reason: 'session-limit' })
  })
})

/** In steps short enough for the line to be heard of between them. */
async function pass(time: FakeClock, server: LoopbackOpenai, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5_000) {
    await time.advance(5_000)
    await Promise.all(server.peers.map((peer) => peer.roundTrip()))
  }
}

describe('the end of a speech-to-speech session', () => {
  it('by finish waits for the running reply', async () => {
    const { session, heard, peer } = await open()
    const answer = answering(peer, 'r1')
    answer.start()
    await heard.until('reply-started')
    session.finish()
    answer.audio(20)
    answer.done()
    await heard.end()
    expect(heard.types()).toEqual(['reply-started', 'audio', 'reply-ended'])
  })

  it('by close or abort leaves nothing behind', async () => {
    const time = createFakeClock()
    const control = new AbortController()
    const context = testContext({ clock: time.clock })
    const { session, heard, peer } = await open({ context, options: { signal: control.signal } })
    const failed = rejection(heard.end())
    control.abort()
    expect(await failed).toMatchObject({ class: 'cancelled' })
    await session.close()
    await session.close()
    await peer.closed
    expect(time.pending()).toBe(0)
  })

  it('a refused opening rejects with its class', async () => {
    const server = await loopback()
    server.refuseRealtime(401, { message: 'bad key' })
    const params = testParams(openaiRealtime.params, { base_url: server.baseUrl, api_key: 'k' })
    const provider = openaiRealtime.create(params, testContext())
    expect(await rejection(provider.openSession(OPTIONS))).toMatchObject({ class: 'auth' })
  })
})
