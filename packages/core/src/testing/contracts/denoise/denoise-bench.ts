import type { DenoiseProvider, DenoiseSession } from '../../../contracts/index.ts'
import { within } from '../common/contract-case.ts'
import type { ContractOptions } from '../common/contract-options.ts'
import { refuses } from '../common/outcome.ts'
import { createSuite } from '../common/suite.ts'

export interface DenoiseContractOptions extends ContractOptions<DenoiseProvider> {
  /** Signed 16-bit samples of someone speaking, at one of the provider's rates; a second or more. */
  speech(sampleRateHz: number): Int16Array
  /** Two seconds or more of what it takes out, as long as it likes to settle. Default a steady hiss. */
  noise?(sampleRateHz: number): Int16Array
  /** How much quieter the second half of `noise` must become, in decibels. Default 6. */
  readonly minReductionDb?: number
  /** How far two answers to the same sound may be apart, in steps of 16 bits. Default 1. */
  readonly tolerance?: number
}

/** How the cases have sound cleaned. */
export function createDenoiseBench(options: DenoiseContractOptions) {
  const suite = createSuite('denoise', options)
  const { stepMs } = suite
  const tolerance = options.tolerance ?? 1

  const speechAt = (sampleRateHz: number) => options.speech(sampleRateHz).slice()
  const noiseAt = (sampleRateHz: number) => (options.noise?.(sampleRateHz) ?? hiss(2 * sampleRateHz)).slice()

  /** One piece, in place. What is thrown at once counts as a rejection. */
  const clean = (session: DenoiseSession, piece: Int16Array): Promise<void> =>
    within((async () => session.clean(piece))(), stepMs, 'clean to settle')

  /** All of a sound, in pieces of so many samples in turn, each in memory that is used again. */
  async function cleanAll(
    session: DenoiseSession,
    sound: Int16Array,
    pieces: readonly number[] = [Math.max(1, Math.floor(sound.length / 25))],
  ): Promise<Int16Array> {
    const result = new Int16Array(sound.length)
    const lent = new Int16Array(Math.max(...pieces))
    for (let at = 0, turn = 0; at < sound.length; turn++) {
      const piece = lent.subarray(0, Math.min(pieces[turn % pieces.length]!, sound.length - at))
      piece.set(sound.subarray(at, at + piece.length))
      await clean(session, piece)
      result.set(piece, at)
      at += piece.length
      lent.fill(0x5555)
    }
    return result
  }

  /** The same on a session of its own. */
  async function cleanAlone(
    provider: DenoiseProvider,
    sampleRateHz: number,
    sound: Int16Array,
    pieces?: readonly number[],
  ): Promise<Int16Array> {
    const session = provider.openSession(sampleRateHz)
    try {
      return await cleanAll(session, sound, pieces)
    } finally {
      session.close()
    }
  }

  const isSame = (got: Int16Array, wanted: Int16Array): boolean =>
    got.every((sample, at) => Math.abs(sample - wanted[at]!) <= tolerance)

  const refusal = (expected: string, work: () => Promise<void> | void): Promise<boolean> =>
    refuses(expected, work, stepMs)

  return { options, suite, speechAt, noiseAt, clean, cleanAll, cleanAlone, isSame, refusal }
}
export type DenoiseBench = ReturnType<typeof createDenoiseBench>

/** Every value up to 300 as likely as another. */
function hiss(length: number): Int16Array {
  let state = 7
  return Int16Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.round(300 * ((state >> 15) / 32_768 - 1))
  })
}

export function decibels(samples: Int16Array): number {
  return 10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 1) / samples.length)
}
