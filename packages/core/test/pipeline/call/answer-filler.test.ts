import { describe, expect, it } from 'vitest'
import type { RecordedLine } from '../../../src/pipeline/replying/recorded-line.ts'
import { type CallRigOptions, createCallRig, RIG_SETTINGS } from '../call-rig.ts'

const ANSWER = 'We open at nine.'
const LATE_MS = 3000
const TEXTS = ['One moment.', 'Let me see.']
/** Loud enough to be told from silence, and from the fake's voice. */
const SOUND: RecordedLine = {
  text: '',
  format: { encoding: 'linear16', sampleRateHz: 8000 },
  audio: Uint8Array.from({ length: 8000 }, (_, at) => (at % 2 === 0 ? 0x10 : 0x01)),
}

type Filler = NonNullable<(typeof RIG_SETTINGS)['conversation']['filler']>

function onCall({ filler = { texts: TEXTS }, ...options }: CallRigOptions & { filler?: Filler } = {}) {
  const rig = createCallRig({
    llm: { replies: [{ text: ANSWER, firstTokenMs: LATE_MS }] },
    ...options,
    settings: {
      ...options.settings,
      conversation: {
        ...RIG_SETTINGS.conversation,
        greeting: '',
        firstTokenTimeoutMs: 9000,
        filler,
        ...options.settings?.conversation,
      },
    },
  })
  rig.start()
  async function asks(words: string, thenMs = 0) {
    await rig.speak(400)
    rig.stt.sessions.at(-1)!.emit({ type: 'final', text: words })
    await rig.silence(Math.min(thenMs, 700))
    await rig.wait(Math.max(0, thenMs - 700))
  }
  const said = () => rig.of('agent_said').map(({ private: words }) => words['text'])
  return { ...rig, asks, said }
}

const lastRequest = (rig: ReturnType<typeof onCall>) => rig.llm.requests.at(-1)!.request.messages

