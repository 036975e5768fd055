import { afterEach, describe, expect, it } from 'vitest'
import { MULAW_8K, ProviderError } from '../../../src/index.ts'
import { type CallTap, createBackground } from '../../../src/host.ts'
import { fakeSpeech } from '../../../src/testing/fakes/fake-speech.ts'
import type { FakeReply, FakeVoice } from '../../../src/testing/index.ts'
import { createCallRig, type CallRigOptions } from '../call-rig.ts'

const NETWORK = new ProviderError('network', 'the line broke')
const FALLBACK = 'Sorry, say that again.'

let rejections: unknown[] = []
const note = (reason: unknown): void => void rejections.push(reason)
process.on('unhandledRejection', note)
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve))
  expect(rejections).toEqual([])
  rejections = []
})

/** A call up to the moment the caller has asked something, and the agent has had time to answer. */
async function askOnce(options: CallRigOptions, answerMs = 3500) {
  const rig = createCallRig(options)
  rig.start()
  await rig.silence(1200)
  await ask(rig, answerMs)
  return rig
}
type Rig = Awaited<ReturnType<typeof askOnce>>

async function ask(rig: Rig, answerMs: number): Promise<void> {
  await rig.speak(600)
  rig.stt.sessions.at(-1)?.emit({ type: 'final', text: 'what is the time now' })
  await rig.silence(answerMs)
}

/** The caller hangs up: everything closes, nothing is left, no stage had broken, and no fault was told twice. */
async function expectCleanEnd(rig: Rig): Promise<void> {
  const outcome = await rig.end()
  expect(outcome.endedBy).toBe('caller')
  expect(rig.of('stage_failed')).toEqual([])
  expect(rig.of('call_ended')).toHaveLength(1)
  expect(rig.time.pending()).toBe(0)
  expect(rig.far.ignored).toBe(0)
  expect(rig.stt.sessions.every((session) => session.closed)).toBe(true)
}

const spoken = (rig: Rig): string[] => rig.tts.requests.map(({ request }) => request.text)

describe('a model that fails', () => {
  it.each<[string, FakeReply]>([
    ['at once', { error: NETWORK }],
    ['in the middle', { text: 'The time is, ', error: NETWORK }],
    ['by throwing synchronously', { error: NETWORK, throwsSynchronously: true }],
    ['by saying nothing at all', { stalls: true }],
    ['by stalling in the middle', { text: 'The time is, ', stalls: true }],
    ['with an empty answer', {}],
    ['with an answer that is cut off', { text: 'The time is, ', ends: false }],
  ])(
    '%s is told of once; the caller hears the fallback line and is answered the next time',
    async (_how, bad) => {
      const rig = await askOnce({ llm: { replies: [bad, 'Half past two.'] } }, 9000)
      expect(rig.of('llm_failed')).toHaveLength(1)
      expect(spoken(rig)).toContain(FALLBACK)
      await ask(rig, 3000)
      expect(spoken(rig).at(-1)).toBe('Half past two.')
      expect(rig.of('reply_ended').at(-1)?.fields['outcome']).toBe('heard')
      await expectCleanEnd(rig)
    },
  )
})

describe('a voice that fails', () => {
  /** The first request after the greeting misbehaves; later ones do not. */
  const once = (bad: FakeVoice, times = 1): CallRigOptions => ({
    tts: { voice: (_request, index) => (index > 0 && index <= times ? bad : undefined) },
  })

  it('before its first audio is asked again, and the caller notices nothing', async () => {
    const rig = await askOnce(once({ error: NETWORK, errorAfterBytes: 0 }))
    expect(spoken(rig)).toEqual(['Hello there.', 'A fine answer.', 'A fine answer.'])
    expect(rig.of('reply_ended').at(-1)?.fields['outcome']).toBe('heard')
    await expectCleanEnd(rig)
  })

  it.each<[string, FakeVoice, number]>([
    ['in the middle', { error: NETWORK, errorAfterBytes: 3333 }, 1],
    ['by throwing synchronously, twice', { error: NETWORK, throwsSynchronously: true }, 2],
    ['by stalling in the middle', { stallsAfterBytes: 3333 }, 1],
    ['by saying nothing, twice', { stallsAfterBytes: 0 }, 2],
    ['with no audio, twice', { msPerCharacter: 0 }, 2],
  ])('%s is replaced by the fallback line, and the call goes on', async (_how, bad, times) => {
    const rig = await askOnce(once(bad, times), 10_000)
    expect(rig.of('tts_failed')).toHaveLength(times)
    expect(spoken(rig).at(-1)).toBe(FALLBACK)
    await ask(rig, 3000)
    expect(spoken(rig).at(-1)).toBe('A fine answer.')
    await expectCleanEnd(rig)
  })

  it('for the whole call leaves the caller in a call that still ends cleanly', async () => {
    const rig = await askOnce({ tts: { error: NETWORK, errorAfterBytes: 0 } })
    expect(rig.far.sentAudio()).toHaveLength(0)
    await ask(rig, 3000)
    await expectCleanEnd(rig)
  })

  it.each<[string, FakeVoice]>([
    ['odd chunks', { chunkBytes: [1, 333, 7, 161] }],
    ['a WAV header', { wavHeader: true, chunkBytes: [3, 500] }],
    ['a WAV header and one byte at a time', { wavHeader: true, chunkBytes: 1 }],
  ])('with %s is heard without a click', async (_what, voice) => {
    const rig = createCallRig({ tts: voice })
    rig.start()
    await rig.silence(1500)
    const clean = Buffer.alloc(36 * 160, 0xff)
    clean.set(fakeSpeech('Hello there.', MULAW_8K))
    expect(Buffer.from(rig.far.sentAudio()).equals(clean)).toBe(true)
    await expectCleanEnd(rig)
  })

  it('with samples cut in two is converted without noise', async () => {
    const pcm = { encoding: 'linear16', sampleRateHz: 24000 } as const
    const sent = []
    for (const chunkBytes of [[1, 333, 7, 161], [96_000]]) {
      const rig = createCallRig({ tts: { produces: [pcm], chunkBytes } })
      rig.start()
      await rig.silence(1500)
      sent.push(Buffer.from(rig.far.sentAudio()))
      await expectCleanEnd(rig)
    }
    expect(sent[0]!.length).toBe(36 * 160)
    expect(sent[0]!.equals(sent[1]!)).toBe(true)
  })
})

