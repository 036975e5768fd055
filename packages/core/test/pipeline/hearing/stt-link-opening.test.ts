import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../../src/index.ts'
import { AUTH, createSttRig, NETWORK, numbers, range } from './stt-rig.ts'

const FAILS = { error: NETWORK }

describe('opening a recognition', () => {
  it('tries a region three times 200 ms apart, then the next one', async () => {
    const rig = createSttRig({ stt: { regions: ['a', 'b'], opening: [FAILS, FAILS, FAILS] } })
    rig.link.open()
    await rig.silence(1000)
    expect(rig.stt.attempts.map(({ atMs, options }) => [atMs - 1000, options.region])).toEqual([
      [0, 'a'],
      [200, 'a'],
      [400, 'a'],
      [400, 'b'],
    ])
    expect(rig.of('stt_ready').map((event) => event.fields['region'])).toEqual(['b'])
    expect(numbers(rig.live())).toEqual(range(0, 50))
    await rig.end()
  })

  it('moves on at once from a fault that no retry can mend', async () => {
    const wrong = new ProviderError('bad-request', 'no such model here')
    const rig = createSttRig({ stt: { regions: ['a', 'b'], opening: [{ error: wrong }] } })
    rig.link.open()
    await rig.silence(100)
    expect(rig.stt.attempts.map(({ options }) => options.region)).toEqual(['a', 'b'])
    await rig.end()
  })

  it('tries a refused key once in each region, then the next provider, without waiting', async () => {
    const rig = createSttRig({ stt: { regions: ['a', 'b', 'c'], opening: { error: AUTH } }, fallback: {} })
    rig.link.open()
    await rig.silence(100)
    expect(rig.stt.attempts.map(({ options }) => options.region)).toEqual(['a', 'b', 'c'])
    expect(rig.fallback!.sessions).toHaveLength(1)
    expect(rig.of('stt_ready')[0]?.fields).toMatchObject({ plugin: 'fallback' })
    await rig.end()
  })

  it('goes to the fallback provider when the first is used up, and loses no word of it', async () => {
    const rig = createSttRig({ stt: { opening: FAILS }, fallback: {} })
    rig.link.open()
    await rig.speak(1500)
    await rig.end()
    expect(rig.stt.attempts).toHaveLength(3)
    expect(numbers(rig.fallback!.sessions[0]!)).toEqual(range(0, 75))
  })

  it('takes a provider that throws synchronously for one that fails', async () => {
    const rig = createSttRig({ stt: { opening: { throwsSynchronously: true } }, fallback: {} })
    rig.link.open()
    await rig.silence(100)
    expect(rig.of('stt_open_failed')[0]?.fields).toMatchObject({ plugin: 'fake' })
    expect(rig.fallback!.sessions).toHaveLength(1)
    await rig.end()
  })

  it('tries beside an opening that is pending for 1.5 s, and uses the one that is ready first', async () => {
    const rig = createSttRig({ stt: { opening: [{ afterMs: Infinity }] } })
    rig.link.open()
    await rig.silence(2000)
    expect(rig.stt.attempts.map(({ atMs }) => atMs - 1000)).toEqual([0, 1500])
    expect(rig.stt.attempts.map(({ options }) => options.signal.aborted)).toEqual([true, false])
    expect(rig.of('stt_opening_hedged').map(({ fields }) => fields)).toEqual([{ plugin: 'fake', attempt: 2 }])
    expect(rig.metrics.value('stt_openings_hedged_total')).toBe(1)
    expect(rig.of('stt_ready')[0]?.fields).toMatchObject({ attempt: 2, open_ms: 0 })
    expect(numbers(rig.live())).toEqual(range(0, 100))
    await rig.end()
    expect(rig.time.pending()).toBe(0)
  })

  it('gives up a route after 5 s, though nothing else is left to hear with', async () => {
    const rig = createSttRig({ stt: { opening: { afterMs: Infinity }, recognize: () => 'hello' } })
    rig.link.open()
    await rig.silence(7000)
    expect(rig.stt.attempts.map(({ atMs }) => atMs - 1000)).toEqual([0, 1500])
    expect(rig.of('stt_open_failed').map((event) => event.private['error'])).toEqual([
      expect.stringContaining('no answer within 5000 ms'),
      expect.stringContaining('no answer within 5000 ms'),
    ])
    expect(rig.of('stt_recognize_per_utterance')).toHaveLength(1)
    await rig.close()
    expect(rig.time.pending()).toBe(0)
  })

  it('leaves nothing behind when the call ends while a deaf provider is still opening', async () => {
    const rig = createSttRig()
    const opened = rig.stt.provider.openSession
    let late: (() => void) | undefined
    rig.stt.provider.openSession = (options) =>
      new Promise((resolve) => {
        late = () => resolve(opened({ ...options, signal: new AbortController().signal }))
      })
    rig.link.open()
    await rig.silence(300)
    await rig.close()
    expect(rig.time.pending()).toBe(0)
    late!()
    await rig.time.settle()
    expect(rig.live().closed).toBe(true)
    expect(rig.of('stt_ready')).toEqual([])
  })

  it('opens again in a language that was switched while it opened', async () => {
    const rig = createSttRig({ stt: { opening: [{ afterMs: 300 }] } })
    rig.link.open()
    await rig.silence(100)
    rig.link.useLanguage('he-IL', [rig.instanceOf('stt', 'fake', rig.stt.provider)])
    await rig.silence(1000)
    expect(rig.stt.sessions.map((session) => session.options.language)).toEqual([undefined, 'he-IL'])
    await rig.end()
  })
})