describe('an answer that is late', () => {
  it('is waited for with one filler, which is heard before it and not remembered', async () => {
    const rig = onCall()
    await rig.asks('when do you open', 6000)
    expect(rig.said()).toEqual([TEXTS[0], ANSWER])
    const [filler] = rig.of('filler_spoken')
    expect(filler!.private).toEqual({ text: TEXTS[0] })
    expect(filler!.fields['waited_ms']).toBeGreaterThanOrEqual(1000)
    expect(filler!.fields['waited_ms']).toBeLessThan(1300)
    expect(rig.metrics.value('fillers_spoken_total')).toBe(1)
    // What is measured is the answer, not the filler.
    expect(rig.of('turn_latency').map(({ fields }) => fields['first_audio_ms'])).toHaveLength(1)
    expect(rig.of('turn_latency')[0]!.fields['first_audio_ms']).toBeGreaterThan(LATE_MS)
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    await rig.asks('and on sundays', 1000)
    expect(JSON.stringify(lastRequest(rig))).not.toContain(TEXTS[0])
    expect(JSON.stringify(lastRequest(rig))).toContain(ANSWER)
    await rig.end()
  })

  it('has no filler where none is configured, nor where the language has none', async () => {
    const settings = { conversation: { language: 'de-DE' } }
    for (const rig of [
      onCall({ settings: { conversation: { filler: undefined } } as never }),
      onCall({ settings, filler: {} }),
    ]) {
      await rig.asks('wann', 6000)
      expect(rig.said()).toEqual([ANSWER])
      expect(rig.of('filler_spoken')).toEqual([])
      await rig.end()
    }
  })

  it('has those of the call’s language where none are written', async () => {
    const rig = onCall({ filler: {}, settings: { conversation: { language: 'he-IL' } } })
    await rig.asks('מתי אתם פותחים', 6000)
    expect(rig.said()).toEqual(['רגע אחד.', ANSWER])
    await rig.end()
  })

  it('is not the same filler in the next turn', async () => {
    const rig = onCall({ filler: { texts: [TEXTS[0]!] } })
    for (let turn = 0; turn < 3; turn++) await rig.asks('when do you open', 6000)
    expect(rig.said()).toEqual([TEXTS[0], ANSWER, ANSWER, TEXTS[0], ANSWER])
    await rig.end()
  })

  it('has none while it is prepared, before the turn has surely ended', async () => {
    const rig = onCall({
      llm: { preemptive: true, replies: [{ text: ANSWER, firstTokenMs: 2000 }] },
      filler: { texts: TEXTS, afterMs: 300 },
      settings: { stt: { timeoutMs: 2500 }, conversation: { turns: { preemptive: true, adaptive: false } } },
    })
    await rig.asks('when do you open', 2000)
    expect(rig.llm.requests).toHaveLength(1)
    await rig.wait(4000)
    expect(rig.said()).toEqual([ANSWER])
    expect(rig.of('filler_spoken')).toEqual([])
    await rig.end()
  })

  it('is not given up for a filler that was not begun in time: its voice is slower than the answer', async () => {
    const rig = onCall({
      llm: { replies: [{ text: ANSWER, firstTokenMs: 1500 }] },
      tts: { voice: ({ text }) => (text === TEXTS[0] ? { firstAudioMs: 2500 } : undefined) },
    })
    await rig.asks('when do you open', 6000)
    expect(rig.said()).toEqual([ANSWER])
    expect(rig.of('filler_spoken')).toEqual([])
    expect(rig.of('tts_failed')).toEqual([])
    expect(rig.of('turn_latency')[0]!.fields['first_audio_ms']).toBeLessThan(2500)
    await rig.end()
  })

  it('comes all the same when no voice can say the filler', async () => {
    const error = new Error('no voice')
    const rig = onCall({ tts: { voice: ({ text }) => (text === TEXTS[0] ? { error } : undefined) } })
    await rig.asks('when do you open', 6000)
    expect(rig.said().at(-1)).toBe(ANSWER)
    expect(rig.of('filler_spoken')).toEqual([])
    await rig.end()
  })

  it('may fail behind a filler: the caller is told so', async () => {
    const rig = onCall({ llm: { replies: [{ firstTokenMs: 2000, error: new Error('broken') }] } })
    await rig.asks('when do you open', 6000)
    expect(rig.said()).toEqual([TEXTS[0], RIG_SETTINGS.conversation.fallbackLine])
    await rig.end()
  })

  it('is given up when the caller speaks over the filler, of which nothing is left to say', async () => {
    const rig = onCall({ tts: { msPerCharacter: 150 } })
    await rig.asks('when do you open', 1900)
    expect(rig.said()).toEqual([TEXTS[0]])
    await rig.speak(600)
    rig.stt.sessions.at(-1)!.emit({ type: 'final', text: 'no wait tell me where you are' })
    await rig.silence(700)
    await rig.wait(6000)
    expect(rig.of('interrupted')).toHaveLength(1)
    expect(rig.said()).toEqual([TEXTS[0], TEXTS[1], ANSWER])
    expect(rig.llm.requests[0]!.abortedAtMs).toBeDefined()
    expect(JSON.stringify(lastRequest(rig))).not.toContain(TEXTS[0])
    await rig.end()
  })

  it('goes on behind a noise over the filler, which is not said again', async () => {
    const rig = onCall({ tts: { msPerCharacter: 150 } })
    await rig.asks('when do you open', 1900)
    await rig.speak(500)
    await rig.silence(700)
    await rig.wait(6000)
    expect(rig.of('paused')).toHaveLength(1)
    expect(rig.said()).toEqual([TEXTS[0], ANSWER])
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    await rig.end()
  })
})

