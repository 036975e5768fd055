import type { VadProvider } from '../../../contracts/index.ts'
import { expect, fail, within, type ContractCase, told } from '../common/contract-case.ts'
import { createVadBench, type VadBench, type VadContractOptions } from './vad-bench.ts'
import { classCases, hostCases, hostProbe } from '../common/host-cases.ts'
import { leavesNothingOpen } from '../common/open-handles.ts'
import { vadEnds, vadFaultOf } from './vad-ends.ts'
import { longRun } from './vad-long-run.ts'

export type { VadContractOptions } from './vad-bench.ts'

/** What a rating is. */
function ratedWindows({
  options,
  suite,
  speechFor,
  silenceFor,
  rateAlone,
  share,
  percent,
}: VadBench): ContractCase[] {
  return [
    suite.on('stated', 'windows, rate and threshold are stated and possible', async (provider) => {
      const { sampleRateHz, windowSamples, threshold } = provider
      expect(
        sampleRateHz === 8000 || sampleRateHz === 16000,
        '8000 or 16000 Hz',
        `it is ${String(sampleRateHz)}`,
      )
      expect(
        Number.isInteger(windowSamples) && windowSamples > 0 && windowSamples <= sampleRateHz,
        'a whole number of samples, at most a second of them',
        `it is ${windowSamples}`,
      )
      expect(threshold > 0 && threshold < 1, 'a threshold between 0 and 1', `it is ${threshold}`)
    }),
    suite.on(
      'ratings',
      'every window gets a probability from 0 to 1, also noise and full scale',
      async (provider) => {
        const size = provider.windowSamples * 8
        const full = Int16Array.from({ length: size }, (_value, index) => (index % 2 === 0 ? 32767 : -32768))
        const noise = Int16Array.from({ length: size }, (_value, index) => ((index * 7919) % 65536) - 32768)
        for (const recording of [speechFor(provider), silenceFor(provider), full, noise]) {
          for (const probability of await rateAlone(provider, recording)) {
            expect(probability >= 0 && probability <= 1, 'probabilities from 0 to 1', `one is ${probability}`)
          }
        }
      },
    ),
    suite.on('speech', 'speech reaches the threshold', async (provider) => {
      const voiced = share(provider, await rateAlone(provider, speechFor(provider)))
      const wanted = options.minVoicedShare ?? 0.5
      expect(
        voiced >= wanted,
        `at least ${percent(wanted)} of the windows of speech to be voice`,
        `${percent(voiced)} are`,
      )
    }),
    suite.on(['silence', 'lent'], 'silence stays below the threshold', async (provider) => {
      const voiced = share(provider, await rateAlone(provider, silenceFor(provider)))
      const wanted = options.maxFalseShare ?? 0.05
      expect(
        voiced <= wanted,
        `at most ${percent(wanted)} of the windows of silence to be voice`,
        `${percent(voiced)} are`,
      )
    }),
  ]
}

