import type { VadProvider } from '../../../contracts/index.ts'
import { expect, within, type ContractCase } from '../common/contract-case.ts'
import { expectProviderError, settled } from '../common/outcome.ts'
import type { VadBench } from './vad-bench.ts'

/** Rates one window on a stream of its own; what that throws. */
export async function vadFaultOf({ rate, speechFor }: VadBench, provider: VadProvider): Promise<unknown> {
  const rated = async () => {
    const stream = provider.openStream()
    try {
      await rate(provider, [stream], speechFor(provider).slice(0, provider.windowSamples))
    } finally {
      stream.close()
    }
  }
  return (await settled(rated())).error
}

/** What a detector owes that cannot rate, and once it is closed. */
export function vadEnds(bench: VadBench): ContractCase[] {
  const { options, suite, stepMs, rate, speechFor } = bench

  async function settlesClosed(provider: VadProvider): Promise<void> {
    const windows = speechFor(provider).slice(0, provider.windowSamples)
    const stream = provider.openStream()
    await rate(provider, [stream], windows)
    await within(provider.close(), stepMs, 'provider.close to resolve')
    const { error } = await settled(rate(provider, [stream], windows))
    if (error !== undefined) expectProviderError(error, 'rate to reject after the close with')
  }

  return [
    suite.onFresh(['closes', 'fault'], 'a window that comes after the close is settled too', settlesClosed),
    ...(options.createFailing === undefined
      ? []
      : [
          suite.onFailing('fault', 'a fault is a ProviderError, at every window', async (provider) => {
            for (const time of ['first', 'second']) {
              const error = await vadFaultOf(bench, provider)
              expect(error !== undefined, `the ${time} window to be refused`, 'it was rated')
              expectProviderError(error, 'openStream or rate to throw')
            }
          }),
        ]),
  ]
}
