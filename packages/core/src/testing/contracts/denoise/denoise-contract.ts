import type { DenoiseProvider } from '../../../contracts/index.ts'
import { type ContractCase, expect, within } from '../common/contract-case.ts'
import {
  createDenoiseBench,
  decibels,
  type DenoiseBench,
  type DenoiseContractOptions,
} from './denoise-bench.ts'
import { denoiseEnds, denoiseFaultOf } from './denoise-ends.ts'
import { classCases, hostCases, hostProbe } from '../common/host-cases.ts'

export type { DenoiseContractOptions } from './denoise-bench.ts'

/** Around the delay that is stated, since a filter may smear. */
const SLACK_MS = 2
const FURTHEST_MS = 100

/** How much of what was said comes out so much later, 0 to 1; told from some 8000 samples a second. */
function likeness(given: Int16Array, got: Int16Array, lag: number, step: number): number {
  let both = 0
  let first = 1
  let second = 1
  for (let at = lag; at < given.length; at += step) {
    const [a, b] = [given[at - lag]!, got[at]!]
    both += a * b
    first += a * a
    second += b * b
  }
  return both / Math.sqrt(first * second)
}

/** What comes back. */
function cleanedSound(bench: DenoiseBench): ContractCase[] {
  const { options, suite, speechAt, noiseAt, clean, cleanAlone } = bench
  const { minReductionDb = 6 } = options
  return [
    suite.on('stated', 'rates and delay are stated and possible', async ({ sampleRatesHz, delayMs }) => {
      const areRates =
        sampleRatesHz.length > 0 &&
        sampleRatesHz.every((rate) => Number.isInteger(rate) && rate >= 4000 && rate <= 192_000)
      expect(areRates, 'rates from 4000 to 192000 Hz', `they are ${sampleRatesHz.join(', ') || 'none'}`)
      expect(delayMs >= 0 && delayMs <= 1000, 'a delay of 0 to 1000 ms', `it is ${delayMs}`)
    }),
    suite.on('warm', 'it warms up, also twice and at once, and works after that', async (provider) => {
      const warm = async () => provider.warm?.()
      await within(Promise.all([warm(), warm()]), suite.stepMs, 'warm to resolve, called twice at once')
      await within(warm(), suite.stepMs, 'warm to resolve when called again')
      await cleanAlone(provider, provider.sampleRatesHz[0]!, new Int16Array(400))
    }),
    suite.on('delay', 'speech comes back as much later as is stated, at each rate', async (provider) => {
      for (const sampleRateHz of provider.sampleRatesHz) {
        const given = speechAt(sampleRateHz).subarray(0, sampleRateHz)
        const got = await cleanAlone(provider, sampleRateHz, given)
        const step = Math.ceil(sampleRateHz / 8000)
        const lags = Array.from({ length: FURTHEST_MS + 1 }, (_, ms) => ms)
        const likest = lags
          .map((ms) => ({ ms, likeness: likeness(given, got, Math.round((ms * sampleRateHz) / 1000), step) }))
          .reduce((best, one) => (one.likeness > best.likeness ? one : best))
        const isRight = Math.abs(likest.ms - provider.delayMs) <= SLACK_MS || provider.delayMs > FURTHEST_MS
        const wanted = `speech at ${sampleRateHz} Hz to come ${provider.delayMs} ms later`
        expect(isRight, wanted, `it comes ${likest.ms} ms later`)
        expect(likest.likeness > 0.5, 'speech to be the same speech', `it is like it by ${likest.likeness}`)
      }
    }),
    suite.on('noise', 'noise becomes quieter', async (provider) => {
      const sampleRateHz = provider.sampleRatesHz[0]!
      const given = noiseAt(sampleRateHz)
      const half = given.length >> 1
      const got = await cleanAlone(provider, sampleRateHz, given)
      const downDb = decibels(given.subarray(half)) - decibels(got.subarray(half))
      expect(downDb >= minReductionDb, `${minReductionDb} dB less noise`, `it is ${downDb.toFixed(1)} dB`)
    }),
    suite.on('silence', 'silence stays silence', async (provider) => {
      const sampleRateHz = provider.sampleRatesHz[0]!
      const got = await cleanAlone(provider, sampleRateHz, new Int16Array(sampleRateHz))
      const loudest = got.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
      expect(loudest <= 32, 'no sound where none was', `samples reach ${loudest}`)
    }),
    suite.on('any-sound', 'any sound is taken, in pieces of any size', async (provider) => {
      const session = provider.openSession(provider.sampleRatesHz[0]!)
      const loudest = (at: number) => ((at * 7919) % 65_536) - 32_768
      for (const length of [0, 1, 7, 16_000, 0, 3])
        await clean(
          session,
          Int16Array.from({ length }, (_, at) => loudest(at)),
        )
      session.close()
    }),
  ]
}

