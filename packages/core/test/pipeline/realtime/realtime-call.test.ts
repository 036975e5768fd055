import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../../src/contracts/index.ts'
import { createCallRig, frameIndexes } from '../call-rig.ts'

describe('a call with a model that hears, thinks and speaks', () => {
  it('greets, hears, answers and tells the record of both sides', async () => {
    const rig = createCallRig({ realtime: { replies: [{ text: 'It is half past two.' }] } })
    const session = rig.start()
    await rig.silence(2000)
    const model = rig.realtime!.sessions[0]!
    expect(model.said).toEqual(['Hello there.'])
    expect(model.options.instructions).toBe('You answer.')
    model.speechStarted()
    await rig.speak(600)
    await rig.silence(300)
    model.speechStopped('what time is it', 300)
    await rig.silence(3000)
    const outcome = await rig.end()

    expect(rig.names().filter((name) => !/second|partial|_voice/.test(name))).toEqual([
      'call_started',
      'rx_started',
      'tx_started',
      'stt_init_requested',
      'greeting_queued',
      'stt_ready',
      'llm_request',
      'greeting_end',
      'final',
      'turn_ended',
      'reply_started',
      'turn_latency',
      'agent_said',
      'llm_request',
      'reply_ended',
      'call_ended',
    ])
    expect(rig.of('greeting_end')[0]!.fields).toMatchObject({ outcome: 'heard' })
    expect(rig.of('reply_ended')[0]!.fields).toEqual({ turn: 1, outcome: 'heard' })
    expect(rig.of('turn_latency')[0]!.fields['turn_end_ms']).toBeGreaterThanOrEqual(300)
    expect(rig.of('interrupted')).toEqual([])
    expect(
      rig.far.sent.filter(({ kind }) => kind === 'mark').map((mark) => 'name' in mark && mark.name),
    ).toEqual(['greeting_end#0', 'reply_end_1#0'])
    expect(outcome.counters['tx_underruns']).toBe(0)
    expect(await session.done).toMatchObject({ endedBy: 'caller' })
    expect(model.closed).toBe(true)
    expect(rig.time.pending()).toBe(0)
  })

  it('loses no frame of a caller who speaks before the session is open', async () => {
    const rig = createCallRig({ realtime: { opening: [{ afterMs: 1500 }] } })
    rig.start()
    await rig.speak(2400)
    await rig.silence(1600)
    await rig.end()
    const model = rig.realtime!.sessions[0]!
    expect(frameIndexes(model.audio())).toEqual(Array.from({ length: rig.framesSent }, (_, index) => index))
  })

  it('waits with the reading of events for nobody: a long reply does not delay an interruption', async () => {
    const text = 'word '.repeat(400).trim()
    const rig = createCallRig({
      realtime: { replies: [{ text, audioMs: 60_000 }], speed: 200 },
      settings: { conversation: { greeting: '' } },
    })
    rig.start()
    await rig.silence(100)
    const model = rig.realtime!.sessions[0]!
    model.speechStarted()
    await rig.speak(300)
    model.speechStopped('tell me all')
    await rig.silence(5000)
    // The minute has arrived; the queue holds three seconds of it.
    expect(rig.of('agent_said')).toHaveLength(1)
    model.speechStarted(300)
    await rig.speak(40)
    const [{ heard, atMs } = { heard: undefined, atMs: 0 }] = model.interrupts
    expect(heard!.itemId).toBe('item-1')
    const sentBefore = rig.far.sent.filter((sent) => sent.kind === 'frame' && sent.atMs > atMs)
    expect(sentBefore).toEqual([])
    await rig.silence(3000)
    expect(rig.far.sent.at(-1)!.kind).toBe('clear')
    await rig.end()
    expect(rig.time.pending()).toBe(0)
  })

  it('hangs up when the model says so, once the farewell was heard', async () => {
    const rig = createCallRig({
      realtime: {
        replies: [{ text: 'Goodbye then.', toolCalls: [{ id: 'c1', name: 'hang_up', arguments: '{}' }] }],
      },
      settings: { conversation: { greeting: '' } },
    })
    const session = rig.start()
    await rig.silence(100)
    const model = rig.realtime!.sessions[0]!
    model.speechStarted()
    await rig.speak(300)
    model.speechStopped('bye')
    await rig.silence(700)
    expect(rig.far.ended).toBeUndefined()
    await rig.silence(1500)
    expect(await session.done).toMatchObject({ endedBy: 'agent' })
    expect(rig.far.heardMs()).toBeGreaterThanOrEqual('Goodbye then.'.length * 60)
    // The model is not asked to go on.
    expect(model.toolResults).toEqual([])
    expect(rig.names()).toContain('tool_called')
  })

  it('gives the model what a tool found, and it goes on in the same turn', async () => {
    const rig = createCallRig({
      realtime: {
        replies: [
          { text: 'Let me see.', toolCalls: [{ id: 'c1', name: 'look', arguments: '{}' }] },
          { text: 'There is one at five.' },
        ],
      },
      settings: { conversation: { greeting: '' } },
    })
    rig.start()
    await rig.silence(100)
    const model = rig.realtime!.sessions[0]!
    model.speechStopped('any time left')
    await rig.silence(4000)
    expect(model.toolResults).toEqual([{ callId: 'c1', content: 'There is no tool named "look".' }])
    expect(rig.of('agent_said').map((said) => said.private['text'])).toEqual([
      'Let me see.',
      'There is one at five.',
    ])
    expect(rig.of('reply_ended').map(({ fields }) => fields)).toEqual([{ turn: 1, outcome: 'heard' }])
    expect(rig.of('turn_latency')).toHaveLength(1)
    await rig.end()
  })

  it('ends when the session dies, and says why', async () => {
    const rig = createCallRig({ realtime: {} })
    const session = rig.start()
    await rig.silence(400)
    rig.realtime!.sessions[0]!.fail(new ProviderError('quota', 'fake: no money left'))
    await rig.silence(200)
    expect(await session.done).toMatchObject({ endedBy: 'failure' })
    expect(rig.of('stage_failed').map((event) => ({ ...event.fields, ...event.private }))).toEqual([
      { stage: 'realtime', error: 'fake: no money left' },
    ])
    expect(rig.time.pending()).toBe(0)
  })

  it('ends when the session ends by itself', async () => {
    const rig = createCallRig({ realtime: {} })
    const session = rig.start()
    await rig.silence(400)
    rig.realtime!.sessions[0]!.end()
    await rig.silence(200)
    expect(await session.done).toMatchObject({ endedBy: 'failure' })
    expect(String(rig.of('stage_failed')[0]!.private['error'])).toContain('ended by itself')
  })

  it('tries three times to open a session, then ends with the reason', async () => {
    const error = new ProviderError('network', 'fake: connection refused')
    const rig = createCallRig({ realtime: { opening: [{ error }, { error }, { error }] } })
    const session = rig.start()
    await rig.silence(1000)
    expect(await session.done).toMatchObject({ endedBy: 'failure' })
    expect(rig.realtime!.attempts.map(({ atMs }) => atMs)).toEqual([1000, 1200, 1400])
    expect(rig.of('stt_open_failed')).toHaveLength(3)
    expect(rig.of('stage_failed')[0]).toMatchObject({
      fields: { stage: 'realtime' },
      private: { error: error.message },
    })
    expect(rig.time.pending()).toBe(0)
  })

  it('says so when a model that finds no turns has no detector beside it', async () => {
    const rig = createCallRig({ realtime: { detectsTurns: false }, vad: false })
    const session = rig.start()
    await rig.silence(200)
    expect(await session.done).toMatchObject({ endedBy: 'failure' })
    expect(String(rig.of('stage_failed')[0]!.private['error'])).toContain('needs a vad')
  })

  it('ends the turns of a model that finds none', async () => {
    const rig = createCallRig({
      realtime: { detectsTurns: false, replies: [{ text: 'Yes.' }] },
      settings: { conversation: { greeting: '' } },
    })
    rig.start()
    await rig.silence(300)
    await rig.speak(600)
    await rig.silence(400)
    expect(rig.realtime!.sessions[0]!.endedTurns).toBe(0)
    await rig.silence(300)
    expect(rig.realtime!.sessions[0]!.endedTurns).toBe(1)
    await rig.silence(1500)
    expect(rig.of('reply_ended').map(({ fields }) => fields)).toEqual([{ turn: 1, outcome: 'heard' }])
    await rig.end()
  })

  it('asks a silent caller, then says goodbye and hangs up', async () => {
    const idle = { afterMs: 2000, prompts: ['Still there?'], farewell: 'Goodbye.' }
    const rig = createCallRig({ realtime: {}, settings: { conversation: { idle } } })
    const session = rig.start()
    await rig.silence(12_000)
    expect(rig.realtime!.sessions[0]!.said).toEqual(['Hello there.', 'Still there?', 'Goodbye.'])
    expect(rig.of('prompt_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard', 'heard'])
    expect(await session.done).toMatchObject({ endedBy: 'agent' })
  })

  it('speaks in the format of the call whatever the session’s is', async () => {
    const rig = createCallRig({ realtime: { formats: [{ encoding: 'linear16', sampleRateHz: 24_000 }] } })
    rig.start()
    await rig.silence(2500)
    const frames = rig.far.sent.filter((sent) => sent.kind === 'frame')
    expect(frames.every((sent) => sent.kind === 'frame' && sent.bytes.length === 160)).toBe(true)
    const spokenMs = 'Hello there.'.length * 60
    expect(Math.abs(frames.length * 20 - spokenMs)).toBeLessThanOrEqual(40)
    expect(rig.of('greeting_end')[0]!.fields).toMatchObject({ outcome: 'heard' })
    const model = rig.realtime!.sessions[0]!
    expect(model.writtenMs).toBeGreaterThan(2400)
    await rig.end()
  })

  it('gives a model that can read them the keys of an entry, as a turn that it answers', async () => {
    const rig = createCallRig({ realtime: { replies: [{ text: 'That is correct.' }] } })
    rig.start()
    await rig.silence(400)
    for (const key of '4711#') rig.far.dtmf(key)
    await rig.silence(2500)
    expect(rig.realtime!.sessions[0]!.entered).toEqual(['4711'])
    expect(rig.of('turn_ended').map(({ private: { text } }) => text)).toEqual(['4711'])
    expect(rig.of('interrupted')).toHaveLength(1)
    expect(rig.of('agent_said').map(({ private: { text } }) => text)).toContain('That is correct.')
    expect(rig.of('reply_ended')[0]!.fields).toEqual({ turn: 1, outcome: 'heard' })
    expect(rig.of('keys_unheard')).toEqual([])
    await rig.end()
    expect(rig.time.pending()).toBe(0)
  })

  it('keeps keys that are pressed before the session is there', async () => {
    const rig = createCallRig({
      realtime: { opening: [{ afterMs: 1000 }] },
      settings: { conversation: { greeting: '' } },
    })
    rig.start()
    for (const key of '12#') rig.far.dtmf(key)
    await rig.silence(2500)
    expect(rig.realtime!.sessions[0]!.entered).toEqual(['12'])
    expect(rig.of('reply_ended')[0]!.fields).toEqual({ turn: 1, outcome: 'heard' })
    await rig.end()
  })

  it('tells once that keys are not heard, and lets them stop the agent', async () => {
    const rig = createCallRig({ realtime: { soundAlone: true } })
    rig.start()
    await rig.silence(400)
    for (const key of '5#6#') rig.far.dtmf(key)
    await rig.silence(200)
    expect(rig.of('dtmf')).toHaveLength(4)
    expect(rig.of('keys_unheard')).toHaveLength(1)
    expect(rig.of('interrupted')).toHaveLength(1)
    expect(rig.of('greeting_end')[0]!.fields).toMatchObject({ outcome: 'cancelled' })
    await rig.end()
  })

  it('says the fallback line once when a reply fails', async () => {
    const error = new ProviderError('network', 'fake: overloaded')
    const rig = createCallRig({
      realtime: { replies: [{ error }] },
      settings: { conversation: { greeting: '' } },
    })
    rig.start()
    await rig.silence(100)
    rig.realtime!.sessions[0]!.speechStopped('hello')
    await rig.silence(3000)
    expect(rig.realtime!.sessions[0]!.said).toEqual(['Sorry, say that again.'])
    expect(rig.names().filter((name) => /failed|ended/.test(name))).toEqual([
      'turn_ended',
      'llm_failed',
      'reply_ended',
      'prompt_ended',
    ])
    await rig.end()
  })
})

