import { describe, expect, it } from 'vitest'
import { createCallRig, type CallRigOptions } from '../call-rig.ts'

type Model = Awaited<ReturnType<typeof answering>>['model']

const ANSWER = 'Well, there is a lot to say about that, and I will say all of it without a pause.'
const SILENT_START = { conversation: { greeting: '' } }

/** A caller has asked, and the model has been answering for so long. */
async function answering(options: CallRigOptions, forMs: number) {
  const rig = createCallRig({ ...options, realtime: { replies: [{ text: ANSWER }], ...options.realtime } })
  const { control } = rig.start()
  await rig.silence(500)
  const model = rig.realtime!.sessions[0]!
  model.speechStarted()
  await rig.speak(300)
  model.speechStopped('tell me', 0)
  await rig.silence(forMs)
  return { rig, model, control }
}

/** Frames that went out after the first `clear`. */
function afterClear(rig: ReturnType<typeof createCallRig>) {
  const at = rig.far.sent.findIndex(({ kind }) => kind === 'clear')
  return at < 0 ? [] : rig.far.sent.slice(at + 1).filter(({ kind }) => kind === 'frame')
}

describe('an interruption of a speech-to-speech model', () => {
  it.each([20, 60, 120, 400])(
    'by its own ear tells it what was heard, within a frame, with LEAD_MS %d',
    async (leadMs) => {
      const settings = { ...SILENT_START, txQueue: { leadMs } }
      const { rig, model } = await answering({ settings, vad: false }, 2010)
      model.speechStarted(300)
      await rig.speak(40)
      expect(model.interrupts).toHaveLength(1)
      const { heard } = model.interrupts[0]!
      expect(heard!.itemId).toBe('item-1')
      expect(Math.abs(heard!.heardMs - rig.far.heardMs())).toBeLessThanOrEqual(20)
      expect(rig.far.heardMs()).toBeGreaterThan(1500)
      await rig.silence(1000)
      expect(afterClear(rig)).toEqual([])
      const interrupted = rig.of('interrupted')[0]!
      expect(interrupted.fields['turn']).toBe(1)
      const heardText = String(interrupted.private['heard'])
      expect(ANSWER.startsWith(heardText)).toBe(true)
      const share = heard!.heardMs / (ANSWER.length * 60)
      expect(Math.abs(heardText.length - ANSWER.length * share)).toBeLessThan(12)
      await rig.end()
      expect(rig.time.pending()).toBe(0)
    },
  )

  it('by our detector comes after min_speech_ms of voice', async () => {
    const { rig, model } = await answering({ settings: SILENT_START }, 2000)
    const startedMs = rig.clock.nowMs()
    await rig.speak(500)
    expect(model.interrupts).toHaveLength(1)
    const afterMs = model.interrupts[0]!.atMs - startedMs
    expect(afterMs).toBeGreaterThanOrEqual(200)
    expect(afterMs).toBeLessThan(300)
    expect(Math.abs(model.interrupts[0]!.heard!.heardMs - rig.far.heardMs())).toBeLessThanOrEqual(20)
    await rig.end()
  })

  it('does not come of a noise shorter than min_speech_ms', async () => {
    const settings = { ...SILENT_START, stt: { vadHangoverMs: 60 } }
    const { rig, model } = await answering({ settings }, 2000)
    await rig.speak(60)
    await rig.silence(3500)
    expect(model.interrupts).toEqual([])
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    await rig.end()
  })

  it('never comes with barge-in off, whoever hears the caller', async () => {
    const settings = { conversation: { greeting: '', bargeIn: { mode: 'off' as const } } }
    const { rig, model } = await answering({ settings }, 2000)
    model.speechStarted(300)
    await rig.speak(600)
    await rig.silence(3500)
    expect(model.interrupts).toEqual([])
    expect(rig.far.sent.some(({ kind }) => kind === 'clear')).toBe(false)
    await rig.end()
  })

  it('spares a shielded greeting', async () => {
    const settings = { conversation: { greeting: 'Welcome to the house.', bargeIn: { greeting: false } } }
    const rig = createCallRig({ realtime: {}, settings })
    rig.start()
    await rig.silence(400)
    await rig.speak(600)
    await rig.silence(1500)
    expect(rig.realtime!.sessions[0]!.interrupts).toEqual([])
    expect(rig.of('greeting_end')[0]!.fields).toMatchObject({ outcome: 'heard' })
    await rig.end()
  })

  it('needs words in mode words', async () => {
    const settings = { conversation: { greeting: '', bargeIn: { mode: 'words' as const, minWords: 2 } } }
    const { rig, model } = await answering({ settings }, 1000)
    model.speechStarted(300)
    model.emit({ type: 'caller-partial', itemId: 'x', text: 'mm-hm' })
    await rig.speak(600)
    expect(model.interrupts).toEqual([])
    model.emit({ type: 'caller-partial', itemId: 'x', text: 'no stop' })
    await rig.speak(20)
    expect(model.interrupts).toHaveLength(1)
    await rig.end()
  })

  it('counts what was heard from the first byte of the item that was playing', async () => {
    const settings = { conversation: { greeting: 'Hello.' } }
    const { rig, model } = await answering({ settings }, 3000)
    const greetingFrames = Math.ceil(('Hello.'.length * 60) / 20)
    model.speechStarted(300)
    await rig.speak(40)
    const { heard } = model.interrupts[0]!
    expect(heard!.itemId).toBe('item-2')
    expect(Math.abs(heard!.heardMs - (rig.far.heardMs() - greetingFrames * 20))).toBeLessThanOrEqual(20)
    await rig.end()
  })

  it('before a word was heard tells of nothing heard', async () => {
    const replies = [{ text: ANSWER, afterMs: 600 }]
    const { rig, model } = await answering({ settings: SILENT_START, realtime: { replies } }, 500)
    expect(rig.far.sent).toEqual([])
    model.emit({ type: 'reply-started', replyId: 'early' })
    model.speechStarted(300)
    await rig.time.settle()
    expect(model.interrupts.map(({ heard }) => heard)).toEqual([undefined])
    await rig.end()
  })

  it('leaves nothing old on the line: what follows is the next answer from its first frame', async () => {
    const replies = [{ text: ANSWER }, { text: 'Of course.' }]
    const { rig, model } = await answering({ settings: SILENT_START, realtime: { replies } }, 1500)
    model.speechStarted(300)
    await rig.speak(400)
    model.speechStopped('stop please')
    await rig.silence(1500)
    const frames = afterClear(rig)
    expect(frames.map((sent) => sent.kind === 'frame' && sent.bytes[0])).toEqual(
      Array.from({ length: ('Of course.'.length * 60) / 20 }, (_, index) => index + 1),
    )
    expect(rig.of('turn_ended').map(({ fields }) => fields['turn'])).toEqual([1, 2])
    await rig.end()
  })

  it('takes back a hang-up whose farewell was not heard, and tells the model', async () => {
    const replies = [
      {
        text: 'So long, and thank you for calling.',
        toolCalls: [{ id: 'c1', name: 'hang_up', arguments: '{}' }],
      },
      { text: 'Yes?' },
    ]
    const { rig, model } = await answering({ settings: SILENT_START, realtime: { replies } }, 1000)
    model.speechStarted(300)
    await rig.speak(400)
    expect(model.toolResults.map(({ callId }) => callId)).toEqual(['c1'])
    await rig.silence(3000)
    expect(rig.far.ended).toBeUndefined()
    await rig.end()
  })

  it('keeps a reply that follows a tool from talking over the caller', async () => {
    const replies = [
      { text: 'Let me see.', toolCalls: [{ id: 'c1', name: 'look', arguments: '{}' }], audioMs: 3000 },
      { text: 'It is five.', afterMs: 200 },
    ]
    const { rig, model } = await answering({ settings: SILENT_START, realtime: { replies } }, 280)
    model.speechStarted(300)
    await rig.speak(1000)
    expect(model.interrupts.length).toBeGreaterThanOrEqual(1)
    expect(afterClear(rig)).toEqual([])
    await rig.end()
    expect(rig.time.pending()).toBe(0)
  })

  it('by a noise that was no turn leaves a caller who is asked again', async () => {
    const idle = { afterMs: 1500, prompts: ['Shall I go on?'], farewell: '' }
    const settings = { conversation: { greeting: '', idle } }
    const { rig, model } = await answering({ settings, realtime: { soundAlone: true } }, 1500)
    await rig.speak(400)
    expect(model.interrupts).toHaveLength(1)
    await rig.silence(2500)
    expect(model.said).toEqual(['Shall I go on?'])
    await rig.end()
    expect(rig.time.pending()).toBe(0)
  })

  describe('by a sound', () => {
    const replies = [{ text: ANSWER }, { text: 'As I was saying.' }]

    it('behind which nobody says anything is taken up again', async () => {
      const { rig, model } = await answering({ settings: SILENT_START, realtime: { replies } }, 1500)
      await rig.speak(400)
      expect(model.interrupts).toHaveLength(1)
      expect(model.resumedAtMs).toHaveLength(0)
      await rig.silence(3500)
      expect(model.resumedAtMs).toHaveLength(1)
      expect(rig.of('resumed').map(({ fields }) => fields['turn'])).toEqual([1])
      expect(rig.of('agent_said').map(({ private: { text } }) => text)).toContain('As I was saying.')
      expect(rig.of('turn_ended')).toHaveLength(1)
      await rig.end()
      expect(rig.time.pending()).toBe(0)
    })

    it('that comes again before it is taken up makes it wait', async () => {
      const { rig, model } = await answering({ settings: SILENT_START, realtime: { replies } }, 1500)
      await rig.speak(400)
      await rig.silence(500)
      await rig.speak(300)
      await rig.silence(500)
      expect(model.resumedAtMs).toHaveLength(0)
      await rig.silence(1000)
      expect(model.resumedAtMs).toHaveLength(1)
      await rig.end()
    })

    it.each([
      ['words', (model: Model) => model.emit({ type: 'caller-partial', itemId: 'x', text: 'wait' })],
      ['a turn', (model: Model) => model.emit({ type: 'speech-stopped', atMs: 2000 })],
    ])('behind which %s came is not', async (_what, said) => {
      const { rig, model } = await answering({ settings: SILENT_START, realtime: { replies } }, 1500)
      await rig.speak(400)
      said(model)
      await rig.silence(3000)
      expect(model.interrupts).toHaveLength(1)
      expect(model.resumedAtMs).toHaveLength(0)
      await rig.end()
    })

    it('is not where an operator stops the agent, too', async () => {
      const { rig, model, control } = await answering({ settings: SILENT_START, realtime: { replies } }, 1500)
      await rig.speak(400)
      expect(model.interrupts).toHaveLength(1)
      await control.act({ type: 'interrupt' }, 'Dana')
      await rig.silence(3500)
      expect(model.resumedAtMs).toHaveLength(0)
      await rig.end()
    })

    it('or a key is not', async () => {
      const { rig, model } = await answering({ settings: SILENT_START, realtime: { replies } }, 1500)
      await rig.speak(400)
      for (const key of '1#') rig.far.dtmf(key)
      await rig.silence(3000)
      expect(model.resumedAtMs).toHaveLength(0)
      expect(model.entered).toEqual(['1'])
      await rig.end()
    })
  })
})