/** Whose it is. */
function callersApart(bench: DenoiseBench): ContractCase[] {
  const { suite, speechAt, noiseAt, clean, cleanAll, cleanAlone, isSame } = bench
  return [
    suite.on('cuts', 'the same sound comes back however it is cut', async (provider) => {
      for (const sampleRateHz of provider.sampleRatesHz) {
        const speech = speechAt(sampleRateHz).subarray(0, sampleRateHz / 2)
        const whole = await cleanAlone(provider, sampleRateHz, speech, [speech.length])
        const cut = await cleanAlone(provider, sampleRateHz, speech, [160, 1, 333, 20, 1601])
        const wanted = 'the same samples of one piece and of many'
        expect(isSame(cut, whole), wanted, `at ${sampleRateHz} Hz they are others`)
      }
    }),
    suite.on('apart', 'callers at once are each as if they were alone', async (provider) => {
      const sampleRateHz = provider.sampleRatesHz[0]!
      const speech = speechAt(sampleRateHz).subarray(0, sampleRateHz)
      const noise = noiseAt(sampleRateHz)
      const sounds = [speech, noise.subarray(0, speech.length), speech]
      const alone: Int16Array[] = []
      for (const sound of sounds) alone.push(await cleanAlone(provider, sampleRateHz, sound))
      const together = await Promise.all(sounds.map((sound) => cleanAlone(provider, sampleRateHz, sound)))
      together.forEach((got, place) => {
        expect(isSame(got, alone[place]!), `caller ${place} of 3 to be heard as if alone`, 'it was not')
      })
    }),
    suite.on('apart', 'a new caller is heard as if there had been none', async (provider) => {
      const sampleRateHz = provider.sampleRatesHz[0]!
      const speech = speechAt(sampleRateHz).subarray(0, sampleRateHz)
      const first = await cleanAlone(provider, sampleRateHz, speech)
      await cleanAlone(provider, sampleRateHz, noiseAt(sampleRateHz))
      const later = await cleanAlone(provider, sampleRateHz, speech)
      expect(isSame(later, first), 'the same sound of the same speech', 'it was another')
    }),
    suite.on('lent', 'a piece is filled, and not touched later', async (provider) => {
      const sampleRateHz = provider.sampleRatesHz[0]!
      const session = provider.openSession(sampleRateHz)
      const piece = speechAt(sampleRateHz).subarray(0, sampleRateHz)
      await clean(session, piece)
      piece.fill(-1)
      await cleanAll(session, speechAt(sampleRateHz).subarray(0, sampleRateHz))
      await new Promise((resolve) => setTimeout(resolve, 20))
      session.close()
      const isLeft = piece.every((sample) => sample === -1)
      expect(isLeft, 'nothing to be written after clean has settled', 'the piece was changed')
    }),
    suite.on(
      ['session-close', 'stray-errors'],
      'a session that closes, also twice and at work, leaves others as they are',
      async (provider) => {
        const sampleRateHz = provider.sampleRatesHz[0]!
        const speech = speechAt(sampleRateHz).subarray(0, sampleRateHz)
        const wanted = await cleanAlone(provider, sampleRateHz, speech)
        const [leaves, stays] = [provider.openSession(sampleRateHz), provider.openSession(sampleRateHz)]
        const half = Math.floor(speech.length / 2)
        const piece = Math.floor(speech.length / 25)
        const before = await cleanAll(stays, speech.subarray(0, half), [piece])
        const atWork = bench.refusal('a piece cut off by the close of its session to reject with', () =>
          leaves.clean(speech.slice()),
        )
        leaves.close()
        leaves.close()
        await within(atWork, suite.promptMs, 'the piece to settle after the close of its session')
        const after = await cleanAll(stays, speech.subarray(half), [piece])
        stays.close()
        const isLeft = isSame(before, wanted.subarray(0, half)) && isSame(after, wanted.subarray(half))
        expect(isLeft, 'the other session to go on as if it were alone', 'it did not')
      },
    ),
  ]
}

/** What is alike for all providers. */
function sharedCases(bench: DenoiseBench): ContractCase[] {
  const { options, suite, speechAt, cleanAlone } = bench
  const exercise = (provider: DenoiseProvider) => {
    const sampleRateHz = provider.sampleRatesHz[0]!
    return cleanAlone(provider, sampleRateHz, speechAt(sampleRateHz).subarray(0, sampleRateHz))
  }
  const faultOf = (provider: DenoiseProvider) => denoiseFaultOf(bench, provider)
  const probe = hostProbe(suite, options, { exercise, faultOf })
  return [...hostCases(suite, options, probe), ...classCases(suite, options, probe)]
}

/** The contract of `DenoiseProvider`, one case a sentence. */
export function denoiseContract(options: DenoiseContractOptions): ContractCase[] {
  const bench = createDenoiseBench(options)
  return [
    ...cleanedSound(bench),
    ...callersApart(bench),
    ...denoiseEnds(bench),
    ...sharedCases(bench),
    bench.suite.last('closes', 'the provider closes, also twice'),
    bench.suite.leftBehind('stray-errors'),
  ]
}
