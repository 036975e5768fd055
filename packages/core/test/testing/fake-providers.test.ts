import { describe, expect, it } from 'vitest'
import { MULAW_8K, ProviderError, type LlmEvent, type SttEvent } from '../../src/index.ts'
import {
  createFakeClock,
  createFakeLlm,
  createFakeStt,
  createFakeTts,
  createFakeVad,
  fakeSpeech,
} from '../../src/testing/index.ts'

const never = () => new AbortController().signal
const sessionOptions = (signal = never()) => ({ callId: 'a', format: MULAW_8K, hints: [], signal })
const request = { callId: 'a', messages: [], tools: [] }

/** Collects in the background, since time has to move meanwhile. */
function collect<T>(events: AsyncIterable<T>): { got: T[]; error?: unknown; over: boolean } {
  const result: { got: T[]; error?: unknown; over: boolean } = { got: [], over: false }
  const read = async () => {
    try {
      for await (const event of events) result.got.push(event)
    } catch (error) {
      result.error = error
    }
    result.over = true
  }
  void read()
  return result
}

describe('the fake stt', () => {
  it('fails as often as it is told, then opens after its delay', async () => {
    const { clock, advance } = createFakeClock({ startMs: 0 })
    const error = new ProviderError('network', 'no route')
    const stt = createFakeStt({ clock, opening: [{ error }, { error }, { afterMs: 500 }] })
    await expect(stt.provider.openSession(sessionOptions())).rejects.toBe(error)
    await expect(stt.provider.openSession(sessionOptions())).rejects.toBe(error)
    void stt.provider.openSession(sessionOptions())
    await advance(499)
    expect(stt.sessions).toHaveLength(0)
    await advance(1)
    expect(stt.sessions[0]?.openedAtMs).toBe(500)
    expect(stt.attempts).toHaveLength(3)
  })

  it('never opens when told so, until aborted', async () => {
    const { clock, advance, pending } = createFakeClock()
    const stt = createFakeStt({ clock, opening: { afterMs: Number.POSITIVE_INFINITY } })
    const abort = new AbortController()
    const opening = stt.provider.openSession(sessionOptions(abort.signal))
    await advance(60_000)
    abort.abort()
    await expect(opening).rejects.toMatchObject({ class: 'cancelled' })
    expect(pending()).toBe(0)
  })

  it('speaks when the audio gets there, records writes, and says the rest at finish', async () => {
    const { clock, advance } = createFakeClock({ startMs: 0 })
    const partial: SttEvent = { type: 'partial', text: 'hel' }
    const final: SttEvent = { type: 'final', text: 'hello' }
    const stt = createFakeStt({
      clock,
      says: [
        { atMs: 40, event: partial, afterMs: 10 },
        { atMs: Number.POSITIVE_INFINITY, event: final },
      ],
    })
    const session = await stt.provider.openSession(sessionOptions())
    const heard = collect(session.events)
    session.write(new Uint8Array(160).fill(1))
    session.write(new Uint8Array(160).fill(2))
    await advance(9)
    expect(heard.got).toEqual([])
    await advance(1)
    expect(heard.got).toEqual([partial])
    session.finish()
    session.write(new Uint8Array(160))
    await advance(0)
    expect(heard).toMatchObject({ got: [partial, final], over: true })
    const fake = stt.sessions[0]!
    expect([fake.writtenMs, fake.ignored, fake.audio()[160], fake.finished]).toEqual([40, 1, 2, true])
  })

  it('emits, fails and ends by hand, and is silent after close', async () => {
    const { clock, settle } = createFakeClock()
    const stt = createFakeStt({ clock, regions: ['a'], maxSessionMs: 1000 })
    const session = await stt.provider.openSession(sessionOptions())
    const heard = collect(session.events)
    const fake = stt.sessions[0]!
    fake.emit({ type: 'closing', reason: 'limit' })
    fake.fail(new ProviderError('session-limit', 'over'))
    await settle()
    expect(heard).toMatchObject({ got: [{ type: 'closing' }], error: { class: 'session-limit' }, over: true })
    await session.close()
    fake.emit({ type: 'final', text: 'late' })
    expect(heard.got).toHaveLength(1)
  })
})