describe('a recogniser that fails', () => {
  it('by never opening leaves the greeting and the call as they are', async () => {
    const rig = createCallRig({ stt: { opening: { afterMs: Infinity } } })
    rig.start()
    await rig.silence(8000)
    expect(rig.of('greeting_end')[0]?.fields['outcome']).toBe('heard')
    await expectCleanEnd(rig)
  })

  it('by opening 3.9 s late hears the first word all the same', async () => {
    const rig = createCallRig({ stt: { opening: { afterMs: 3900 } } })
    rig.start()
    await rig.speak(3900)
    await rig.silence(1500)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'hello' })
    await rig.silence(2500)
    expect(rig.of('reply_ended')).toHaveLength(1)
    const outcome = await rig.end()
    expect(outcome.counters['rx_queue_dropped_frames']).toBe(0)
    expect(rig.stt.sessions[0]!.audio().length).toBe(rig.framesSent * 160)
  })

  it('by dying every second is replaced each time, and the turn is answered', async () => {
    const rig = createCallRig()
    rig.start()
    const die = async (): Promise<void> => {
      await rig.silence(1100)
      rig.stt.sessions.at(-1)!.fail(NETWORK)
    }
    for (let i = 0; i < 3; i++) await die()
    await ask(rig, 100)
    for (let i = 0; i < 3; i++) await die()
    await rig.silence(20)
    expect(rig.of('reply_ended')).toHaveLength(1)
    expect(rig.of('stt_lost')).toHaveLength(6)
    expect(rig.stt.sessions).toHaveLength(7)
    await expectCleanEnd(rig)
  })
})

describe('a network or a carrier that fails', () => {
  it('by being slow holds frames back and counts it; nothing of the greeting is lost', async () => {
    const rig = createCallRig()
    rig.start()
    rig.far.setBufferedBytes(1_000_000)
    await rig.silence(2000)
    expect(rig.far.sent).toHaveLength(0)
    rig.far.setBufferedBytes(0)
    await rig.silence(1500)
    expect(rig.far.sentAudio()).toHaveLength(36 * 160)
    expect(rig.of('greeting_end')).toHaveLength(1)
    const outcome = await rig.end()
    expect(outcome.counters['tx_held_by_socket']).toBeGreaterThan(50)
    expect(outcome.counters['tx_queue_dropped_frames']).toBe(0)
  })

  it.each(['never resolves', 'rejects', 'throws'])(
    'when hanging up %s, the call still closes here',
    async (how) => {
      const rig = createCallRig()
      const session = rig.start()
      rig.far.call.hangUp = () => {
        if (how === 'throws') throw new Error('no carrier')
        return how === 'rejects' ? Promise.reject(new Error('no carrier')) : new Promise(() => undefined)
      }
      await rig.silence(500)
      session.hangUp('shutdown')
      session.hangUp('limit')
      await rig.wait(12_000)
      expect((await session.done).endedBy).toBe('shutdown')
      expect(rig.of('hang_up_requested')).toHaveLength(1)
      expect(rig.time.pending()).toBe(0)
    },
  )

  /** Its nth call of a method throws, from then on each, or all but that one work. */
  const throwing = (rig: Rig, method: 'send' | 'mark' | 'clear', nth: number, once: boolean): void => {
    const works = (rig.far.call[method] as (given: unknown) => void).bind(rig.far.call)
    let calls = 0
    const broken = (given: unknown): void => {
      calls++
      if (calls === nth || (calls > nth && !once)) throw new Error('socket gone')
      works(given)
    }
    Object.assign(rig.far.call, { [method]: broken })
  }

  it.each([
    ['send', 1, false],
    ['send', 30, true],
    ['mark', 1, true],
    ['mark', 2, false],
    ['clear', 1, false],
    ['clear', 1, true],
  ] as const)(
    'by throwing on %s number %i (once: %s) ends this call, and says so once',
    async (method, nth, once) => {
      const rig = createCallRig({ call: { hangUpMs: 300 } })
      throwing(rig, method, nth, once)
      const session = rig.start()
      await rig.silence(1200)
      for (let turn = 0; turn < 3; turn++) {
        await ask(rig, 900)
        await rig.speak(400)
        rig.stt.sessions.at(-1)?.emit({ type: 'final', text: 'wait a moment' })
        await rig.silence(1500)
      }
      await rig.wait(12_000)
      expect((await session.done).endedBy).toBe('failure')
      expect(rig.of('stage_failed')).toMatchObject([
        { fields: { stage: 'media' }, private: { error: 'socket gone' } },
      ])
      expect(rig.names().at(-1)).toBe('call_ended')
      expect(rig.stt.sessions.every(({ closed }) => closed)).toBe(true)
      expect(rig.llm.requests.every(({ endedAtMs }) => endedAtMs !== undefined)).toBe(true)
      expect(rig.frameClock.members).toBe(0)
      expect(rig.time.pending()).toBe(0)
    },
  )
})