describe('when no session will open', () => {
  it('sends each utterance to recognize, also the one that was spoken meanwhile, and says so once', async () => {
    const rig = createSttRig({
      stt: { opening: FAILS, recognize: (audio) => `${audio.length / 160} frames` },
    })
    rig.link.open()
    await rig.speak(300)
    await rig.silence(2500)
    expect(rig.stt.recognized).toHaveLength(1)
    const first = rig.texts()
    await rig.speak(1000)
    await rig.silence(500)
    await rig.speak(600)
    await rig.silence(500)
    expect(rig.of('stt_recognize_per_utterance')).toHaveLength(1)
    expect(first).toHaveLength(1)
    expect(rig.texts()).toHaveLength(3)
    const frames = rig.stt.recognized.map((audio) => Buffer.from(audio).length / 160)
    expect(frames[1]).toBeGreaterThanOrEqual(50)
    expect(frames[2]).toBeGreaterThanOrEqual(30)
    await rig.end()
    expect(rig.time.pending()).toBe(0)
  })

  it('hears the first word whole although voice stopped before the routes were used up', async () => {
    const rig = createSttRig({ stt: { opening: FAILS, recognize: () => 'hello' } })
    rig.link.open()
    await rig.speak(200)
    await rig.silence(2500)
    const heard = Buffer.from(rig.stt.recognized[0]!)
    expect(heard.length / 160).toBeGreaterThanOrEqual(10)
    expect(rig.texts()).toEqual(['hello'])
    await rig.end()
  })

  it('asks the next provider when one cannot recognize, even if it throws synchronously', async () => {
    const rig = createSttRig({
      stt: { opening: FAILS, recognize: () => Promise.reject(NETWORK) },
      fallback: { opening: { error: AUTH }, recognize: () => 'second' },
    })
    rig.stt.provider.recognize = () => {
      throw new Error('thrown')
    }
    rig.link.open()
    await rig.silence(2500)
    await rig.speak(500)
    await rig.silence(500)
    expect(rig.texts()).toEqual(['second'])
    expect(rig.of('stt_utterance_failed')).toHaveLength(1)
    await rig.end()
  })

  it('is ready at once, looks for none and reports nothing wrong, where the recogniser has no sessions', async () => {
    const rig = createSttRig({ stt: { sessions: false, recognize: () => 'hello' } })
    rig.link.open()
    await rig.silence(12_000)
    await rig.speak(500)
    await rig.silence(500)
    await rig.end()
    expect(rig.texts()).toEqual(['hello'])
    expect(rig.stt.attempts).toEqual([])
    expect(rig.of('stt_ready')).toMatchObject([{ fields: { plugin: 'fake', partials: false } }])
    expect([...rig.of('stt_recognize_per_utterance'), ...rig.of('stt_open_failed')]).toEqual([])
  })

  it('hears by sessions first where one of several recognisers has some', async () => {
    const rig = createSttRig({
      stt: { sessions: false, recognize: () => 'by the utterance' },
      fallback: { opening: {} },
    })
    rig.link.open()
    await rig.silence(100)
    await rig.end()
    expect(rig.stt.attempts).toEqual([])
    expect(rig.of('stt_ready')).toMatchObject([{ fields: { plugin: 'fallback' } }])
  })

  it('goes back to streaming when a route opens again, and hears again what nobody answered', async () => {
    let down = true
    const rig = createSttRig({
      stt: { opening: () => (down ? FAILS : {}), recognize: () => Promise.reject(NETWORK) },
    })
    rig.link.open()
    await rig.silence(2000)
    await rig.speak(400)
    down = false
    await rig.silence(9000)
    await rig.speak(400)
    expect(rig.stt.sessions).toHaveLength(1)
    rig.live().emit({ type: 'final', text: 'back' })
    await rig.silence(400)
    await rig.end()
    expect(rig.texts()).toEqual(['back'])
    // Frames 100 to 120 were spoken while nobody could hear them.
    expect(numbers(rig.live())).toEqual(expect.arrayContaining(range(100, rig.frames)))
    expect(rig.time.pending()).toBe(0)
  })

  it('leaves no request running into the closed call', async () => {
    const rig = createSttRig({
      stt: { opening: FAILS, recognize: () => new Promise<string>(() => undefined) },
    })
    rig.link.open()
    await rig.silence(2000)
    await rig.speak(400)
    await rig.silence(200)
    await rig.close()
    expect(rig.time.pending()).toBe(0)
  })
})
