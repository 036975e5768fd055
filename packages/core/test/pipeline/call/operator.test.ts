import { describe, expect, it } from 'vitest'
import { createCallRig } from '../call-rig.ts'

const SILENT_FRAME = 0xff

function texts(rig: ReturnType<typeof createCallRig>): unknown[] {
  return rig.of('agent_said').map(({ private: said }) => said['text'])
}

/** The agent's frames that are not silence, by when they went out. */
function loudFrames(rig: ReturnType<typeof createCallRig>, fromMs = 0): number {
  return rig.far.sent.filter(
    (sent) =>
      sent.kind === 'frame' && sent.atMs >= fromMs && sent.bytes.some((byte) => byte !== SILENT_FRAME),
  ).length
}

describe('an operator', () => {
  it('has the agent say something once both are silent, and the model knows that it was said', async () => {
    const rig = createCallRig()
    const { control } = rig.start()
    await rig.silence(100)
    // The greeting is being spoken.
    expect(await control.act({ type: 'say', text: 'One moment please.' }, 'Dana')).toEqual({ done: true })
    expect(texts(rig)).toEqual(['Hello there.'])
    await rig.silence(4000)
    expect(texts(rig)).toEqual(['Hello there.', 'One moment please.'])
    expect(rig.of('interrupted')).toEqual([])
    expect(rig.of('operator_said')).toMatchObject([
      { fields: { by: 'Dana', at: 'turn' }, private: { text: 'One moment please.' } },
    ])
    await rig.speak(600)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'who was that' })
    await rig.silence(3000)
    expect(rig.llm.requests.at(-1)!.request.messages).toMatchObject([
      { role: 'system' },
      { role: 'assistant', content: 'Hello there. One moment please.' },
      { role: 'user', content: 'who was that' },
    ])
    await rig.end()
    expect(rig.time.pending()).toBe(0)
  })

  it('has it said at once in place of what is being said, to its end whatever the caller does', async () => {
    const rig = createCallRig({
      settings: { conversation: { greeting: 'A long greeting that goes on and on.' } },
    })
    const { control } = rig.start()
    await rig.silence(300)
    await control.act({ type: 'say', text: 'Stop there, please wait.', at: 'once' }, 'Dana')
    await rig.speak(900)
    await rig.silence(3000)
    expect(texts(rig).at(-1)).toBe('Stop there, please wait.')
    expect(rig.of('interrupted')).toHaveLength(1)
    expect(rig.of('prompt_ended')).toMatchObject([{ fields: { outcome: 'heard' } }])
    await rig.end()
  })

  it('is not spoken over a caller who has the word, and is not forgotten for that', async () => {
    const rig = createCallRig({ settings: { conversation: { greeting: '' } } })
    const { control } = rig.start()
    await rig.speak(400)
    await control.act({ type: 'say', text: 'By the way.' }, 'Dana')
    await rig.speak(400)
    expect(texts(rig)).toEqual([])
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'a question' })
    await rig.silence(5000)
    expect(texts(rig)).toEqual(['A fine answer.', 'By the way.'])
    await rig.end()
  })

  it('whispers to the model, which is told with its next request; nobody hears it', async () => {
    const rig = createCallRig({ settings: { conversation: { greeting: '' } } })
    const { control } = rig.start()
    await control.act({ type: 'whisper', text: 'Offer ten percent.' }, 'Dana')
    await rig.silence(1000)
    expect(rig.llm.requests).toEqual([])
    await rig.speak(600)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'too expensive' })
    await rig.silence(3000)
    expect(rig.llm.requests.at(-1)!.request.messages[0]).toMatchObject({
      role: 'system',
      content: expect.stringMatching(/^You answer\.\n\nA supervisor.*: Offer ten percent\.$/),
    })
    expect(texts(rig)).toEqual(['A fine answer.'])
    await rig.end()
  })

  it('interrupts as the caller would: what was heard is settled, and the caller is waited for', async () => {
    const rig = createCallRig({
      settings: {
        conversation: {
          greeting: 'One two three four five six seven eight nine ten.',
          idle: { afterMs: 4000, prompts: ['Still there?'], farewell: '' },
        },
      },
    })
    const { control } = rig.start()
    await rig.silence(800)
    await control.act({ type: 'interrupt' }, 'Dana')
    await rig.silence(500)
    const [cut] = rig.of('interrupted')
    expect(cut!.private['heard']).toMatch(/^One two/)
    expect(cut!.private['heard']).not.toContain('ten')
    expect(rig.far.sent.filter(({ kind }) => kind === 'clear')).toHaveLength(1)
    await rig.silence(4500)
    expect(texts(rig).at(-1)).toBe('Still there?')
    expect(await control.act({ type: 'interrupt' }, 'Dana')).toEqual({ done: true })
    await rig.end()
  })

  it('presses keys: tones to the far end, in the agent’s turn', async () => {
    const rig = createCallRig({ settings: { conversation: { greeting: '' } } })
    const { control } = rig.start()
    await rig.silence(100)
    expect(loudFrames(rig)).toBe(0)
    await control.act({ type: 'keys', digits: '12#' }, 'Dana')
    await rig.silence(1500)
    // Three times 100 ms of tone.
    expect(loudFrames(rig)).toBe(15)
    expect(rig.of('operator_pressed')).toMatchObject([{ private: { digits: '12#' } }])
    await control.act({ type: 'say', text: 'Done.' }, 'Dana')
    await rig.silence(2000)
    expect(texts(rig)).toEqual(['Done.'])
    await rig.end()
  })

  it('hangs up, and from then on all else is refused and told', async () => {
    const rig = createCallRig()
    const session = rig.start()
    await rig.silence(300)
    const { control } = session
    const race = await Promise.all([
      control.act({ type: 'say', text: 'Goodbye.' }, 'Dana'),
      control.act({ type: 'hang-up' }, 'Ron'),
      control.act({ type: 'hang-up' }, 'Dana'),
      control.act({ type: 'say', text: 'Too late.' }, 'Dana'),
    ])
    expect(race.map(({ done }) => done)).toEqual([true, true, false, false])
    await rig.wait(12_000)
    expect(await session.done).toMatchObject({ endedBy: 'operator' })
    expect(rig.of('operator_refused').map(({ fields }) => fields)).toEqual([
      { action: 'hang-up', by: 'Dana', why: 'call-over' },
      { action: 'say', by: 'Dana', why: 'call-over' },
    ])
    expect(await control.act({ type: 'mute', on: true }, 'Dana')).toMatchObject({ why: 'call-over' })
    // The call's record is closed by now: this one is a line of the log.
    expect(rig.names().at(-1)).toBe('call_ended')
    expect(rig.metrics.value('call_events_late_total', { event: 'operator_refused' })).toBe(1)
    expect(rig.log.find('🎧 OPERATOR: refused').at(-1)?.fields).toEqual({
      event: 'operator_refused',
      ...{ action: 'mute', by: 'Dana', why: 'call-over', late: true },
    })
    expect(rig.time.pending()).toBe(0)
  })

  it('fills neither log nor record by asking in a loop for what cannot be done', async () => {
    const rig = createCallRig()
    const { control } = rig.start()
    await rig.silence(300)
    const ask = (times: number, by: string) =>
      Promise.all(Array.from({ length: times }, () => control.act({ type: 'transfer', to: '+15550123' }, by)))
    await ask(100, 'a loop')
    const refusal = { action: 'transfer', by: 'a loop', why: 'cannot-do' }
    expect(rig.of('operator_refused').map(({ fields }) => fields)).toEqual(Array(5).fill(refusal))
    await rig.silence(1000)
    await ask(3, 'a loop')
    await ask(1, 'Dana')
    await rig.end()
    expect(
      rig
        .of('operator_refused')
        .map(({ fields }) => fields)
        .slice(5),
    ).toEqual([
      { ...refusal, left_out: 95 },
      // The last of the call, and what was left out before it.
      { ...refusal, by: 'Dana', left_out: 2 },
    ])
    expect(rig.names().at(-1)).toBe('call_ended')
    const line = '🎧 OPERATOR: refused'
    expect(rig.metrics.value('log_lines_left_out_total', { line })).toBe(98)
    await ask(100, 'a loop')
    expect(rig.log.find(line).length).toBeLessThan(13)
  })

  it('transfers the caller where the transport can, and is told where the carrier does not', async () => {
    const rig = createCallRig({
      call: { transferable: true, transfers: [{ error: new Error('no route') }] },
    })
    const session = rig.start()
    await rig.silence(300)
    expect(await session.control.act({ type: 'transfer', to: '+15550101' }, 'Dana')).toMatchObject({
      why: 'not-taken',
    })
    await rig.silence(300)
    expect(rig.far.ended).toBeUndefined()
    expect(await session.control.act({ type: 'transfer', to: '+15550102' }, 'Dana')).toEqual({ done: true })
    expect(rig.far.transferredTo).toBe('+15550102')
    await rig.wait(12_000)
    expect(await session.done).toMatchObject({ endedBy: 'transferred' })

    const cannot = createCallRig()
    const { control } = cannot.start()
    expect(await control.act({ type: 'transfer', to: '+15550101' }, 'Dana')).toMatchObject({
      why: 'cannot-do',
    })
    await cannot.end()
  })

  it('mutes the agent: silence goes out at the same pace, and none of it counts as heard', async () => {
    const words = 'One two three four five six seven eight nine ten.'
    const rig = createCallRig({
      settings: { conversation: { greeting: '' } },
      llm: { replies: [words, 'Again.'] },
    })
    const { control } = rig.start()
    const answer = async (text: string): Promise<void> => {
      await rig.speak(600)
      rig.stt.sessions[0]!.emit({ type: 'final', text })
    }
    await answer('count please')
    await rig.silence(1400)
    await control.act({ type: 'mute', on: true }, 'Dana')
    const mutedMs = rig.clock.nowMs()
    expect(control.look()).toMatchObject({ muted: true, speaking: 'nobody' })
    await rig.silence(5000)
    expect(loudFrames(rig, mutedMs + 20)).toBe(0)
    const [ended] = rig.of('reply_ended')
    expect(ended).toMatchObject({ fields: { outcome: 'heard' } })
    const heard = String(ended!.private['heard'])
    expect(words.startsWith(heard)).toBe(true)
    expect(heard).not.toContain('ten')
    expect(control.counters()['tx_muted_frames']).toBeGreaterThan(20)
    expect(control.counters()['tx_underruns']).toBe(0)

    await control.act({ type: 'mute', on: false }, 'Dana')
    await answer('once more')
    await rig.silence(4000)
    // The model, too, knows that the rest was not heard.
    expect(rig.llm.requests.at(-1)!.request.messages).toContainEqual({ role: 'assistant', content: heard })
    expect(rig.of('reply_ended').at(-1)!.private).toEqual({})
    expect(rig.names().filter((name) => name.startsWith('operator_'))).toEqual([
      'operator_muted',
      'operator_unmuted',
    ])
    await rig.end()
  })

  it('mutes what an operator has it say, and the greeting: what was muted was not heard', async () => {
    const words = 'One two three four five six seven eight nine ten.'
    const rig = createCallRig({ settings: { conversation: { greeting: words } } })
    const { control } = rig.start()
    const mutedFor = async (ms: number): Promise<void> => {
      await rig.silence(700)
      await control.act({ type: 'mute', on: true }, 'Dana')
      await rig.silence(ms)
      await control.act({ type: 'mute', on: false }, 'Dana')
      await rig.silence(5000)
    }
    await mutedFor(600)
    await control.act({ type: 'say', text: words, at: 'once' }, 'Dana')
    await mutedFor(600)
    await control.act({ type: 'say', text: 'All of it.', at: 'once' }, 'Dana')
    await rig.silence(4000)
    const ends = [...rig.of('greeting_end'), ...rig.of('prompt_ended')]
    expect(ends.map(({ fields }) => fields)).toEqual([
      { turn: 0, outcome: 'heard' },
      { turn: -1, outcome: 'heard' },
      { turn: -2, outcome: 'heard' },
    ])
    const [greeting, said, whole] = ends.map(({ private: told }) => told['heard'])
    for (const heard of [greeting, said]) {
      expect(words.startsWith(String(heard))).toBe(true)
      expect(String(heard).length).toBeLessThan(words.length)
      expect(String(heard)).not.toBe('')
    }
    expect(whole).toBeUndefined()
    await rig.end()
  })

  it('of what is replaced before its first frame nobody has heard anything', async () => {
    const rig = createCallRig({ settings: { conversation: { greeting: '' } }, tts: { firstAudioMs: 300 } })
    const { control } = rig.start()
    await rig.silence(500)
    await control.act({ type: 'say', text: 'Alpha alpha.', at: 'once' }, 'Dana')
    await rig.silence(20)
    await control.act({ type: 'say', text: 'Beta beta.', at: 'once' }, 'Dana')
    await rig.silence(4000)
    expect(rig.of('prompt_ended')).toMatchObject([
      { fields: { turn: -1, outcome: 'cancelled' }, private: { heard: '' } },
      { fields: { turn: -2, outcome: 'heard' }, private: {} },
    ])
    await rig.end()
  })

  it('sees who speaks and how much was heard, and hears both sides for as long as somebody listens', async () => {
    const rig = createCallRig({ settings: { conversation: { greeting: 'One two three four five six.' } } })
    const { control } = rig.start()
    const heard = { caller: 0, agent: 0, closed: 0 }
    await rig.silence(100)
    const stop = control.listen({
      onCallerAudio: () => void heard.caller++,
      onAgentFrame: () => void heard.agent++,
      onCleared: () => undefined,
      close: () => void heard.closed++,
    })
    await rig.silence(600)
    const look = control.look()
    expect(look).toMatchObject({ speaking: 'agent', underruns: 0, heard: { turn: 0 } })
    expect(look.heard!.chars).toBeGreaterThan(0)
    expect(look.heard!.chars).toBeLessThan('One two three four five six.'.length)
    expect(heard).toEqual({ caller: 30, agent: 30, closed: 0 })
    stop()
    stop()
    await rig.silence(200)
    expect(heard).toEqual({ caller: 30, agent: 30, closed: 1 })
    await rig.end()
  })

  it('may do most of it with a speech-to-speech model, and is told what it cannot', async () => {
    const rig = createCallRig({
      realtime: { detectsTurns: true },
      settings: { conversation: { greeting: '' } },
    })
    const session = rig.start()
    await rig.silence(300)
    const act = (action: Parameters<typeof session.control.act>[0]) => session.control.act(action, 'Dana')
    expect(await act({ type: 'say', text: 'One moment.' })).toEqual({ done: true })
    expect(await act({ type: 'whisper', text: 'Be brief.' })).toEqual({ done: true })
    expect(rig.realtime!.sessions[0]!.noted).toEqual(['Be brief.'])
    expect(await act({ type: 'keys', digits: '1' })).toEqual({ done: true })
    await rig.silence(2000)
    expect(rig.realtime!.sessions[0]!.said).toContain('One moment.')
    expect(await act({ type: 'hang-up' })).toEqual({ done: true })
    await rig.wait(12_000)
    expect(await session.done).toMatchObject({ endedBy: 'operator' })
  })

  it('presses keys behind what such a model is saying, not in the middle of a word', async () => {
    const rig = createCallRig({
      settings: { conversation: { greeting: '' } },
      realtime: { replies: [{ text: 'It is half past two.', audioMs: 900 }] },
    })
    const { control } = rig.start()
    await rig.wait(100)
    const model = rig.realtime!.sessions[0]!
    await rig.speak(300)
    model.speechStarted(300)
    await rig.silence(200)
    model.speechStopped('what is the time', 100)
    await rig.wait(20)
    const sent = rig.far.sent.length
    await control.act({ type: 'keys', digits: '1' }, 'Dana')
    await rig.wait(3000)
    const frames = rig.far.sent.slice(sent).filter((each) => each.kind === 'frame')
    const tones = frames.map(({ bytes }) => bytes.some((byte) => byte !== bytes[0]))
    expect(tones.filter(Boolean)).toHaveLength(5)
    // 45 frames of speech; those that went out before are not counted.
    expect(tones.indexOf(true)).toBeGreaterThan(35)
    await rig.end()
    expect(rig.time.pending()).toBe(0)
  })

  it('is told that a speech-to-speech model takes no notes, where it takes none', async () => {
    const rig = createCallRig({ realtime: { detectsTurns: true, soundAlone: true } })
    const session = rig.start()
    const whisper = () => session.control.act({ type: 'whisper', text: 'Be brief.' }, 'Dana')
    // Nobody knows it before the session is there: then it is told as an event.
    expect(await whisper()).toEqual({ done: true })
    await rig.silence(300)
    expect(rig.of('operator_refused').map(({ fields }) => fields)).toEqual([
      { action: 'whisper', by: 'operator', why: 'cannot-do' },
    ])
    expect(await whisper()).toMatchObject({ why: 'cannot-do' })
    await rig.end()
  })
})
