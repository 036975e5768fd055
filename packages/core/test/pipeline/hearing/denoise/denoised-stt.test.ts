import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AudioFormat, MULAW_8K, ProviderError, type SttEvent } from '../../../../src/index.ts'
import { denoisedProviders } from '../../../../src/host.ts'
import {
  createFakeClock,
  createFakeDenoise,
  createFakeStt,
  createTestLogger,
  createTestMetrics,
  type FakeDenoiseOptions,
  type FakeSttScript,
} from '../../../../src/testing/index.ts'

const LINEAR: AudioFormat = { encoding: 'linear16', sampleRateHz: 8000 }
const DELAY_MS = 20
const LATE_MS = 600

/** A recogniser behind a filter that lets all through, 20 ms later. */
function rig({ stt, ...filter }: FakeDenoiseOptions & { stt?: Partial<FakeSttScript> } = {}) {
  const time = createFakeClock()
  const { clock } = time
  const metrics = createTestMetrics()
  const log = createTestLogger()
  const recogniser = createFakeStt({ clock, accepts: [MULAW_8K, LINEAR], ...stt })
  const denoise = createFakeDenoise({ noiseBelow: 0, delayMs: DELAY_MS, ...filter })
  const { provider } = denoisedProviders(
    {
      stt: [{ name: 'fake', provider: recogniser.provider }],
      languages: new Map(),
      sttDenoise: { name: 'filter', provider: denoise.provider },
    },
    { clock, metrics, log },
  ).stt[0]!
  const open = (format: AudioFormat = LINEAR) =>
    provider.openSession({ callId: 'CA1', format, hints: [], signal: new AbortController().signal })
  const bypassed = (reason: string) => metrics.value('denoise_bypassed_total', { plugin: 'filter', reason })
  return { time, clock, log, recogniser, denoise, provider, open, bypassed }
}

/** Every sample another one, as far as 16 bits go. */
const speech = (samples: number): Int16Array =>
  Int16Array.from({ length: samples }, (_, at) => ((at * 7919) % 60_000) - 30_000)
const bytesOf = (samples: Int16Array): Uint8Array => new Uint8Array(samples.slice().buffer)
const samplesOf = (bytes: Uint8Array): number[] => [...new Int16Array(new Uint8Array(bytes).buffer)]
/** What a recogniser has got when it has got all: the delay, then the caller. */
const delayed = (samples: Int16Array): number[] => [
  ...new Int16Array((DELAY_MS * LINEAR.sampleRateHz) / 1000),
  ...samples,
]

/** What may happen between two writes. */
const step = fc.record({
  samples: fc.integer({ min: 0, max: 700 }),
  waitMs: fc.constantFrom(0, 0, 20, 700),
  fate: fc.constantFrom('works', 'works', 'works', 'hangs', 'goes on', 'fails'),
})

