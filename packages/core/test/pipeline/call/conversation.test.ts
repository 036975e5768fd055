import { describe, expect, it } from 'vitest'
import { createCallRig, type CallRigOptions } from '../call-rig.ts'

const LONG = 'One two three four five six seven eight nine ten eleven twelve thirteen fourteen.'

/** A call whose greeting is over and whose caller has asked for something. */
async function asked(options: CallRigOptions = {}, words = 'count') {
  const rig = createCallRig({ llm: { replies: [LONG, 'As you like.'] }, ...options })
  rig.start()
  await rig.silence(1500)
  await rig.speak(600)
  rig.stt.sessions[0]!.emit({ type: 'final', text: words })
  return rig
}

describe('interruption', () => {
  it('goes on from where the caller last heard it when a noise had no words', async () => {
    const rig = await asked()
    await rig.silence(1800)
    await rig.speak(300)
    const [paused] = rig.of('paused')
    expect(paused?.private['heard']).toMatch(/^One two/)
    await rig.silence(180 + 700 + 100)
    expect(rig.of('resumed')).toHaveLength(1)
    await rig.silence(8000)
    expect(rig.of('reply_ended').map((event) => event.fields['outcome'])).toEqual(['heard'])
    const heard = String(paused?.private['heard'])
    const said = rig.tts.requests.map((request) => request.request.text)
    expect(`${heard} ${said.at(-1)}`).toBe(LONG)
    await rig.end()
  })

  it('puts only what was heard of the reply into the model’s context', async () => {
    const rig = await asked()
    await rig.silence(1800)
    await rig.speak(400)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'stop please' })
    await rig.silence(900)
    const { messages } = rig.llm.requests.at(-1)!.request
    const [assistant, user] = messages.slice(-2)
    expect(user).toEqual({ role: 'user', content: 'stop please' })
    expect(assistant!.role).toBe('assistant')
    expect(LONG.startsWith((assistant as { content: string }).content)).toBe(true)
    expect((assistant as { content: string }).content.length).toBeLessThan(LONG.length)
    await rig.end()
  })

  it('reaches the wire within 60 ms and min_speech_ms of the onset', async () => {
    const rig = await asked()
    await rig.silence(1800)
    const onsetMs = rig.clock.nowMs()
    await rig.speak(500)
    const clear = rig.far.sent.find((sent) => sent.kind === 'clear')
    expect(clear!.atMs - onsetMs).toBeLessThanOrEqual(260)
    await rig.end()
  })

  it('by words alone: voice does not stop the agent, two words do', async () => {
    const bargeIn = { mode: 'words' as const }
    const rig = await asked({ settings: { conversation: { bargeIn } } })
    await rig.silence(1800)
    await rig.speak(600)
    expect(rig.names()).not.toContain('paused')
    rig.stt.sessions[0]!.emit({ type: 'partial', text: 'wait' })
    await rig.speak(100)
    expect(rig.of('interrupted')).toHaveLength(0)
    rig.stt.sessions[0]!.emit({ type: 'partial', text: 'wait a moment' })
    await rig.speak(40)
    expect(rig.of('interrupted')).toHaveLength(1)
    await rig.end()
  })

  it('off: what the caller says over the agent is answered when the agent has finished', async () => {
    const rig = await asked({ settings: { conversation: { bargeIn: { mode: 'off' } } } })
    await rig.silence(1800)
    await rig.speak(600)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'what about tomorrow' })
    await rig.silence(1000)
    expect(rig.llm.requests).toHaveLength(1)
    await rig.silence(6000)
    expect(rig.llm.requests).toHaveLength(2)
    expect(rig.far.sent.some((sent) => sent.kind === 'clear')).toBe(false)
    await rig.end()
  })
})

