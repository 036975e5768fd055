import { describe, expect, it } from 'vitest'
import { createCallRecorder } from '../../../src/telemetry/call-record.ts'
import { createCallRig } from '../call-rig.ts'

describe('what operators met on live lines', () => {
  it('a caller who says hello before the greeting is audible has a turn of their own', async () => {
    const rig = createCallRig({ tts: { firstAudioMs: 1500 } })
    rig.start()
    await rig.speak(400)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'hello' })
    await rig.silence(3000)
    expect(rig.llm.requests[0]!.request.messages.at(-1)).toEqual({ role: 'user', content: 'hello' })
    await rig.end()
  })

  it('a final that takes back what partials had said leaves nobody waiting', async () => {
    const rig = createCallRig({ llm: { replies: ['One two three four five six seven eight nine ten.'] } })
    rig.start()
    await rig.silence(1500)
    await rig.speak(500)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'count' })
    await rig.silence(1700)
    await rig.speak(300)
    rig.stt.sessions[0]!.emit({ type: 'partial', text: 'mm' })
    await rig.silence(300)
    rig.stt.sessions[0]!.emit({ type: 'final', text: '' })
    await rig.silence(12_000)
    expect(rig.of('reply_ended').at(-1)?.fields['outcome']).toBe('heard')
    await rig.end()
  })

  it('a far end that returns no marks does not hold up the hang-up', async () => {
    const rig = createCallRig({
      call: { returnMs: 3_600_000 },
      llm: { replies: [{ text: 'Goodbye.', toolCalls: [{ id: '1', name: 'hang_up', arguments: '{}' }] }] },
    })
    const session = rig.start()
    await rig.silence(6000)
    await rig.speak(500)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'bye' })
    await rig.silence(8000)
    expect(rig.far.ended).toBe('agent')
    await rig.wait(12_000)
    expect((await session.done).counters['tx_marks_missing']).toBeGreaterThan(0)
  })

  it('a call that ends in mid-reply is recorded with what was heard of it', async () => {
    const rig = createCallRig({ llm: { replies: ['One two three four five six seven eight nine ten.'] } })
    const recorder = createCallRecorder({ callId: 'CA1', pipeline: 'rig', startedAtWallMs: 0 })
    const session = rig.start()
    await rig.silence(1500)
    await rig.speak(500)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'count' })
    await rig.silence(2000)
    await rig.end()
    for (const event of rig.events) recorder.onEvent(event)
    const { transcript } = recorder.finish(await session.done)
    const last = transcript.at(-1)!
    expect(last.text).toMatch(/ten/)
    expect(last.heard).toMatch(/^One two/)
    expect(last.heard).not.toMatch(/ten/)
  })
})
