import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../../src/index.ts'
import { createCallRig, frameIndexes } from '../call-rig.ts'

describe('a call from connect to hang-up', () => {
  it('starts in the order that operators know', async () => {
    const rig = createCallRig()
    rig.start()
    await rig.wait(100)
    const lines = rig.log.entries.map((entry) => entry.message).filter((m) => !m.startsWith('['))
    expect(lines.slice(0, 6)).toEqual([
      '📞 CALL: started',
      '🎧 RX_WORKER: Started',
      '📡 TX_WORKER: Started',
      '🟢 STT_SESSION: init requested',
      '🔊 GREETING: queued',
      '🟢 STT_SESSION: ready',
    ])
    await rig.end()
  })

  it('answers a question, by the words at hand when the voice has stopped and nothing newer came', async () => {
    const rig = createCallRig()
    rig.start()
    await rig.silence(2000)
    expect(rig.names()).toContain('greeting_end')
    await rig.speak(800)
    rig.stt.sessions[0]!.emit({ type: 'partial', text: 'I lost my card' })
    await rig.silence(180 + 320 + 200)
    expect(rig.of('turn_ended').map((event) => event.private['text'])).toEqual(['I lost my card'])
    await rig.silence(2500)
    expect(rig.llm.requests).toHaveLength(1)
    expect(rig.llm.requests[0]!.request.messages).toEqual([
      { role: 'system', content: 'You answer.' },
      { role: 'assistant', content: 'Hello there.' },
      { role: 'user', content: 'I lost my card' },
    ])
    expect(rig.of('reply_ended').map((event) => event.fields['outcome'])).toEqual(['heard'])
    const latency = rig.of('turn_latency')[0]!.fields
    expect(latency['turn_end_ms']).toBeGreaterThanOrEqual(500)
    expect(latency['turn_end_ms']).toBeLessThan(600)
    const outcome = await rig.end()
    expect(outcome.endedBy).toBe('caller')
    expect(outcome.counters['tx_underruns']).toBe(0)
    expect(rig.of('stage_failed')).toEqual([])
    expect(rig.time.pending()).toBe(0)
  })

  it('gives STT every frame once and in order', async () => {
    const rig = createCallRig()
    rig.start()
    await rig.speak(3000)
    await rig.end()
    expect(frameIndexes(rig.stt.sessions[0]!.audio())).toEqual(Array.from({ length: 150 }, (_, i) => i))
  })

  it('is not over before a backlog was heard to its end, however long that takes', async () => {
    const lost = new ProviderError('network', 'the line broke')
    const rig = createCallRig({
      stt: {
        session: (index) => (index === 0 ? {} : { hears: () => 'my number is nine' }),
      },
    })
    rig.start()
    for (let at = 0; at < 24_000; at += 2000) {
      await rig.speak(2000)
      rig.stt.sessions[0]!.emit({ type: 'partial', text: 'my number' })
    }
    expect(rig.stt.sessions).toHaveLength(1)
    rig.stt.sessions[0]!.fail(lost)
    const outcome = await rig.end()
    expect(frameIndexes(rig.stt.sessions[1]!.audio())).toEqual(Array.from({ length: 1200 }, (_, i) => i))
    expect(rig.of('final').map((event) => event.private['text'])).toEqual(['my number is nine'])
    expect(outcome.counters).toMatchObject({ rx_unheard_frames: 0, stt_replay_overflow_bytes: 0 })
    expect(rig.of('stt_last_words_unheard')).toEqual([])
    expect(rig.time.pending()).toBe(0)
  })

  it('lets the model end the call once its farewell was heard', async () => {
    const rig = createCallRig({
      llm: { replies: [{ text: 'Goodbye.', toolCalls: [{ id: '1', name: 'hang_up', arguments: '{}' }] }] },
    })
    const session = rig.start()
    await rig.silence(1500)
    await rig.speak(600)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'bye' })
    await rig.silence(800)
    expect(rig.far.ended).toBeUndefined()
    await rig.silence(1500)
    expect(rig.far.ended).toBe('agent')
    await rig.wait(6000)
    expect((await session.done).endedBy).toBe('agent')
    expect(rig.time.pending()).toBe(0)
  })

  it('stops for a caller who speaks over it, and remembers only what was heard', async () => {
    const rig = createCallRig({
      llm: { replies: ['One two three four five six seven eight nine ten eleven twelve.'] },
    })
    rig.start()
    await rig.silence(1500)
    await rig.speak(600)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'count' })
    await rig.silence(1700)
    await rig.speak(400)
    expect(rig.names()).toContain('paused')
    rig.stt.sessions[0]!.emit({ type: 'partial', text: 'stop please' })
    await rig.speak(40)
    const [event] = rig.of('interrupted')
    expect(event?.private['heard']).toMatch(/^One two/)
    expect(event?.private['heard']).not.toContain('twelve')
    const clearAt = rig.far.sent.findIndex((sent) => sent.kind === 'clear')
    expect(rig.far.sent.slice(clearAt + 1).filter((sent) => sent.kind !== 'clear')).toEqual([])
    await rig.end()
  })
})