describe('a recogniser behind a filter', () => {
  it('gets every sample once and in order, whatever the filter does, and is finished', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.boolean(), async (steps, asynchronous) => {
        const { time, recogniser, denoise, open } = rig({ asynchronous })
        const session = await open()
        const said = speech(steps.reduce((sum, { samples }) => sum + samples, 0))
        let at = 0
        for (const { samples, waitMs, fate } of steps) {
          if (fate === 'hangs') denoise.hang()
          if (fate === 'goes on') denoise.goOn()
          if (fate === 'fails') denoise.fail(new ProviderError('network', 'the worker died'))
          session.write(bytesOf(said.subarray(at, at + samples)))
          at += samples
          await time.advance(waitMs)
        }
        session.finish()
        await time.advance(2 * LATE_MS)
        const [heard] = recogniser.sessions
        expect(samplesOf(heard!.audio())).toEqual(delayed(said))
        expect(heard!.finished).toBe(true)
        expect(heard!.ignored).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  it('is heard in its own format, with what is no noise', async () => {
    const { time, recogniser, denoise, open } = rig({ noiseBelow: 400 })
    const session = await open(MULAW_8K)
    // 0x80 is the loudest, 0xf0 some 120.
    session.write(new Uint8Array(160).fill(0x80))
    session.write(new Uint8Array(160).fill(0xf0))
    session.write(new Uint8Array(160))
    await time.settle()
    const heard = recogniser.sessions[0]!.audio()
    expect(new Set(heard.subarray(160, 320))).toEqual(new Set([0x80]))
    expect(new Set(heard.subarray(320, 480))).toEqual(new Set([0xff]))
    expect(denoise.sessions[0]).toMatchObject({ sampleRateHz: 8000, cleaned: 480 })
    await session.close()
    expect(denoise.sessions[0]!.closed).toBe(true)
    expect(recogniser.sessions[0]!.closed).toBe(true)
  })

  it('takes those of its formats whose rate the filter takes, and says of itself what it said', () => {
    const WIDE: AudioFormat = { encoding: 'linear16', sampleRateHz: 44_100 }
    const { provider } = rig({ stt: { accepts: [WIDE, LINEAR], regions: ['eu'], needsHints: true } })
    expect(provider).toMatchObject({ accepts: [LINEAR], regions: ['eu'], needsHints: true })
    expect('recognize' in provider).toBe(false)
  })

  it('says where the caller said what it heard', async () => {
    const { time, recogniser, open } = rig()
    const session = await open()
    const heard: SttEvent[] = []
    const reading = (async () => {
      for await (const event of session.events) heard.push(event)
    })()
    session.write(bytesOf(speech(800)))
    await time.settle()
    const { emit } = recogniser.sessions[0]!
    const words = [{ word: 'yes', startMs: 10, endMs: 90 }]
    const given: SttEvent[] = [
      { type: 'speech-started', atMs: 30 },
      { type: 'speech-stopped' },
      { type: 'partial', text: 'yes', words },
      { type: 'partial', text: 'yes' },
      { type: 'final', text: 'yes', endMs: 90, words },
      { type: 'final', text: 'so far' },
      { type: 'turn-ended', atMs: 95 },
      { type: 'usage', audioMs: 100 },
      { type: 'closing', reason: 'old' },
    ]
    given.forEach(emit)
    recogniser.sessions[0]!.end()
    await reading
    const callers = [{ word: 'yes', startMs: 0, endMs: 70 }]
    expect(heard).toEqual([
      { type: 'speech-started', atMs: 10 },
      { type: 'speech-stopped' },
      { type: 'partial', text: 'yes', words: callers },
      { type: 'partial', text: 'yes' },
      { type: 'final', text: 'yes', endMs: 70, words: callers },
      { type: 'final', text: 'so far' },
      { type: 'turn-ended', atMs: 75 },
      { type: 'usage', audioMs: 100 },
      { type: 'closing', reason: 'old' },
    ])
  })

  it('leaves what is no event, or has odd times, to whoever reads', async () => {
    const { recogniser, open } = rig()
    const session = await open()
    const odd = [
      null,
      'final',
      { type: 'final', text: 'x', endMs: 'soon' },
      { type: 'partial', words: [null, 7] },
    ]
    for (const event of odd) recogniser.sessions[0]!.emit(event as unknown as SttEvent)
    recogniser.sessions[0]!.end()
    const heard: unknown[] = []
    for await (const event of session.events) heard.push(event)
    expect(heard).toEqual(odd)
  })

  it('tells a reader who leaves to the recogniser, and its failure to the reader', async () => {
    const { recogniser, open } = rig()
    const first = await open()
    recogniser.sessions[0]!.emit({ type: 'speech-started' })
    for await (const _event of first.events) break
    const second = await open()
    recogniser.sessions[1]!.fail(new ProviderError('network', 'the line broke'))
    await expect(second.events[Symbol.asyncIterator]().next()).rejects.toThrow('the line broke')
  })

  it('fails the session where it throws when nobody is writing', async () => {
    const { time, open } = rig({ asynchronous: true, stt: { writeThrows: new Error('not connected') } })
    const session = await open()
    session.write(bytesOf(speech(320)))
    await time.settle()
    expect(() => session.write(bytesOf(speech(320)))).toThrow('not connected')
  })

  it('hears the caller with the noise where the filter opens no session', async () => {
    const { recogniser, denoise, open, bypassed, log } = rig()
    denoise.fail(new ProviderError('network', 'the worker died a moment ago'))
    const session = await open()
    session.write(bytesOf(speech(320)))
    expect(samplesOf(recogniser.sessions[0]!.audio())).toEqual([...speech(320)])
    expect(bypassed('refused')).toBe(1)
    expect(log.entries).toMatchObject([{ message: 'DENOISE: passed by', fields: { call: 'CA1' } }])
    await session.close()
  })
})

describe('a filter that hangs', () => {
  it('is left after some half a second, asked of no new session for 30 s, and then again', async () => {
    const { time, recogniser, denoise, open, bypassed } = rig()
    const session = await open()
    denoise.hang()
    session.write(bytesOf(speech(320)))
    await time.advance(380)
    expect(recogniser.sessions[0]!.writtenMs).toBe(0)
    await time.advance(LATE_MS - 380)
    expect(samplesOf(recogniser.sessions[0]!.audio())).toEqual(delayed(speech(320)))
    expect([bypassed('late'), bypassed('resting')]).toEqual([1, 0])
    expect(denoise.sessions[0]!.closed).toBe(true)
    denoise.goOn()
    await time.settle()
    const resting = await open()
    resting.write(bytesOf(speech(320)))
    expect(recogniser.sessions[1]!.writtenMs).toBe(40)
    expect([bypassed('late'), bypassed('resting')]).toEqual([1, 1])
    await time.advance(30_000)
    await open()
    expect(denoise.sessions).toHaveLength(2)
    // What came back late reached nobody.
    expect(recogniser.sessions[0]!.writtenMs).toBe(60)
  })

  it('is not taken for one after a stall of the process in which its answer came', async () => {
    const { time, recogniser, denoise, open, bypassed } = rig()
    const session = await open()
    denoise.hang()
    session.write(bytesOf(speech(320)))
    // Two looks, as when timers run late; then the answer.
    await time.advance(400)
    denoise.goOn()
    await time.advance(1000)
    expect(bypassed('late')).toBe(0)
    expect(recogniser.sessions[0]!.writtenMs).toBe(40)
  })

  it('leaves no timer behind once nothing is under way', async () => {
    const { time, denoise, open } = rig()
    const session = await open()
    denoise.hang()
    session.write(bytesOf(speech(320)))
    await session.close()
    await time.advance(1000)
    expect(time.pending()).toBe(0)
  })
})

describe('an utterance behind a filter', () => {
  const ask = { callId: 'CA1', format: LINEAR, hints: [], signal: new AbortController().signal }
  const hears = { stt: { recognize: () => 'yes' } }

  it('is heard whole and in its own time', async () => {
    const { recogniser, provider, denoise } = rig(hears)
    expect(await provider.recognize!(bytesOf(speech(5000)), ask)).toBe('yes')
    expect(samplesOf(recogniser.recognized[0]!)).toEqual([...speech(5000)])
    expect(denoise.sessions[0]).toMatchObject({ cleaned: 5160, closed: true })
  })

  it('is heard as it came where the filter fails, and where it hangs', async () => {
    const { time, recogniser, provider, denoise, bypassed } = rig(hears)
    denoise.hang()
    const heard = provider.recognize!(bytesOf(speech(5000)), ask)
    await time.advance(LATE_MS)
    expect(await heard).toBe('yes')
    expect(samplesOf(recogniser.recognized[0]!)).toEqual([...speech(5000)])
    expect(bypassed('late')).toBe(1)
  })
})
