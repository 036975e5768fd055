import { MULAW_8K } from '@kav/core'
import { fakeSpeech } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { talker } from '../src/testing/index.ts'
import { weatherTool } from './setup.ts'
import { answering, callerSaid, items, open, OPTIONS, PAUSE, sent, SPEECH } from './realtime-setup.ts'

describe('a speech-to-speech session', () => {
  it('asks for mu-law both ways, the voice, the tools and server VAD', async () => {
    const { peer } = await open({ options: { tools: [weatherTool], language: 'he-IL', hints: ['Levi'] } })
    expect(peer.url.searchParams.get('model')).toBe('gpt-realtime')
    expect(sent(peer, 'session.update')[0].session).toEqual({
      type: 'realtime',
      model: 'gpt-realtime',
      output_modalities: ['audio'],
      instructions: OPTIONS.instructions,
      audio: {
        input: {
          format: { type: 'audio/pcmu' },
          noise_reduction: { type: 'near_field' },
          transcription: { model: 'gpt-4o-mini-transcribe', language: 'he', prompt: 'Expect: Levi.' },
          turn_detection: {
            type: 'server_vad',
            threshold: 0.5,
            prefix_padding_ms: 300,
            silence_duration_ms: 500,
            create_response: true,
            interrupt_response: true,
          },
        },
        output: { format: { type: 'audio/pcmu' }, voice: 'marin' },
      },
      tools: [{ type: 'function', ...weatherTool }],
      tool_choice: 'auto',
    })
  })

  it('carries a whole turn: speech in, both transcripts, speech out, usage', async () => {
    const script = talker({ transcript: () => 'hello there', answer: (heard) => `you said ${heard}` })
    const { session, heard, peer, context } = await open({ script })
    for (const audio of [SPEECH, PAUSE]) session.write(audio)
    const ended = await heard.until('reply-ended')
    expect(ended).toEqual({ type: 'reply-ended', replyId: 'resp_0', reason: 'done' })
    expect(await heard.until('speech-started')).toEqual({ type: 'speech-started', atMs: 0 })
    expect(await heard.until('caller-final')).toMatchObject({ text: 'hello there' })
    expect(await heard.until('agent-final')).toMatchObject({ text: 'you said hello there' })
    expect(await heard.until('usage')).toEqual({ type: 'usage', inputTokens: 20, outputTokens: 10 })
    const audio = heard.events.flatMap((event) => (event.type === 'audio' ? [Buffer.from(event.audio)] : []))
    expect(Buffer.concat(audio)).toEqual(Buffer.from(fakeSpeech('you said hello there', MULAW_8K)))
    expect(peer.audio()).toEqual(Buffer.concat([SPEECH, PAUSE]))
    expect(context.metrics.value('openai_realtime_input_tokens_total', { kind: 'audio' })).toBe(15)
    session.finish()
    await heard.end()
  })

  it('says what it is told to, after the answer that is running', async () => {
    const script = talker({ transcript: () => '', answer: () => '' })
    const { session, heard } = await open({ script })
    session.say('Welcome.')
    session.say('Still there?')
    await heard.until('reply-ended', 1)
    const finals = heard.events.flatMap((event) => (event.type === 'agent-final' ? [event.text] : []))
    expect(finals).toEqual(['Welcome.', 'Still there?'])
  })

  it('says it again when the server was making an answer of its own', async () => {
    const { session, peer } = await open()
    const answer = answering(peer, 'r1')
    session.say('Welcome.')
    await peer.event('response.create')
    answer.start()
    peer.send({ type: 'error', error: { code: 'conversation_already_has_active_response', message: 'busy' } })
    answer.done()
    expect((await peer.event('response.create', 1)).response.instructions).toContain('Welcome.')
  })

  it('gives the model keys, and the wish to go on after a noise, as messages that it answers', async () => {
    const { session, peer } = await open()
    session.enter!('4711')
    await peer.event('response.create')
    const answer = answering(peer, 'r1')
    answer.start()
    session.resume!()
    answer.done()
    await peer.event('response.create', 1)
    expect(items(peer)).toMatchObject([
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: '4711' }] },
      { type: 'message', role: 'system', content: [{ type: 'input_text' }] },
    ])
  })

  it('runs tools, several at once, and goes on when all are answered', async () => {
    const { session, heard, peer } = await open({ options: { tools: [weatherTool] } })
    const answer = answering(peer, 'r1')
    answer.start()
    for (const call_id of ['a', 'b']) {
      const item = {
        type: 'function_call',
        call_id,
        name: 'weather',
        arguments: '{"city":"Haifa"}',
        status: 'completed',
      }
      peer.send({ type: 'response.output_item.done', response_id: 'r1', item })
    }
    await heard.until('tool-call', 1)
    session.toolResult('a', '31 degrees')
    session.toolResult('b', '33 degrees')
    session.toolResult('b', 'twice')
    answer.done()
    await peer.event('response.create')
    expect(items(peer)).toEqual([
      { type: 'function_call_output', call_id: 'a', output: '31 degrees' },
      { type: 'function_call_output', call_id: 'b', output: '33 degrees' },
    ])
    expect(sent(peer, 'response.create')).toHaveLength(1)
  })

  it('goes on with the results of one reply while a call of another is still open', async () => {
    const { session, heard, peer } = await open({ options: { tools: [weatherTool] } })
    for (const [index, call_id] of ['slow', 'quick'].entries()) {
      const answer = answering(peer, `r${index}`)
      answer.start()
      const item = { type: 'function_call', call_id, name: 'weather', arguments: '{}', status: 'completed' }
      peer.send({ type: 'response.output_item.done', response_id: `r${index}`, item })
      answer.done()
      await heard.until('tool-call', index)
      await heard.until('reply-ended', index)
    }
    session.toolResult('quick', '31 degrees')
    await expect.poll(() => sent(peer, 'response.create')).toHaveLength(1)
    const answer = answering(peer, 'r2')
    answer.start()
    answer.done()
    await heard.until('reply-ended', 2)
    session.toolResult('slow', '33 degrees')
    await expect.poll(() => sent(peer, 'response.create')).toHaveLength(2)
  })

  it('leaves the ends of turns to the pipeline where it is told to', async () => {
    const { session, provider, peer } = await open({ params: { turn_detection: 'none' } })
    expect(provider.detectsTurns).toBe(false)
    session.write(SPEECH)
    session.endTurn()
    await peer.event('response.create')
    expect(peer.received.map((event) => event.type).slice(-2)).toEqual([
      'input_audio_buffer.commit',
      'response.create',
    ])
  })

  it('understands the event names of the beta', async () => {
    const { heard, peer } = await open()
    const about = { response_id: 'r', item_id: 'i', output_index: 0, content_index: 0 }
    peer.send({ type: 'response.created', response: { id: 'r' } })
    peer.send({ type: 'response.audio.delta', ...about, delta: 'ICAg' })
    peer.send({ type: 'response.audio_transcript.delta', ...about, delta: 'hi' })
    peer.send({ type: 'response.audio_transcript.done', ...about, transcript: 'hi' })
    expect((await heard.until('agent-final')).text).toBe('hi')
    expect(heard.types()).toEqual(['reply-started', 'audio', 'agent-partial', 'agent-final'])
  })
})

