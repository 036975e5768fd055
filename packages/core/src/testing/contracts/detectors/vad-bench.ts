import type { VadProvider, VadStream } from '../../../contracts/index.ts'
import { expect, within } from '../common/contract-case.ts'
import type { ContractOptions } from '../common/contract-options.ts'
import { createSuite } from '../common/suite.ts'

export interface VadContractOptions extends ContractOptions<VadProvider> {
  /** Signed 16-bit samples of someone speaking, at the provider's rate, with little silence in it. */
  speech(sampleRateHz: 8000 | 16000): Int16Array
  /** The same length or shorter of what is not speech. Default digital silence. */
  silence?(sampleRateHz: 8000 | 16000): Int16Array
  /** Share of the windows of `speech` that must reach the threshold. Default 0.5. */
  readonly minVoicedShare?: number
  /** Share of the windows of `silence` that may reach it. Default 0.05. */
  readonly maxFalseShare?: number
  /** How far two ratings of the same window may be apart. Default 0.001. */
  readonly tolerance?: number
}

/** How the cases rate recordings. */
export function createVadBench(options: VadContractOptions) {
  const suite = createSuite('vad', options)
  const { stepMs } = suite
  const tolerance = options.tolerance ?? 0.001

  const speechFor = (provider: VadProvider) => options.speech(provider.sampleRateHz)
  const silenceFor = (provider: VadProvider) =>
    options.silence?.(provider.sampleRateHz) ?? new Int16Array(speechFor(provider).length)

  async function rate(
    provider: VadProvider,
    streams: readonly VadStream[],
    windows: Int16Array,
  ): Promise<Float32Array> {
    const probabilities = new Float32Array(streams.length).fill(Number.NaN)
    const lent = Object.freeze([...streams])
    await within(Promise.resolve(provider.rate(lent, windows, probabilities)), stepMs, 'rate to settle')
    return probabilities
  }

  /** Rates several recordings at once, each on its own stream, window after window. */
  async function rateTogether(
    provider: VadProvider,
    recordings: readonly Int16Array[],
    streams = recordings.map(() => provider.openStream()),
  ): Promise<number[][]> {
    const size = provider.windowSamples
    const results: number[][] = recordings.map(() => [])
    const count = Math.floor(Math.min(...recordings.map((recording) => recording.length)) / size)
    // Two in turn, so that the array of the last call holds its scribble while the next one is rated.
    const lent = [0, 1].map(() => new Int16Array(size * recordings.length))
    for (let window = 0; window < count; window++) {
      const windows = lent[window % 2]!
      recordings.forEach((recording, index) => {
        windows.set(recording.subarray(window * size, (window + 1) * size), index * size)
      })
      const probabilities = await rate(provider, streams, windows)
      probabilities.forEach((probability, index) => results[index]!.push(probability))
      windows.fill(0x5555)
    }
    for (const stream of streams) stream.close()
    return results
  }

  const rateAlone = async (provider: VadProvider, recording: Int16Array) =>
    (await rateTogether(provider, [recording]))[0]!

  const share = (provider: VadProvider, ratings: readonly number[]) =>
    ratings.filter((probability) => probability >= provider.threshold).length / Math.max(1, ratings.length)

  const percent = (part: number) => `${Math.round(part * 100)} %`

  function expectSame(got: readonly number[] | undefined, wanted: readonly number[], when: string): void {
    wanted.forEach((value, index) => {
      const other = got?.[index] ?? Number.NaN
      const same = Math.abs(other - value) <= tolerance
      expect(same, `window ${index} to be rated ${value} ${when}`, `it was rated ${other}`)
    })
  }

  return {
    options,
    suite,
    stepMs,
    speechFor,
    silenceFor,
    rate,
    rateTogether,
    rateAlone,
    share,
    percent,
    expectSame,
  }
}
export type VadBench = ReturnType<typeof createVadBench>
