import { describe, expect, it } from 'vitest'
import { createCallRig, type CallRigOptions, frameIndexes } from '../call-rig.ts'

/** A call in which the caller asks twice, in three clauses each time. */
async function askTwice(options: CallRigOptions) {
  const rig = createCallRig({
    ...options,
    probes: true,
    settings: { conversation: { greeting: '', turns: { adaptive: false, preemptive: false } } },
  })
  rig.start()
  await rig.wait(100)
  for (let turn = 0; turn < 2; turn++) {
    await rig.speak(300)
    rig.stt.sessions.at(-1)!.emit({ type: 'final', text: 'tell me' })
    await rig.silence(12_000)
  }
  const outcome = await rig.end()
  expect(outcome.endedBy).toBe('caller')
  expect(rig.time.pending()).toBe(0)
  return rig
}

const REPLY = 'One short sentence here. Then a second one follows. And at last a third.'
type Rig = Awaited<ReturnType<typeof askTwice>>
const said = (rig: Rig) => rig.of('agent_said').map((event) => event.private['text'])
const firstFrames = (rig: Rig) =>
  rig.of('turn_latency').map(({ fields }) => Number(fields['first_frame_ms']) >= 3000)

describe('a provider that hangs', () => {
  it('as the first voice delays the first clause once, and no other', async () => {
    const rig = await askTwice({ tts: { stallsAfterBytes: 0 }, fallbackTts: {}, llm: { replies: [REPLY] } })
    expect(said(rig)).toEqual([...REPLY.split(/(?<=\.) /), ...REPLY.split(/(?<=\.) /)])
    expect(rig.of('tts_fell_back').map(({ fields }) => [fields['from'], fields['to']])).toEqual([
      ['fake', 'fallback'],
    ])
    expect(rig.of('tts_failed')).toEqual([])
    expect(firstFrames(rig)).toEqual([true, false])
    // Beside the one clause, probes alone.
    expect(rig.tts.requests.filter(({ request }) => request.callId !== 'probe')).toHaveLength(1)
  })

  it('as the first model delays the first turn once, and no other', async () => {
    const rig = await askTwice({
      llm: { replies: [{ stalls: true }] },
      fallbackLlm: { replies: [REPLY] },
    })
    expect(firstFrames(rig)).toEqual([true, false])
    expect(rig.of('llm_fell_back')).toHaveLength(1)
    expect(rig.llm.requests[0]!.abortedAtMs).toBeDefined()
    expect(rig.of('llm_failed')).toEqual([])
  })

  it.each([{ fallbackStt: {} }, {}])(
    'as the first opening of a recogniser loses no frame (%j)',
    async (more) => {
      const rig = createCallRig({ stt: { opening: [{ afterMs: Infinity }] }, ...more, probes: true })
      rig.start()
      await rig.speak(6000)
      const heard = (rig.fallback ?? rig.stt).sessions[0]!
      expect(frameIndexes(heard.audio())).toEqual(Array.from({ length: 300 }, (_, at) => at))
      expect(rig.of('stt_opening_hedged')).toHaveLength(1)
      expect(rig.of('stt_fell_back')).toHaveLength(rig.fallback ? 1 : 0)
      const outcome = await rig.end()
      expect(outcome.counters['rx_queue_dropped_frames']).toBe(0)
      expect(rig.time.pending()).toBe(0)
    },
  )
})
