import { describe, expect, it } from 'vitest'
import { createCallRecorder } from '../../../src/telemetry/call-record.ts'
import { createCallRig } from '../call-rig.ts'

const REPLY = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ') + '.'
const OUTCOME = { durationMs: 1, endedBy: 'hang-up', counters: {} }

/** A caller asks at 0.1 s; the agent gives a long answer. */
async function answering() {
  const rig = createCallRig({
    llm: { replies: [REPLY, 'All right.'] },
    settings: { conversation: { greeting: '', bargeIn: { duckDb: 0, minSpeechMs: 200 } } },
  })
  rig.start()
  await rig.silence(100)
  await rig.speak(600)
  const hear = (text: string): void => rig.stt.sessions.at(-1)!.emit({ type: 'final', text })
  hear('tell me all')
  await rig.silence(3000)
  const voice = () => {
    const recorder = createCallRecorder({ callId: 'CA1', pipeline: 'desk', startedAtWallMs: 0 })
    for (const event of rig.events) recorder.onEvent(event)
    return recorder.finish(OUTCOME)
  }
  return { ...rig, hear, voice }
}

describe('the record of a call', () => {
  it('says when each side was heard', async () => {
    const rig = await answering()
    await rig.end()
    const { voice, events } = rig.voice()
    expect(voice.caller).toHaveLength(1)
    const [asked] = voice.caller
    // As the detector hears it: in windows of 32 ms.
    expect(asked!.startMs).toBeGreaterThanOrEqual(60)
    expect(asked!.startMs).toBeLessThanOrEqual(160)
    expect(Math.abs(asked!.endMs - 700)).toBeLessThanOrEqual(64)
    expect(voice.agent).toHaveLength(1)
    expect(voice.agent[0]!.startMs).toBeGreaterThan(asked!.endMs)
    // One line for both would be two truths.
    expect(events.map(({ event }) => event)).not.toContain('agent_voice')
  })

  it('says that the agent fell silent when it was interrupted, not when it had sent its words', async () => {
    const rig = await answering()
    await rig.speak(600)
    rig.hear('no wait')
    await rig.silence(100)
    const clearedMs = rig.of('paused')[0]!.atMs
    await rig.silence(2000)
    await rig.end()
    const { voice } = rig.voice()
    expect(voice.agent.length).toBeGreaterThanOrEqual(2)
    const [cut] = voice.agent
    expect(cut!.endMs).toBeLessThanOrEqual(clearedMs + 10)
    expect(cut!.endMs).toBeGreaterThan(voice.caller[1]!.startMs)
  })

  it('holds what was being said when the caller hung up', async () => {
    const rig = await answering()
    await rig.speak(150)
    const heardMs = rig.clock.nowMs()
    await rig.end()
    const { voice } = rig.voice()
    expect(voice.caller).toHaveLength(2)
    expect(voice.caller[1]!.endMs).toBeLessThanOrEqual(heardMs)
  })
})
