import { describe, expect, it } from 'vitest'
import { type CallRigOptions, createCallRig } from '../call-rig.ts'

/** From the last voice until it is found to be over: the hangover, and the rest of a batch. */
const FOUND_SILENT_MS = 192

async function onCall(by: 'stt' | 'rules' | 'vad', options: CallRigOptions = {}) {
  const rig = createCallRig({
    llm: { preemptive: true, replies: ['It is nine o’clock.'] },
    stt: { detectsTurns: true },
    ...options,
    settings: { conversation: { greeting: '', turns: { by } } },
  })
  rig.start()
  await rig.silence(100)
  const stt = () => rig.stt.sessions.at(-1)!
  const turns = () => rig.of('turn_ended').map(({ private: words }) => words['text'])
  return { ...rig, stt, turns }
}

describe('turns.by: stt', () => {
  it('answers as soon as the recogniser is sure, in the middle of what the rules would wait for', async () => {
    const rig = await onCall('stt')
    await rig.speak(400)
    rig.stt().emit({ type: 'final', text: 'what time is it and' })
    rig.stt().emit({ type: 'turn-ended' })
    await rig.silence(40)
    expect(rig.turns()).toEqual(['what time is it and'])
    expect(rig.of('turn_end_missed')).toEqual([])
    await rig.end()
    for (const { fields } of rig.of('turn_latency')) expect(fields['turn_end_ms']).toBeGreaterThanOrEqual(0)
  })

  it('adopts the reply that was begun on an end that was not sure', async () => {
    const rig = await onCall('stt')
    await rig.speak(400)
    rig.stt().emit({ type: 'partial', text: 'what time is it' })
    rig.stt().emit({ type: 'turn-ended', probability: 0.6 })
    await rig.speak(40)
    expect(rig.llm.requests).toHaveLength(1)
    expect(rig.turns()).toEqual([])
    rig.stt().emit({ type: 'final', text: 'What time is it?' })
    rig.stt().emit({ type: 'turn-ended' })
    await rig.silence(40)
    expect(rig.turns()).toEqual(['What time is it?'])
    expect(rig.llm.requests).toHaveLength(1)
    await rig.end()
  })

  it('gives that reply up when the caller goes on after all', async () => {
    const rig = await onCall('stt')
    await rig.speak(400)
    rig.stt().emit({ type: 'partial', text: 'what time is it' })
    rig.stt().emit({ type: 'turn-ended', probability: 0.6 })
    await rig.speak(40)
    rig.stt().emit({ type: 'turn-resumed' })
    await rig.speak(200)
    expect(rig.of('prepared_discarded')).toHaveLength(1)
    rig.stt().emit({ type: 'final', text: 'what time is it in Tokyo' })
    rig.stt().emit({ type: 'turn-ended' })
    await rig.silence(40)
    expect(rig.turns()).toEqual(['what time is it in Tokyo'])
    await rig.end()
  })

  it('leaves nobody unanswered whose end it does not tell: after `stt_wait_ms`, and soon by the rules', async () => {
    const rig = await onCall('stt')
    const says = async (text: string, silenceMs: number) => {
      await rig.speak(400)
      rig.stt().emit({ type: 'final', text })
      await rig.silence(silenceMs)
    }
    await says('what time is it', 2000)
    expect(rig.turns()).toEqual([])
    await rig.silence(5000)
    expect(rig.turns()).toHaveLength(1)
    await says('and in Tokyo it is', 8000)
    expect(rig.turns()).toHaveLength(2)
    expect(rig.of('turn_end_missed')).toHaveLength(2)
    await says('thank you very much', 1000)
    expect(rig.turns()).toHaveLength(3)
    expect(rig.of('turn_end_missed')).toHaveLength(2)
    expect(rig.metrics.value('call_events_total', { event: 'turn_end_missed' })).toBe(2)
    await rig.end()
  })

  it('goes by the rules where the recogniser that hears the call judges no turns', async () => {
    const rig = await onCall('stt', { stt: {} })
    await rig.speak(400)
    rig.stt().emit({ type: 'final', text: 'what time is it over there' })
    await rig.silence(800)
    expect(rig.turns()).toHaveLength(1)
    expect(rig.of('turn_end_missed')).toEqual([])
    await rig.end()
  })
})

describe('what a recogniser says of turns', () => {
  it('shortens the wait by turns.by: rules, and is nothing by vad', async () => {
    const waited: Record<string, number> = {}
    for (const by of ['rules', 'vad'] as const) {
      const rig = await onCall(by)
      await rig.speak(400)
      rig.stt().emit({ type: 'final', text: 'I would fly to Boston' })
      rig.stt().emit({ type: 'turn-ended' })
      await rig.silence(1000)
      waited[by] = Number(rig.of('turn_latency')[0]!.fields['turn_end_ms'])
      await rig.end()
    }
    expect(waited['rules']).toBe(FOUND_SILENT_MS + 120)
    expect(waited['vad']).toBe(FOUND_SILENT_MS + 320)
  })

  it('makes silence alone decide by vad: the words do not lengthen the wait', async () => {
    const rig = await onCall('vad')
    await rig.speak(400)
    rig.stt().emit({ type: 'final', text: 'I would like to go to' })
    await rig.silence(1000)
    expect(rig.of('turn_latency')[0]!.fields['turn_end_ms']).toBe(FOUND_SILENT_MS + 320)
    await rig.end()
  })
})
