import type { FAULT_PROMISES, HOST_PROMISES, WORDS_PROMISES } from '../../promises/promise.ts'
import { isProviderError } from '../../../contracts/index.ts'
import { expect, turn, until, type ContractCase } from './contract-case.ts'
import type { ContractOptions } from './contract-options.ts'
import { expectProcessKept, processState } from './process-watch.ts'
import { watchResources } from './resource-watch.ts'
import type { Suite } from './suite.ts'
import { watchOutput } from './watch-output.ts'
import type { Lent } from './witness.ts'

type HostPromise = keyof typeof HOST_PROMISES
type WordsPromise = keyof typeof WORDS_PROMISES
type FaultPromise = keyof typeof FAULT_PROMISES

/** What the cases that are alike for all kinds have done with a provider; both make their own and close it. */
export interface HostProbe {
  /** Something ordinary, with words in it where the kind has any. */
  exercise(lent: Lent): Promise<void>
  /** What is thrown by a provider that cannot succeed. */
  provoke?(lent: Lent): Promise<unknown>
}

/** The probe that does `exercise` with a provider that works and `faultOf` with one that cannot. */
export function hostProbe<Provider extends { close(): Promise<void> }>(
  suite: Pick<Suite<Provider, never>, 'use'>,
  { create, createFailing }: Pick<ContractOptions<Provider>, 'create' | 'createFailing'>,
  given: {
    exercise(provider: Provider): Promise<unknown>
    faultOf?(provider: Provider): Promise<unknown>
  },
): HostProbe {
  const { exercise, faultOf } = given
  return {
    exercise: (lent) => suite.use(create, async (provider) => void (await exercise(provider)), lent),
    ...(createFailing &&
      faultOf && {
        async provoke(lent: Lent) {
          let thrown: unknown
          const fails = async (provider: Provider) => {
            thrown = await faultOf(provider)
          }
          await suite.use(createFailing, fails, lent)
          return thrown
        },
      }),
  }
}

/** Event-loop turns in which what `create` has begun shows. */
const TURNS = 3

/** What every provider owes its host: quiet making, timers, logs. */
export function hostCases<Provider extends { close(): Promise<void> }>(
  suite: Suite<Provider, HostPromise>,
  options: Pick<ContractOptions<Provider>, 'create' | 'secrets'>,
  { exercise, provoke }: HostProbe,
): ContractCase[] {
  const { witness, promptMs } = suite
  const { secrets = [] } = options
  return [
    suite.alone('quiet-create', 'create opens nothing and waits for nothing', async () => {
      const watch = watchResources()
      try {
        const { context } = witness.lend()
        const made = watch.run(() => options.create(context))
        // One that is awaited opens its double, too, perhaps.
        if (!(made instanceof Promise)) {
          for (let passed = 0; passed < TURNS; passed++) await turn()
          const opened = watch.opened()
          expect(opened.length === 0, 'create to open nothing', `it opened ${opened.join(', ')}`)
        }
        await (await made).close()
      } finally {
        watch.stop()
      }
    }),
    suite.alone('clock-timers', 'close leaves no timer waiting on the clock', async () => {
      const lent = witness.lend()
      await exercise(lent)
      const left = () => `no timer on the clock after close, not ${lent.pendingTimers},`
      await until(() => lent.pendingTimers === 0, promptMs, left)
    }),
    suite.alone('process-kept', 'the process is left as it was', async () => {
      const { before } = witness
      const start = processState()
      await exercise(witness.lend())
      const once = processState()
      await exercise(witness.lend())
      expectProcessKept({ before, start, once }, processState())
    }),
    ...(secrets.length === 0
      ? []
      : [
          suite.alone('secrets', 'no secret is in an error, a log line or a metric', async () => {
            const thrown: unknown[] = []
            await watchOutput(async () => {
              await exercise(witness.lend())
              if (provoke !== undefined) thrown.push(await provoke(witness.lend()))
            }, witness.printed)
            witness.expectNoSecret(secrets, thrown)
          }),
        ]),
  ]
}

/** That a fault is of the class that it is. */
export function classCases<Provider extends { close(): Promise<void> }>(
  suite: Suite<Provider, FaultPromise>,
  { failingClass }: Pick<ContractOptions<Provider>, 'failingClass'>,
  { provoke }: HostProbe,
): ContractCase[] {
  if (provoke === undefined || failingClass === undefined) return []
  return [
    suite.alone('fault-class', 'a fault is of the class that it is', async () => {
      const thrown = await provoke(suite.witness.lend())
      const found = isProviderError(thrown) ? `"${thrown.class}": ${thrown.message}` : String(thrown)
      const isRight = isProviderError(thrown) && thrown.class === failingClass
      expect(isRight, `a fault of class "${failingClass}"`, `it is ${found}`)
    }),
  ]
}

/** That what people say stays private. */
export function wordsCases<Provider extends { close(): Promise<void> }>(
  suite: Suite<Provider, WordsPromise>,
  { exercise, provoke }: HostProbe,
): ContractCase[] {
  const { witness } = suite
  return [
    suite.alone('private-words', 'what was said is logged under "private" alone', async () => {
      await watchOutput(async () => {
        await exercise(witness.lend())
        if (provoke !== undefined) await provoke(witness.lend())
      }, witness.printed)
      witness.expectPrivate()
    }),
  ]
}
