import type { ContractCase } from './contract-case.ts'
import { listenedSignal } from './listened-signal.ts'
import type { Suite } from './suite.ts'

/** One use of a provider, with a signal of its own, to its end. */
export interface SignalUse<Provider> {
  /** As what is over: `a reply has ended`. */
  readonly ends: string
  run(provider: Provider, signal: AbortSignal): Promise<unknown>
}

/** A signal may live as long as a call: whoever leaves a listener on it at each use fills the memory. */
export function signalCases<Provider extends { close(): Promise<void> }>(
  suite: Suite<Provider, 'signals'>,
  uses: readonly SignalUse<Provider>[],
): ContractCase[] {
  return [
    suite.on('signals', 'no listener is left on a signal', async (provider) => {
      for (const { ends, run } of uses) {
        const { signal, expectNoneLeft } = listenedSignal()
        await run(provider, signal)
        await expectNoneLeft(ends, suite.promptMs)
      }
    }),
  ]
}
