import { describe, expect, it } from 'vitest'
import { MULAW_8K, type VadProvider } from '../../../src/index.ts'
import { createFrameClock, createVadTap } from '../../../src/host.ts'
import { createVadGate } from '../../../src/pipeline/hearing/vad-gate.ts'
import { createFakeVad } from '../../../src/testing/index.ts'
import { callerFrame } from '../call-rig.ts'
import { createManualClock } from '../manual-clock.ts'

describe('the voice gate', () => {
  const createGate = (hangoverMs = 180) => createVadGate({ threshold: 0.5, hangoverMs, windowMs: 32 })

  it('starts at the threshold and stops the hangover after the last voiced window', () => {
    const gate = createGate()
    expect(gate.rate(0.49)).toBeUndefined()
    expect(gate.rate(0.5)).toBe('started')
    expect(gate.rate(0.9)).toBeUndefined()
    const changes = Array.from({ length: 6 }, () => gate.rate(0.1))
    expect(changes).toEqual([undefined, undefined, undefined, undefined, undefined, 'stopped'])
    expect(gate.silenceMs).toBe(192)
    expect(gate.rate(0.1)).toBeUndefined()
  })

  it('stays through weaker windows than it takes to start, and through short pauses', () => {
    const gate = createGate()
    gate.rate(0.9)
    for (let i = 0; i < 20; i++) expect(gate.rate(0.36)).toBeUndefined()
    for (let i = 0; i < 4; i++) expect(gate.rate(0)).toBeUndefined()
    expect(gate.rate(0.4)).toBeUndefined()
    expect(gate.silenceMs).toBe(0)
    expect(gate.voiced).toBe(true)
  })

  it('takes a probability that is no number for silence', () => {
    const gate = createGate(32)
    expect(gate.rate(Number.NaN)).toBeUndefined()
    gate.rate(0.9)
    expect(gate.rate(Number.NaN)).toBe('stopped')
  })

  it('can be released once, when no audio comes any more', () => {
    const gate = createGate()
    expect(gate.release()).toBeUndefined()
    gate.rate(0.9)
    expect(gate.release()).toBe('stopped')
    expect(gate.release()).toBeUndefined()
  })
})

