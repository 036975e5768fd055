import { describe, expect, it } from 'vitest'
import { decodeMulaw, encodeMulaw } from '../../../src/audio/g711.ts'
import { createCallTelemetry, createFrameClock, createVadTap, startCallSession } from '../../../src/host.ts'
import type { CallEvent } from '../../../src/host.ts'
import { MULAW_8K, type TtsProvider } from '../../../src/index.ts'
import {
  createFakeCall,
  createFakeClock,
  createFakeLlm,
  createFakeStt,
  createFakeVad,
  createTestLogger,
  createTestMetrics,
  testStages,
} from '../../../src/testing/index.ts'
import { RIG_SETTINGS } from '../call-rig.ts'
import { speechLike } from '../hearing/echo/speech-like.ts'

const REPLY =
  'There are three plans that would fit you, the small one has ten gigabytes and costs twelve a month.'

/** A voice that goes up and down, as one does whose echo can be known. */
const VOICE: TtsProvider = {
  produces: [MULAW_8K],
  async *speak({ text }) {
    yield encodeMulaw(speechLike(text.length * 70, text.length))
  },
  close: async () => {},
}

/** A call whose line gives the agent back, 12 dB softer and 300 ms late, on a long reply that is being heard. */
async function answering(echo: 'auto' | 'off' = 'auto') {
  const { clock, advance } = createFakeClock()
  const events: CallEvent[] = []
  const frameClock = createFrameClock(clock)
  const far = createFakeCall({ clock, id: 'CA1' })
  const llm = createFakeLlm({ clock, replies: [REPLY, 'All right.'] })
  const stt = createFakeStt({ clock })
  const metrics = createTestMetrics()
  const log = createTestLogger()
  const { conversation } = RIG_SETTINGS
  const session = startCallSession({
    call: far.call,
    settings: {
      ...RIG_SETTINGS,
      conversation: {
        ...conversation,
        greeting: 'How can I help you today?',
        bargeIn: { ...conversation.bargeIn, duckDb: 18, minSpeechMs: 900, echo },
      },
    },
    stages: {
      ...testStages(
        {
          stt: [{ name: 'fake', provider: stt.provider }],
          llm: [{ name: 'fake', provider: llm.provider }],
          tts: [{ name: 'voice', provider: VOICE }],
        },
        { clock, metrics, log },
      ),
      vad: createVadTap(createFakeVad({ voiceRms: 60 }).provider, frameClock, clock),
    },
    clock,
    frameClock,
    telemetry: createCallTelemetry({ log, metrics, clock, onEvent: (event) => events.push(event) }),
    taps: [],
  })
  const startedMs = clock.nowMs()

  /** What the far end played at this moment. */
  function playedAt(atMs: number): Int16Array {
    const frame = far.sent.findLast((sent) => sent.kind === 'frame' && sent.playsAtMs <= atMs + 1)
    if (frame?.kind !== 'frame' || frame.playsAtMs + 20 <= atMs + 1) return new Int16Array(160)
    return decodeMulaw(frame.bytes)
  }

  async function listen(ms: number, caller: Int16Array = new Int16Array(0)): Promise<void> {
    for (let atMs = 0; atMs < ms; atMs += 20) {
      const echoed = playedAt(clock.nowMs() - 300)
      far.media(encodeMulaw(echoed.map((sample, n) => sample * 0.25 + (caller[atMs * 8 + n] ?? 0))))
      await advance(20)
    }
  }
  const hear = (type: 'partial' | 'final', text: string): void => stt.sessions.at(-1)!.emit({ type, text })
  const of = (name: string) => events.filter(({ event }) => event === name)

  await listen(3000)
  await listen(600, speechLike(600, 50, -15))
  hear('final', 'tell me all')
  await listen(2500)
  return {
    listen,
    hear,
    of,
    ms: () => clock.nowMs() - startedMs,
    async end() {
      far.hangUp()
      await advance(12_000)
      return session.done
    },
  }
}

describe('a line that gives the agent’s voice back', () => {
  it('does not stop it, by sound or by words', async () => {
    const rig = await answering()
    expect(rig.of('echo_found').map(({ fields }) => fields)).toEqual([
      { delay_ms: expect.any(Number), level_db: -12 },
    ])
    expect(Math.abs((rig.of('echo_found')[0]!.fields['delay_ms'] as number) - 300)).toBeLessThan(30)
    rig.hear('partial', 'there are three')
    rig.hear('partial', 'there are three plans')
    await rig.listen(500)
    rig.hear('final', 'There are three plants.')
    await rig.listen(6000)
    for (const stopped of ['paused', 'interrupted']) expect(rig.of(stopped)).toEqual([])
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    expect(rig.of('words_overheard')).toHaveLength(3)
    await rig.end()
  })

  it('stops it where it is not looked for', async () => {
    const rig = await answering('off')
    rig.hear('partial', 'there are three')
    await rig.listen(100)
    expect(rig.of('interrupted')).toHaveLength(1)
    expect(rig.of('echo_found')).toEqual([])
    await rig.end()
  })

  it('does not hide a caller, also one who says the agent’s words', async () => {
    for (const words of ['no wait', 'there are three plans']) {
      const rig = await answering()
      await rig.listen(500, speechLike(500, 60, -18))
      rig.hear('partial', words)
      await rig.listen(40)
      expect(rig.of('interrupted')).toHaveLength(1)
      await rig.end()
    }
  })
})