describe('a call that cannot begin', () => {
  /** Sent from the first moment on: an alarm is set before all is wired. */
  const hum = createBackground(
    { samples: Int16Array.from({ length: 800 }, () => 900), sampleRateHz: 8000 },
    0,
  )

  it.each<[string, CallRigOptions, (rig: Rig) => void]>([
    [
      'for a model whose hints throw',
      { background: hum },
      (rig) =>
        Object.defineProperty(rig.llm.provider, 'hints', {
          get() {
            throw new Error('bang')
          },
        }),
    ],
  ])('%s leaves nothing at the clock, and is told of as over', async (_why, options, breakIt) => {
    const rig = createCallRig(options)
    breakIt(rig)
    expect(() => rig.start()).toThrow('bang')
    expect(rig.frameClock.members).toBe(0)
    expect(rig.time.pending()).toBe(0)
    await rig.wait(500)
    expect(rig.far.sent).toEqual([])
    expect(rig.events.map(({ event, fields }) => ({ event, fields }))).toMatchObject([
      { event: 'call_started' },
      { event: 'stage_failed', fields: { stage: 'start' } },
      { event: 'call_ended', fields: { ended_by: 'failure' } },
    ])
  })
})

describe('a part that throws synchronously', () => {
  const bang = (): never => {
    throw new Error('bang')
  }
  const everywhere: readonly (readonly [string, (rig: Rig) => void])[] = [
    ['stt.openSession', (rig) => (rig.stt.provider.openSession = bang)],
    ['llm.reply', (rig) => (rig.llm.provider.reply = bang)],
    ['llm.warm', (rig) => (rig.llm.provider.warm = bang)],
    ['tts.speak', (rig) => (rig.tts.provider.speak = bang)],
    ['tts.warm', (rig) => (rig.tts.provider.warm = bang)],
    ['vad.openStream', (rig) => (rig.vad.provider.openStream = bang)],
    ['vad.rate', (rig) => (rig.vad.provider.rate = bang)],
  ]

  it.each(everywhere)('%s: the call goes on until the caller hangs up', async (_where, breakIt) => {
    const rig = createCallRig()
    breakIt(rig)
    rig.start()
    await rig.silence(1200)
    await ask(rig, 3000)
    await expectCleanEnd(rig)
    expect(rig.of('vad_failed').length).toBeLessThanOrEqual(1)
  })

  it.each(['write', 'finish', 'close'] as const)('a session’s %s: the call goes on', async (method) => {
    const rig = createCallRig()
    const { openSession } = rig.stt.provider
    rig.stt.provider.openSession = async (options) =>
      Object.assign(await openSession(options), { [method]: bang })
    rig.start()
    await rig.silence(1200)
    await ask(rig, 2000)
    const outcome = await rig.end()
    expect(outcome.endedBy).toBe('caller')
    expect(rig.of('stage_failed')).toEqual([])
    expect(rig.time.pending()).toBe(0)
  })

  it.each(['onCallerAudio', 'onAgentFrame', 'onCleared', 'close', 'all'] as const)(
    'a tap’s %s: told once, and the call goes on',
    async (method) => {
      const still = method === 'all' ? bang : (): void => undefined
      const tap: CallTap = {
        onCallerAudio: still,
        onAgentFrame: still,
        onCleared: still,
        close: still,
        [method]: bang,
      }
      const rig = createCallRig({ taps: [tap] })
      rig.start()
      await rig.silence(1200)
      await ask(rig, 900)
      await rig.speak(600)
      await rig.silence(1500)
      const outcome = await rig.end()
      expect(outcome.endedBy).toBe('caller')
      expect(rig.of('stage_failed')).toMatchObject([{ fields: { stage: 'tap' }, private: { error: 'bang' } }])
      expect(rig.time.pending()).toBe(0)
    },
  )
})
