import type { PromiseKind, PromiseOf } from '../../promises/index.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { asAssertion, expect, within, type ContractCase } from './contract-case.ts'
import type { ContractOptions } from './contract-options.ts'
import { catchStrayErrors, type LateErrors } from './stray-errors.ts'
import { createWitness, type Lent, type Witness } from './witness.ts'

/** For what the last cases have left behind; what others have, had their time. */
const LATE_MS = 100

interface Closes {
  close(): Promise<void>
}
type Make<Provider> = (context: Lent['context']) => Provider | undefined | Promise<Provider | undefined>
type Body<Provider> = (provider: Provider) => Promise<void>

/** A suite under way: how cases get their provider and what they may ask of time. `Id`: the promises of its kind. */
export interface Suite<Provider extends Closes, Id extends string> {
  readonly stepMs: number
  readonly promptMs: number
  readonly settleMs: number
  readonly witness: Witness
  /** A case on a provider; the provider is closed afterwards unless it is shared. */
  on(proves: Id | readonly Id[], name: string, body: Body<Provider>): ContractCase
  /** A case on a provider of its own, whatever `isolated` says. */
  onFresh(proves: Id | readonly Id[], name: string, body: Body<Provider>): ContractCase
  /** A case on a provider that cannot succeed. */
  onFailing(proves: Id | readonly Id[], name: string, body: Body<Provider>): ContractCase
  /** A case that makes its own providers. */
  alone(proves: Id | readonly Id[], name: string, body: () => Promise<void>): ContractCase
  /** The case that closes the shared provider: behind it none comes but `leftBehind`. */
  last(proves: Id | readonly Id[], name: string): ContractCase
  /** The very last case: what surfaced of a case when that was over already. */
  leftBehind(proves: Id): ContractCase
  /** A provider for a case that makes its own. */
  create(): Promise<Provider>
  /** Makes a provider, has something done with it, and closes it; nothing where none is made. */
  use(make: Make<Provider>, body: Body<Provider>, lent?: Lent): Promise<void>
}

export function createSuite<Kind extends PromiseKind, Provider extends Closes>(
  kind: Kind,
  options: ContractOptions<Provider>,
): Suite<Provider, PromiseOf<Kind>> {
  const stepMs = options.stepTimeoutMs ?? 15_000
  const isolated = options.isolated ?? true
  const witness = createWitness()
  const late: LateErrors = { lines: [], areTold: false }
  let shared: Promise<Provider> | undefined

  const make = async (how: Make<Provider>, lent = witness.lend()) => how(lent.context)
  const create = async () => options.create(witness.lend().context)

  function alone(proves: string | readonly string[], name: string, body: () => Promise<void>): ContractCase {
    const run = async () => {
      try {
        await catchStrayErrors(body, { name, late })
      } catch (thrown) {
        throw asAssertion(thrown, 'every call to succeed')
      }
    }
    return { name, proves: [proves].flat().map((id) => `${kind}.${id}`), timeoutMs: stepMs * 4, run }
  }

  async function use(how: Make<Provider>, body: Body<Provider>, lent?: Lent): Promise<void> {
    const provider = await within(make(how, lent), stepMs, 'create to give a provider')
    if (provider === undefined) return
    try {
      await body(provider)
    } finally {
      await within(provider.close(), stepMs, 'provider.close to resolve')
    }
  }

  return {
    stepMs,
    promptMs: options.promptMs ?? 3000,
    settleMs: options.settleMs ?? 8000,
    witness,
    alone,
    create,
    use,
    on(proves, name, body) {
      return alone(proves, name, async () => {
        if (isolated) return use((context) => options.create(context), body)
        shared ??= create()
        return body(await shared)
      })
    },
    onFresh: (proves, name, body) =>
      alone(proves, name, () => use((context) => options.create(context), body)),
    onFailing: (proves, name, body) =>
      alone(proves, name, () => use((context) => options.createFailing!(context), body)),
    last(proves, name) {
      return alone(proves, name, async () => {
        const provider = await (shared ?? create())
        shared = undefined
        await within(provider.close(), stepMs, 'provider.close to resolve')
        await within(provider.close(), stepMs, 'provider.close to resolve when called again')
      })
    },
    leftBehind(proves) {
      return alone(proves, 'no case has left an error behind that nobody handles', async () => {
        await sleep(LATE_MS)
        late.areTold = true
        expect(late.lines.length === 0, 'no stray error', late.lines.join('\n'))
      })
    },
  }
}