describe('end of turn', () => {
  it('answers a short word that comes after the voice has stopped', async () => {
    const rig = createCallRig()
    rig.start()
    await rig.silence(1500)
    await rig.speak(200)
    await rig.silence(700)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'yes' })
    await rig.silence(600)
    expect(rig.of('turn_ended').map((event) => event.private['text'])).toEqual(['yes'])
    await rig.end()
  })

  it('starts the reply anew when a late final changes the words before anything was heard', async () => {
    const rig = createCallRig({ llm: { replies: [{ text: 'One.', firstTokenMs: 500 }, 'Two.'] } })
    rig.start()
    await rig.silence(1500)
    await rig.speak(600)
    rig.stt.sessions[0]!.emit({ type: 'partial', text: 'call my mother' })
    await rig.silence(600)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'call my brother' })
    await rig.silence(2500)
    expect(rig.llm.requests.map(({ request }) => request.messages.at(-1))).toEqual([
      { role: 'user', content: 'call my mother' },
      { role: 'user', content: 'call my brother' },
    ])
    expect(rig.llm.requests[0]!.abortedAtMs).toBeDefined()
    expect(rig.of('reply_ended')).toHaveLength(1)
    await rig.end()
  })

  it('takes what comes before the answer was heard as the same turn', async () => {
    const rig = createCallRig({ llm: { replies: [{ text: 'One.', firstTokenMs: 900 }, 'Two.'] } })
    rig.start()
    await rig.silence(1500)
    await rig.speak(600)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'I want a table' })
    await rig.silence(600)
    await rig.speak(500)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'for four people' })
    await rig.silence(2500)
    expect(rig.llm.requests.at(-1)!.request.messages.filter(({ role }) => role === 'user')).toEqual([
      { role: 'user', content: 'I want a table for four people' },
    ])
    await rig.end()
  })

  it('prepares the reply when the voice stops, and lets nothing be heard before the turn has ended', async () => {
    const rig = createCallRig({ llm: { preemptive: true, replies: ['Quick.'] } })
    rig.start()
    await rig.silence(1500)
    await rig.speak(600)
    rig.stt.sessions[0]!.emit({ type: 'partial', text: 'hello' })
    const framesBefore = rig.far.sent.length
    await rig.silence(300)
    expect(rig.llm.requests).toHaveLength(1)
    expect(rig.tts.requests.at(-1)!.request.text).toBe('Quick.')
    expect(rig.far.sent.length).toBe(framesBefore)
    await rig.silence(400)
    expect(rig.llm.requests).toHaveLength(1)
    expect(rig.far.sent.length).toBeGreaterThan(framesBefore)
    await rig.end()
  })

  it('counts what was prepared in vain', async () => {
    const rig = createCallRig({ llm: { preemptive: true, replies: ['Quick answer.', 'Real answer.'] } })
    rig.start()
    await rig.silence(1500)
    await rig.speak(600)
    rig.stt.sessions[0]!.emit({ type: 'partial', text: 'hello' })
    await rig.silence(300)
    rig.stt.sessions[0]!.emit({ type: 'partial', text: 'hello there you' })
    await rig.silence(2500)
    expect(rig.metrics.value('llm_prepared_tokens_discarded_total')).toBe(2)
    expect(rig.of('reply_ended')).toHaveLength(1)
    expect(rig.llm.requests.at(-1)!.request.messages.at(-1)).toEqual({
      role: 'user',
      content: 'hello there you',
    })
    await rig.end()
  })
})

describe('the quiet', () => {
  it('asks an idle caller again, then says goodbye and hangs up', async () => {
    const idle = { afterMs: 2000, prompts: ['Still there?'], farewell: 'Goodbye then.' }
    const rig = createCallRig({ settings: { conversation: { idle } } })
    const session = rig.start()
    await rig.silence(12_000)
    expect(rig.tts.requests.map(({ request }) => request.text)).toEqual([
      'Hello there.',
      'Still there?',
      'Goodbye then.',
    ])
    expect((await session.done).endedBy).toBe('agent')
  })
})
