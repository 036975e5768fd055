import type { DenoiseProvider } from '../../../contracts/index.ts'
import { type ContractCase, expect, within } from '../common/contract-case.ts'
import type { DenoiseBench } from './denoise-bench.ts'
import { leavesNothingOpen } from '../common/open-handles.ts'
import { settled } from '../common/outcome.ts'

/** What is thrown at a first piece. */
export async function denoiseFaultOf(
  { clean }: Pick<DenoiseBench, 'clean'>,
  provider: DenoiseProvider,
): Promise<unknown> {
  const cleaned = async () => {
    const session = provider.openSession(provider.sampleRatesHz[0]!)
    try {
      await clean(session, new Int16Array(320))
    } finally {
      session.close()
    }
  }
  return (await settled(cleaned())).error
}

/** How it ends, and what one does that cannot work. */
export function denoiseEnds(bench: DenoiseBench): ContractCase[] {
  const { options, suite, speechAt, cleanAlone, refusal } = bench

  async function closesAtWork(provider: DenoiseProvider): Promise<void> {
    const session = provider.openSession(provider.sampleRatesHz[0]!)
    const atWork = refusal('a piece cut off by close to reject with', () =>
      session.clean(speechAt(provider.sampleRatesHz[0]!)),
    )
    await within(provider.close(), suite.stepMs, 'provider.close to resolve at work')
    await within(atWork, suite.promptMs, 'the piece to settle after the close')
  }

  return [
    suite.on('refuses', 'a piece of a session that is closed is refused', async (provider) => {
      const session = provider.openSession(provider.sampleRatesHz[0]!)
      session.close()
      const isRefused = await refusal('clean after the close to reject with', () =>
        session.clean(new Int16Array(160)),
      )
      expect(isRefused, 'clean to reject after the close of its session', 'it resolved')
    }),
    suite.onFresh(['closes', 'fault'], 'close settles the piece under way', closesAtWork),
    suite.onFresh('refuses', 'a caller after the close is refused', async (provider) => {
      const { sampleRatesHz } = provider
      const session = provider.openSession(sampleRatesHz[0]!)
      await within(provider.close(), suite.stepMs, 'provider.close to resolve')
      const opens = await refusal('openSession after the close to throw', () => {
        provider.openSession(sampleRatesHz[0]!)
      })
      expect(opens, 'openSession to throw after the close', 'it opened one')
      const cleans = await refusal('clean after the close to reject with', () =>
        session.clean(new Int16Array(160)),
      )
      expect(cleans, 'clean to reject after the close', 'it resolved')
    }),
    suite.alone('nothing-left', 'nothing is left open when the provider was closed at work', async () => {
      await leavesNothingOpen(suite.settleMs, 'the provider was closed', async () => {
        const provider = await suite.create()
        const sampleRateHz = provider.sampleRatesHz[0]!
        await cleanAlone(provider, sampleRateHz, speechAt(sampleRateHz).subarray(0, 1600))
        await closesAtWork(provider)
      })
    }),
    ...(options.createFailing === undefined
      ? []
      : [
          suite.onFailing('fault', 'a fault is a ProviderError, at every caller', async (provider) => {
            await refusal('warm to reject with', () => provider.warm?.())
            for (const time of ['the first', 'the second']) {
              const opensAndCleans = async () => {
                const session = provider.openSession(provider.sampleRatesHz[0]!)
                await session.clean(new Int16Array(320))
              }
              const isRefused = await refusal('openSession or clean to throw', opensAndCleans)
              expect(isRefused, `${time} caller to be refused`, 'they were heard')
            }
          }),
        ]),
  ]
}