describe('an answer that is usually there by now', () => {
  /** Answers of this model take so long; the last one is what the test is about. */
  const usual = (usualMs: number, lastMs: number) => ({
    llm: {
      replies: (_: unknown, index: number) => ({ text: ANSWER, firstTokenMs: index < 6 ? usualMs : lastMs }),
    },
  })

  it('has no filler, and that is counted', async () => {
    const rig = onCall({ ...usual(1200, 1250), filler: { texts: TEXTS, afterMs: 900 } })
    for (let turn = 0; turn < 7; turn++) await rig.asks('when do you open', 3500)
    // The first ones were not known to be usual.
    expect(rig.of('filler_spoken').map(({ fields }) => fields['turn'])).toEqual([1, 2, 3, 4, 5])
    expect(rig.of('filler_withheld').map(({ fields }) => fields['turn'])).toEqual([6, 7])
    expect(rig.metrics.value('fillers_withheld_total')).toBe(2)
    await rig.end()
  })

  it('has one when it is later than all of them', async () => {
    const rig = onCall({ ...usual(1200, 4000), filler: { texts: TEXTS, afterMs: 900 } })
    for (let turn = 0; turn < 7; turn++) await rig.asks('when do you open', 6500)
    expect(rig.of('filler_spoken').map(({ fields }) => fields['turn'])).toEqual([1, 2, 3, 4, 5, 7])
    expect(rig.of('filler_spoken').at(-1)!.fields['waited_ms']).toBeGreaterThan(1200)
    await rig.end()
  })

  it.each([
    ['is quick', 100, 700],
    ['takes its time', 1500, 1500],
    ['is slow', 5000, 2000],
  ])('has one by how long that is: a model that %s', async (_what, usualMs, dueMs) => {
    const rig = onCall(usual(usualMs, 7000))
    for (let turn = 0; turn < 7; turn++) await rig.asks('when do you open', 10_000)
    const waitedMs = rig.of('filler_spoken').at(-1)!.fields['waited_ms']
    expect(rig.of('filler_spoken').at(-1)!.fields['turn']).toBe(7)
    expect(waitedMs).toBeGreaterThanOrEqual(dueMs)
    expect(waitedMs).toBeLessThan(dueMs + 500)
    await rig.end()
  })
})

describe('a sound while an answer is late', () => {
  it('is played behind the filler until the answer, and delays it by no more than what is queued', async () => {
    const rig = onCall({ thinkingSound: SOUND })
    await rig.asks('when do you open', 7000)
    expect(rig.said()).toEqual([TEXTS[0], ANSWER])
    const { first_audio_ms: made, first_frame_ms: sent } = rig.of('turn_latency')[0]!.fields
    expect(Number(sent) - Number(made)).toBeLessThanOrEqual(240)
    // The line is never silent between the filler and the answer.
    const begunMs = rig.of('filler_spoken')[0]!.atMs
    const framesUntilAnswer = (LATE_MS - 1500) / 20
    expect(rig.far.sent.filter(({ kind }) => kind === 'frame').length).toBeGreaterThan(framesUntilAnswer)
    expect(begunMs).toBeGreaterThan(0)
    await rig.end()
  })

  it('is enough by itself, and is told', async () => {
    const rig = onCall({ thinkingSound: SOUND, filler: { texts: [] } })
    await rig.asks('when do you open', 7000)
    expect(rig.said()).toEqual([ANSWER])
    expect(rig.of('filler_spoken').map(({ private: words }) => words)).toEqual([{}])
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    await rig.end()
  })

  it('ends when the caller speaks', async () => {
    const rig = onCall({
      thinkingSound: SOUND,
      filler: { texts: [] },
      llm: { replies: [{ text: ANSWER, firstTokenMs: 8000 }, 'Fine.'] },
    })
    await rig.asks('when do you open', 3000)
    await rig.asks('never mind just tell me something', 3000)
    expect(rig.of('interrupted')).toHaveLength(1)
    expect(rig.said()).toEqual(['Fine.'])
    await rig.end()
  })
})