/** That streams know nothing of each other. */
function streamsOfABatch({
  suite,
  speechFor,
  silenceFor,
  rate,
  rateTogether,
  rateAlone,
  expectSame,
}: VadBench): ContractCase[] {
  return [
    suite.on('batch', 'a batch rates each stream as if it were alone', async (provider) => {
      const [speech, silence] = [speechFor(provider), silenceFor(provider)]
      const [alone, quiet] = [await rateAlone(provider, speech), await rateAlone(provider, silence)]
      const together = await rateTogether(provider, [speech, silence, speech])
      expectSame(together[0], alone, 'also in a batch with silence')
      expectSame(together[1], quiet, 'also in a batch with speech')
      expectSame(together[2], alone, 'also as the last of a batch')
    }),
    suite.on('state', 'state belongs to the stream, whatever its place in the batch', async (provider) => {
      const size = provider.windowSamples
      const [speech, silence] = [speechFor(provider), silenceFor(provider)]
      const alone = await rateAlone(provider, speech)
      const [speaking, silent] = [provider.openStream(), provider.openStream()]
      const got: number[] = []
      for (let window = 0; window < alone.length; window++) {
        const first = window % 2
        const streams = first === 0 ? [speaking, silent] : [silent, speaking]
        const windows = new Int16Array(size * 2)
        windows.set(speech.subarray(window * size, (window + 1) * size), first * size)
        windows.set(silence.subarray(window * size, (window + 1) * size), (1 - first) * size)
        got.push((await rate(provider, streams, windows))[first]!)
      }
      speaking.close()
      silent.close()
      expectSame(got, alone, 'when its place in the batch changes')
    }),
    suite.on('fresh', 'a new stream remembers nothing of one before', async (provider) => {
      const speech = speechFor(provider)
      const first = await rateAlone(provider, speech)
      expectSame(await rateAlone(provider, speech), first, 'again on a new stream')
    }),
    suite.on('close-one', 'closing one stream leaves the others as they are', async (provider) => {
      const speech = speechFor(provider)
      const size = provider.windowSamples
      const alone = await rateAlone(provider, speech)
      const [kept, dropped] = [provider.openStream(), provider.openStream()]
      const got: number[] = []
      for (let window = 0; window < alone.length; window++) {
        if (window === 3) dropped.close()
        const own = speech.subarray(window * size, (window + 1) * size)
        const both = new Int16Array(size * 2)
        both.set(own)
        got.push(
          (await rate(provider, window < 3 ? [kept, dropped] : [kept], window < 3 ? both : own.slice()))[0]!,
        )
      }
      kept.close()
      expectSame(got, alone, 'when another stream was closed')
    }),
  ]
}

/** What is lent, and what may be closed. */
function lentArrays({ suite, stepMs, speechFor, rate, rateAlone }: VadBench): ContractCase[] {
  return [
    suite.on('lent', 'the lent arrays are read and filled, and not touched later', async (provider) => {
      const stream = provider.openStream()
      const windows = speechFor(provider).slice(0, provider.windowSamples)
      const before = windows.slice()
      const probabilities = await rate(provider, [stream], windows)
      expect(!Number.isNaN(probabilities[0]), 'a probability to be written', 'nothing was')
      expect(
        windows.every((sample, index) => sample === before[index]),
        'windows to stay as they were',
        'they were changed',
      )
      probabilities.fill(-1)
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(
        probabilities[0] === -1,
        'nothing to be written after rate has settled',
        `it became ${probabilities[0]}`,
      )
      stream.close()
    }),
    suite.on('empty-batch', 'a batch without streams is nothing to do', async (provider) => {
      await rate(provider, [], new Int16Array(0))
    }),
    suite.on(['stream-close', 'stray-errors'], 'a stream closes twice without harm', async (provider) => {
      const stream = provider.openStream()
      try {
        stream.close()
        stream.close()
      } catch (thrown) {
        fail(`expected close of a stream to be harmless the second time; it threw ${told(thrown)}`)
      }
    }),
    suite.alone(
      'nothing-left',
      'nothing is left open when the provider was closed, streams and all',
      async () => {
        await leavesNothingOpen(suite.settleMs, 'the provider was closed', async () => {
          const provider = await suite.create()
          await rateAlone(provider, speechFor(provider).subarray(0, provider.windowSamples * 4))
          provider.openStream()
          await within(provider.close(), stepMs, 'provider.close to resolve')
        })
      },
    ),
  ]
}

/** What is alike for all providers. */
function sharedCases(bench: VadBench): ContractCase[] {
  const { options, suite, speechFor, rateAlone } = bench
  const use = async (provider: VadProvider) => {
    await rateAlone(provider, speechFor(provider).subarray(0, provider.windowSamples * 4))
  }
  const faultOf = (provider: VadProvider) => vadFaultOf(bench, provider)
  const probe = hostProbe(suite, options, { exercise: use, faultOf })
  return [...hostCases(suite, options, probe), ...classCases(suite, options, probe)]
}

/** The contract of `VadProvider`, one case a sentence. */
export function vadContract(options: VadContractOptions): ContractCase[] {
  const bench = createVadBench(options)
  return [
    ...ratedWindows(bench),
    ...streamsOfABatch(bench),
    ...lentArrays(bench),
    ...longRun(bench),
    ...vadEnds(bench),
    ...sharedCases(bench),
    bench.suite.last('closes', 'the provider closes, also twice'),
    bench.suite.leftBehind('stray-errors'),
  ]
}