/** A detector that answers when the test says so, and notes how it is asked. */
function createSlowVad() {
  const batches: { streams: number; samples: number[]; done: (error?: Error) => void }[] = []
  const closed: number[] = []
  let opened = 0
  const provider: VadProvider = {
    sampleRateHz: 8000,
    windowSamples: 256,
    threshold: 0.5,
    openStream() {
      const id = opened++
      return { close: () => void closed.push(id) }
    },
    rate: (streams, windows, probabilities) =>
      new Promise((resolve, reject) => {
        const samples = streams.map((_, i) => windows[i * 256]!)
        const done = (error?: Error): void => {
          probabilities.fill(0.9, 0, streams.length)
          if (error) reject(error)
          else resolve()
        }
        batches.push({ streams: streams.length, samples, done })
      }),
    close: () => Promise.resolve(),
  }
  return { provider, batches, closed }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const NO_HANDLERS = { onWindow: () => undefined, onFailure: () => undefined }

describe('the voice tap', () => {
  it('rates the windows of all calls in one batch, each call’s in order', () => {
    const clock = createManualClock()
    const sizes: number[] = []
    const vad = createFakeVad()
    const { rate } = vad.provider
    vad.provider.rate = (streams, windows, probabilities) => {
      sizes.push(streams.length)
      return rate(streams, windows, probabilities)
    }
    const tap = createVadTap(vad.provider, createFrameClock(clock), clock)
    const heard: number[][] = [[], [], []]
    const streams = heard.map((list) =>
      tap.open(MULAW_8K, { onWindow: (probability) => list.push(probability), onFailure: () => undefined }),
    )
    for (let i = 0; i < 100; i++) {
      streams.forEach((stream, call) => stream.push(callerFrame(i, call === 1)))
      clock.step(20)
    }
    expect(sizes.every((size) => size === 3)).toBe(true)
    // 2 s are 62 windows of 32 ms and a rest.
    expect(heard.map((list) => list.length)).toEqual([62, 62, 62])
    expect(heard[0]!.every((probability) => probability < 0.1)).toBe(true)
    expect(heard[1]!.every((probability) => probability > 0.9)).toBe(true)
    expect(tap.droppedWindows()).toBe(0)
    for (const stream of streams) stream.close()
    expect(vad.streams.every((stream) => stream.closed)).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('never has two batches in flight, drops the oldest windows of a slow detector, and counts them', async () => {
    const clock = createManualClock()
    const slow = createSlowVad()
    const tap = createVadTap(slow.provider, createFrameClock(clock), clock)
    const stream = tap.open(MULAW_8K, NO_HANDLERS)
    // Each window of 256 samples begins with its own level.
    const window = (i: number): Uint8Array => new Uint8Array(256).fill(0x80 + i)
    for (let i = 0; i < 40; i++) {
      stream.push(window(i))
      clock.step(32)
    }
    expect(slow.batches).toHaveLength(1)
    expect(tap.droppedWindows()).toBe(40 - 1 - 16)
    for (let i = 0; i < 17; i++) {
      slow.batches[i]!.done()
      await settle()
    }
    const levels = slow.batches.map((batch) => batch.samples[0]!)
    expect(new Set(levels).size).toBe(17)
    // Louder codes are smaller: what was kept is the newest, in order.
    expect(levels).toEqual([...levels].sort((a, b) => b - a))
    stream.close()
  })

  it('takes media longer than all it can hold', () => {
    const clock = createManualClock()
    const tap = createVadTap(createFakeVad().provider, createFrameClock(clock), clock)
    let windows = 0
    const stream = tap.open(MULAW_8K, { onWindow: () => void windows++, onFailure: () => undefined })
    stream.push(new Uint8Array(16_000).fill(0xff))
    clock.step(100)
    // 62 and a half windows came; the newest fifteen and a half are kept.
    expect(windows).toBe(15)
    expect(tap.droppedWindows()).toBe(47)
    stream.push(new Uint8Array(256).fill(0xff))
    clock.step(100)
    expect(windows).toBe(16)
    stream.close()
  })

  function failingRig() {
    const clock = createManualClock()
    const slow = createSlowVad()
    const tap = createVadTap(slow.provider, createFrameClock(clock), clock)
    const told: string[] = []
    const streams = ['a', 'b', 'c'].map((name) =>
      tap.open(MULAW_8K, {
        onWindow: () => told.push(`${name} rated`),
        onFailure: (error) => told.push(`${name} ${error.message}`),
      }),
    )
    for (const stream of streams) stream.push(new Uint8Array(512))
    clock.step(20)
    const done = async (error?: Error) => {
      slow.batches.at(-1)!.done(error)
      await settle()
    }
    return { clock, slow, streams, told, done }
  }

  it('tells the call that a detector fails at, and rates the windows of the others all the same', async () => {
    const { clock, slow, streams, told, done } = failingRig()
    await done(new Error('worker gone'))
    expect(told).toEqual([])
    await done()
    await done(new Error('worker gone'))
    await done()
    expect(told).toEqual(['a rated', 'b vad: rating a window: worker gone', 'c rated'])
    expect(slow.batches.slice(1, 4).map((batch) => batch.streams)).toEqual([1, 1, 1])
    clock.step(20)
    expect(slow.batches).toHaveLength(5)
    expect(slow.batches[4]!.streams).toBe(3)
    for (const stream of streams) stream.close()
  })

  it('tells every call of a detector that hangs, and does not wait for it', async () => {
    const { clock, slow, streams, told } = failingRig()
    clock.step(5000)
    await settle()
    expect(told.map((line) => line.slice(0, 15))).toEqual([
      'a vad: rating: ',
      'b vad: rating: ',
      'c vad: rating: ',
    ])
    clock.step(20)
    expect(slow.batches).toHaveLength(2)
    for (const stream of streams) stream.close()
  })

  it('keeps a call whose handler throws from disturbing the others', async () => {
    const clock = createManualClock()
    const vad = createFakeVad({ asynchronous: true })
    const tap = createVadTap(vad.provider, createFrameClock(clock), clock)
    const failures: string[] = []
    let windows = 0
    const bad = tap.open(MULAW_8K, {
      onWindow() {
        throw new Error('bad handler')
      },
      onFailure(error) {
        failures.push(error.message)
        throw new Error('and worse')
      },
    })
    const good = tap.open(MULAW_8K, {
      onWindow: () => void windows++,
      onFailure: () => failures.push('good'),
    })
    for (const stream of [bad, good]) stream.push(new Uint8Array(256))
    clock.step(20)
    await settle()
    await settle()
    expect(windows).toBe(1)
    expect(failures).toEqual(['vad: a rated window: bad handler'])
    for (const stream of [bad, good]) stream.close()
  })

  it('lets a call leave while it is being rated: the detector keeps its stream until then', async () => {
    const clock = createManualClock()
    const slow = createSlowVad()
    const tap = createVadTap(slow.provider, createFrameClock(clock), clock)
    let windows = 0
    const leaving = tap.open(MULAW_8K, {
      onWindow: () => expect.fail('has left'),
      onFailure: () => undefined,
    })
    const staying = tap.open(MULAW_8K, { onWindow: () => void windows++, onFailure: () => undefined })
    for (const stream of [leaving, staying]) stream.push(new Uint8Array(256))
    clock.step(20)
    leaving.close()
    leaving.close()
    expect(slow.closed).toEqual([])
    slow.batches[0]!.done()
    await settle()
    expect(slow.closed).toEqual([0])
    expect(windows).toBe(1)
    staying.close()
    expect(slow.closed).toEqual([0, 1])
    expect(clock.pending).toBe(0)
  })
})