describe('the fake llm', () => {
  it('streams tokens at their pace and ends with a reason', async () => {
    const { clock, advance } = createFakeClock({ startMs: 0 })
    const llm = createFakeLlm({
      clock,
      replies: [{ text: 'Good morning sir', firstTokenMs: 100, tokenMs: 20 }],
    })
    const reply = collect(llm.provider.reply(request, never()))
    await advance(120)
    expect(reply.got.map((event) => (event as { text: string }).text)).toEqual(['Good ', 'morning '])
    await advance(20)
    expect(reply.got.at(-1)).toEqual({ type: 'end', reason: 'stop' })
    expect(llm.requests[0]).toMatchObject({ atMs: 0, endedAtMs: 140, abortedAtMs: undefined })
  })

  it('stalls, errs, is empty, calls tools, and ends without an end, by script', async () => {
    const { clock, advance } = createFakeClock({ startMs: 0 })
    const error = new ProviderError('network', 'cut')
    const call = { id: '1', name: 'hours', arguments: '{}' }
    const script = [
      { text: 'One', stalls: true },
      { text: 'Two', error },
      {},
      { toolCalls: [call] },
      { text: 'Five', ends: false },
    ]
    const llm = createFakeLlm({ clock, replies: script })
    const abort = new AbortController()
    const [stalled, failed, empty, tools, cut] = script.map(() =>
      collect(llm.provider.reply(request, abort.signal)),
    )
    await advance(60_000)
    expect(stalled).toMatchObject({ got: [{ text: 'One' }], over: false })
    expect(failed).toMatchObject({ got: [{ text: 'Two' }], error })
    expect(empty!.got).toEqual<LlmEvent[]>([{ type: 'end', reason: 'stop' }])
    expect(tools!.got).toEqual([
      { type: 'tool-call', ...call },
      { type: 'end', reason: 'tool-calls' },
    ])
    expect(cut).toMatchObject({ got: [{ text: 'Five' }], over: true })
    abort.abort()
    await advance(0)
    expect(stalled!.over).toBe(true)
    expect(llm.requests[0]!.abortedAtMs).toBe(60_000)
  })
})

describe('the fake tts', () => {
  it('speaks as long as the text, in the chunks asked for', async () => {
    const { clock, advance } = createFakeClock({ startMs: 0 })
    const tts = createFakeTts({
      clock,
      firstAudioMs: 80,
      chunkEveryMs: 10,
      chunkBytes: [101, 1],
      msPerCharacter: 5,
    })
    const sizes: number[] = []
    const speak = async () => {
      for await (const chunk of tts.provider.speak(
        { callId: 'a', text: 'hello', format: MULAW_8K },
        never(),
      )) {
        sizes.push(chunk.byteLength)
      }
    }
    void speak()
    await advance(79)
    expect(sizes).toEqual([])
    await advance(100)
    expect(sizes).toEqual([101, 1, 98])
    expect(tts.requests[0]).toMatchObject({ bytes: 200, endedAtMs: 100 })
    expect(fakeSpeech('hello', MULAW_8K, 5)).not.toContain(0xff)
  })

  it('errs midway and stalls midway, by script, and tells words', async () => {
    const { clock, advance } = createFakeClock({ startMs: 0 })
    const error = new ProviderError('network', 'cut')
    const tts = createFakeTts({
      clock,
      chunkBytes: 160,
      words: true,
      voice: (_request, index) => (index === 0 ? { error, errorAfterBytes: 320 } : { stallsAfterBytes: 160 }),
    })
    const words: string[] = []
    const speech = { callId: 'a', text: 'one two', format: MULAW_8K }
    const onWord = ({ word, startMs }: { word: string; startMs: number }) => words.push(`${word} ${startMs}`)
    const abort = new AbortController()
    const failed = collect(tts.provider.speak({ ...speech, onWord }, never()))
    const stalled = collect(tts.provider.speak(speech, abort.signal))
    await advance(5000)
    expect(failed).toMatchObject({ error, over: true })
    expect(failed.got).toHaveLength(2)
    expect(words).toEqual(['one 0', 'two 240'])
    expect(stalled).toMatchObject({ over: false })
    abort.abort()
    await advance(0)
    expect(stalled.over).toBe(true)
  })
})

it('the fake vad rates by level, or as it is told', async () => {
  const vad = createFakeVad({ windowSamples: 4 })
  const streams = [vad.provider.openStream(), vad.provider.openStream()]
  const probabilities = new Float32Array(2)
  const windows = Int16Array.from([900, -900, 900, -900, 1, 0, -1, 0])
  await vad.provider.rate(streams, windows, probabilities)
  expect([...probabilities].map((one) => one > 0.5)).toEqual([true, false])
  vad.streams[1]!.say(1)
  await vad.provider.rate(streams, windows, probabilities)
  expect(vad.streams[1]!.rated).toEqual([0.02, 1])
  streams[0]!.close()
  expect(() => vad.provider.rate([streams[0]!], windows, probabilities)).toThrow('not open')
})
