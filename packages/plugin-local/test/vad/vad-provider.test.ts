import { ProviderError, type VadProvider, type VadStream } from '@kav/core'
import { createFakeClock, testContext, type TestContext } from '@kav/core/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSileroProvider, type SileroProviderOptions } from '../../src/vad/vad-provider.ts'
import { readRecording } from './recordings.ts'

// A machine busy with other tests starts workers slowly.
vi.setConfig({ testTimeout: 60_000 })

const WINDOW = 256
const speech = readRecording('tt-weasels', 8000)
const other = readRecording('something-terribly-wrong', 8000)
const opened: VadProvider[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((provider) => provider.close()))
})

describe.each(['inline', 'worker', 'auto'] as const)('the provider with placement %s', (placement) => {
  it('keeps the calls of a batch apart', async () => {
    const vad = open({ placement })
    const expected = [await rateAll(vad, speech), await rateAll(vad, other)]
    const streams = [vad.openStream(), vad.openStream()]
    const actual: number[][] = [[], []]
    const results = new Float32Array(2)
    for (let index = 0; index < expected[0]!.length && index < expected[1]!.length; index++) {
      await vad.rate(streams, joined([speech, other], index), results)
      actual.forEach((list, call) => list.push(results[call]!))
    }
    expect(actual).toEqual(expected.map((list) => list.slice(0, actual[0]!.length)))
  })

  it('starts a new call from nothing in the place of a closed one', async () => {
    const vad = open({ placement })
    const first = await rateAll(vad, speech)
    await rateAll(vad, other)
    expect(await rateAll(vad, speech)).toEqual(first)
  })

  it('keeps every state when more calls come than it had room for', async () => {
    const vad = open({ placement })
    const expected = await rateAll(vad, speech, 12)
    const streams: VadStream[] = []
    const ofFirst: number[] = []
    for (let index = 0; index < 12; index++) {
      streams.push(...Array.from({ length: 5 }, () => vad.openStream()))
      const results = new Float32Array(streams.length)
      await vad.rate(
        streams,
        joined(
          streams.map(() => speech),
          index,
        ),
        results,
      )
      ofFirst.push(results[0]!)
    }
    expect(ofFirst).toEqual(expected)
  })

  it('refuses what the contract forbids', async () => {
    const vad = open({ placement })
    const stream = vad.openStream()
    const [windows, results] = [new Int16Array(WINDOW), new Float32Array(1)]
    await expect(vad.rate([stream], new Int16Array(10), results)).rejects.toThrow(
      'A batch of 1 needs 256 samples',
    )
    const inFlight = vad.rate([stream], windows, results)
    if (inFlight) await expect(vad.rate([stream], windows, results)).rejects.toThrow('batch in flight')
    await inFlight
    stream.close()
    stream.close()
    await expect(vad.rate([stream], windows, results)).rejects.toThrow('closed or unknown VAD stream')
    await vad.close()
    await expect(vad.rate([stream], windows, results)).rejects.toThrow(ProviderError)
    expect(() => vad.openStream()).toThrow('The VAD is closed')
  })

  it('rates nothing when there is nothing to rate, and closes twice', async () => {
    const vad = open({ placement })
    await vad.rate([], new Int16Array(0), new Float32Array(0))
    await vad.close()
    await vad.close()
  })
})