describe('an interruption', () => {
  it('cancels the reply, cuts it to what was heard, and lets nothing more through', async () => {
    const { session, heard, peer } = await open()
    const answer = answering(peer, 'r1')
    answer.start()
    answer.words('one two three four')
    answer.audio(1000)
    await heard.until('audio')
    session.interrupt({ itemId: 'msg_r1', heardMs: 412.7 })
    expect((await peer.event('conversation.item.truncate')).audio_end_ms).toBe(412)
    expect(sent(peer, 'response.cancel')).toHaveLength(1)
    answer.audio(1000)
    answer.words(' five')
    answer.done('cancelled')
    expect(await heard.until('reply-ended')).toMatchObject({ reason: 'interrupted' })
    expect(heard.types().filter((type) => type === 'audio')).toHaveLength(1)
  })

  it('never claims more than was received', async () => {
    const { session, heard, peer } = await open()
    const answer = answering(peer, 'r1')
    answer.start()
    answer.audio(300)
    await heard.until('audio')
    session.interrupt({ itemId: 'msg_r1', heardMs: 5000 })
    expect((await peer.event('conversation.item.truncate')).audio_end_ms).toBe(300)
  })

  it('of a reply that is complete but still playing cuts it too, without a cancel', async () => {
    const { session, heard, peer } = await open()
    const answer = answering(peer, 'r1')
    answer.start()
    answer.audio(900)
    answer.done()
    await heard.until('reply-ended')
    session.interrupt({ itemId: 'msg_r1', heardMs: 100 })
    await peer.event('conversation.item.truncate')
    expect(sent(peer, 'response.cancel')).toHaveLength(0)
  })

  it('of a reply that nobody heard takes it out of the conversation', async () => {
    const { session, heard, peer } = await open()
    const answer = answering(peer, 'r1')
    answer.start()
    answer.audio(500)
    await heard.until('audio')
    session.interrupt()
    expect((await peer.event('conversation.item.delete')).item_id).toBe('msg_r1')
  })

  it('that comes too late is no fault', async () => {
    const { heard, peer, context } = await open()
    peer.send({ type: 'error', error: { code: 'response_cancel_not_active', message: 'none' } })
    callerSaid(peer, 'a', 'go on')
    await heard.until('caller-final')
    expect(context.metrics.value('openai_realtime_errors_total')).toBe(0)
  })
})

