import type { VadProvider } from '../../../contracts/index.ts'
import { expect, type ContractCase } from '../common/contract-case.ts'
import type { VadBench } from './vad-bench.ts'

const STREAMS = 8
/** Some seconds of a call: what a stream counts, or fills, shows. */
const WINDOWS = 150

/** What a detector owes in the middle of many calls. */
export function longRun({ suite, speechFor, rateTogether }: VadBench): ContractCase[] {
  async function rates(provider: VadProvider): Promise<void> {
    const speech = speechFor(provider)
    const samples = provider.windowSamples * WINDOWS
    const long = Int16Array.from({ length: samples }, (_value, index) => speech[index % speech.length]!)
    const ratings = await rateTogether(
      provider,
      Array.from({ length: STREAMS }, () => long),
    )
    const wrong = ratings.flat().find((probability) => !(probability >= 0 && probability <= 1))
    expect(
      wrong === undefined,
      `probabilities for ${WINDOWS} windows of ${STREAMS} streams`,
      `one is ${wrong}`,
    )
  }
  return [suite.on('long-run', 'many streams are rated for as long as calls last', rates)]
}