describe('the worker', () => {
  const workerUrl = new URL('./faulty-worker.mjs', import.meta.url)

  it('fails the batch it dies in, is counted, and is started again after a pause that grows', async () => {
    const { clock, advance } = createFakeClock()
    const context = testContext({ clock })
    const vad = open({ placement: 'worker', workerUrl }, context)
    const batch = () => vad.rate([stream], new Int16Array(WINDOW), new Float32Array(1))
    const stream = vad.openStream()
    await expect(batch()).rejects.toMatchObject({
      class: 'network',
      message: 'The VAD worker died: out of memory',
    })
    expect(context.metrics.value('vad_worker_deaths_total')).toBe(1)
    await expect(batch()).rejects.toThrow('out of memory')
    expect(context.metrics.value('vad_worker_deaths_total')).toBe(1)
    await advance(500)
    await expect(batch()).rejects.toThrow('out of memory')
    expect(context.metrics.value('vad_worker_deaths_total')).toBe(2)
    await advance(500)
    await expect(batch()).rejects.toThrow('out of memory')
    expect(context.metrics.value('vad_worker_deaths_total')).toBe(2)
  })

  it('that cannot even be started costs its batch and no call, and is tried again after the pause', async () => {
    const { clock, advance } = createFakeClock()
    const context = testContext({ clock })
    const vad = open({ placement: 'worker', workerUrl: new URL('none:') }, context)
    const stream = vad.openStream()
    const batch = () => vad.rate([stream], new Int16Array(WINDOW), new Float32Array(1))
    await expect(batch()).rejects.toMatchObject({ class: 'network' })
    await expect(batch()).rejects.toThrow('The VAD worker died')
    expect(context.metrics.value('vad_worker_deaths_total')).toBe(1)
    await advance(500)
    await expect(batch()).rejects.toThrow('The VAD worker died')
    expect(context.metrics.value('vad_worker_deaths_total')).toBe(2)
  })

  it('loses no call its state: the media thread carries on where it died', async () => {
    const plain = open({ placement: 'inline' })
    const expected = await rateAll(plain, speech, 20)
    const context = testContext()
    const vad = open({ placement: 'auto', workerUrl }, context)
    const streams = Array.from({ length: 3 }, () => vad.openStream())
    const results = new Float32Array(3)
    const actual: number[] = []
    // The faulty worker never touches a state, so a batch that failed can be given again.
    while (actual.length < 20) {
      const windows = joined([speech, speech, speech], actual.length)
      const failed = await Promise.resolve(vad.rate(streams, windows, results)).catch(() => 'failed')
      if (failed === undefined) actual.push(results[2]!)
      await new Promise(setImmediate)
    }
    expect(actual).toEqual(expected)
  })

  it('that cannot start fails the batch', async () => {
    const vad = open({ placement: 'worker', workerUrl: new URL('./absent.mjs', import.meta.url) })
    const waiting = vad.rate([vad.openStream()], new Int16Array(WINDOW), new Float32Array(1))
    await expect(waiting).rejects.toThrow('The VAD worker died: Cannot find module')
  })

  it('is not waited for when the provider closes', async () => {
    const vad = open({ placement: 'worker' })
    const waiting = vad.rate([vad.openStream()], new Int16Array(WINDOW), new Float32Array(1))
    const outcome = expect(waiting).rejects.toMatchObject({ class: 'cancelled' })
    await vad.close()
    await outcome
  })
})

function open(options: Partial<SileroProviderOptions>, context: TestContext = testContext()): VadProvider {
  const { log, metrics, clock } = context
  const vad = createSileroProvider({
    sampleRateHz: 8000,
    threshold: 0.5,
    placement: 'auto',
    log,
    metrics,
    clock,
    ...options,
  })
  opened.push(vad)
  return vad
}

/** Rates up to `limit` windows of one call and closes it. */
async function rateAll(vad: VadProvider, sound: Int16Array, limit = Infinity): Promise<number[]> {
  const stream = vad.openStream()
  const result = new Float32Array(1)
  const probabilities: number[] = []
  for (let index = 0; (index + 1) * WINDOW <= sound.length && index < limit; index++) {
    await vad.rate([stream], windowOf(sound, index), result)
    probabilities.push(result[0]!)
  }
  stream.close()
  return probabilities
}

function joined(sounds: readonly Int16Array[], index: number): Int16Array {
  const windows = new Int16Array(sounds.length * WINDOW)
  sounds.forEach((sound, call) => windows.set(windowOf(sound, index), call * WINDOW))
  return windows
}

function windowOf(sound: Int16Array, index: number): Int16Array {
  return sound.subarray(index * WINDOW, (index + 1) * WINDOW)
}