describe('a speech-to-speech session that moves', () => {
  it('makes a lost reply anew in the same turn, and tells of the new connection', async () => {
    const rig = createCallRig({ realtime: {}, settings: { conversation: { greeting: '' } } })
    rig.start()
    await rig.silence(100)
    const model = rig.realtime!.sessions[0]!
    model.emit({ type: 'speech-stopped', atMs: 80 })
    model.emit({ type: 'reply-started', replyId: 'a' })
    model.emit({ type: 'audio', itemId: 'ia', audio: new Uint8Array(800).fill(0x20) })
    model.emit({ type: 'reply-ended', replyId: 'a', reason: 'lost' })
    model.emit({ type: 'reconnected', reason: 'fault', tookMs: 200 })
    model.emit({ type: 'reply-started', replyId: 'b' })
    model.emit({ type: 'audio', itemId: 'ib', audio: new Uint8Array(800).fill(0x20) })
    model.emit({ type: 'agent-final', itemId: 'ib', text: 'Here I am.' })
    model.emit({ type: 'reply-ended', replyId: 'b', reason: 'done' })
    await rig.silence(1000)
    expect(rig.of('stt_rotated').map(({ fields }) => fields['reason'])).toEqual(['fault'])
    expect(rig.of('agent_said').map(({ fields }) => fields['turn'])).toEqual([1])
    expect(new Set(rig.of('reply_ended').map(({ fields }) => fields['turn']))).toEqual(new Set([1]))
    expect(rig.far.sent.filter(({ kind }) => kind === 'frame')).toHaveLength(10)
    await rig.end()
  })

  it('counts the wait of the caller from where the detector heard them end', async () => {
    const rig = createCallRig({ realtime: {}, settings: { conversation: { greeting: '' } } })
    rig.start()
    await rig.silence(300)
    const model = rig.realtime!.sessions[0]!
    model.speechStarted(0)
    await rig.speak(600)
    await rig.silence(500)
    // The model says that the turn ended just now, the pause included.
    model.speechStopped('hello', 0)
    await rig.silence(1000)
    const { turn_end_ms: turnEndMs } = rig.of('turn_latency')[0]!.fields
    expect(Number(turnEndMs)).toBeGreaterThan(400)
    expect(Number(turnEndMs)).toBeLessThan(600)
    await rig.end()
  })
})