describe('a failed reply', () => {
  it('is an event, and the session goes on', async () => {
    const { heard, peer } = await open()
    const answer = answering(peer, 'r1')
    answer.start()
    answer.done('failed', { status_details: { error: { code: 'rate_limit_exceeded', type: 'x' } } })
    const ended = await heard.until('reply-ended')
    expect(ended).toMatchObject({ reason: 'failed', error: { class: 'quota' } })
    callerSaid(peer, 'a', 'hello?')
    await heard.until('caller-final')
  })

  it.each([
    ['max_output_tokens', 'length'],
    ['content_filter', 'content-filter'],
  ])('that ended early by %s says so', async (reason, expected) => {
    const { heard, peer } = await open()
    const answer = answering(peer, 'r1')
    answer.start()
    answer.done('incomplete', { status_details: { reason } })
    expect(await heard.until('reply-ended')).toMatchObject({ reason: expected })
  })
})

describe('a tool call of a reply that was interrupted', () => {
  it.each(['completed', 'incomplete'])(
    'is not handed on when it comes late (%s), and leaves no open call',
    async (status) => {
      const { session, heard, peer, context } = await open()
      peer.send({ type: 'response.created', response: { id: 'r1' } })
      peer.send({
        type: 'response.output_item.added',
        response_id: 'r1',
        item: { id: 'm1', type: 'message' },
      })
      const delta = Buffer.alloc(8000, 32).toString('base64')
      peer.send({ type: 'response.output_audio.delta', response_id: 'r1', item_id: 'm1', delta })
      await heard.until('audio')
      session.interrupt({ itemId: 'm1', heardMs: 300 })
      const item = {
        type: 'function_call',
        id: 'f',
        call_id: 'call_1',
        name: 'book',
        arguments: '{}',
        status,
      }
      peer.send({ type: 'response.output_item.done', response_id: 'r1', item })
      peer.send({ type: 'response.done', response: { id: 'r1', status: 'cancelled' } })
      await heard.until('reply-ended')
      expect(heard.events.map(({ type }) => type)).not.toContain('tool-call')
      const dropped = context.metrics.value('openai_realtime_late_tool_calls_dropped_total') ?? 0
      expect(dropped).toBe(status === 'completed' ? 1 : 0)
      // A call of the next reply is answered by itself: nothing is still waited for.
      peer.send({ type: 'response.created', response: { id: 'r2' } })
      peer.send({
        type: 'response.output_item.done',
        response_id: 'r2',
        item: { ...item, id: 'g', call_id: 'call_2', status: 'completed' },
      })
      peer.send({ type: 'response.done', response: { id: 'r2', status: 'completed' } })
      expect(await heard.until('tool-call')).toMatchObject({ id: 'call_2' })
      session.toolResult('call_2', 'done')
      await expect.poll(() => sent(peer, 'response.create')).toHaveLength(1)
      await session.close()
    },
  )
})
