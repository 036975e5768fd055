import type { PluginContext, ProviderErrorClass } from '../../../contracts/index.ts'

/** Where a far end falls silent: it takes the request and never answers, or stops once it has begun to. */
export type StallPlace = 'at-once' | 'midway'

type MaybeProvider<Provider> = Provider | undefined | Promise<Provider | undefined>

/**
 * What every suite is told. Each way to make a provider is called with the context of a host (log, metrics, clock and
 * directory), which the suite reads back: hand it to the plugin.
 */
export interface ContractOptions<Provider> {
  /** A fresh provider on every call, ready to be used. */
  create(context: PluginContext): Provider | Promise<Provider>
  /**
   * A provider that cannot succeed (a server that refuses, a wrong key, a missing file). Present: cases that check
   * that faults are `ProviderError`s and harm nobody else.
   */
  createFailing?(context: PluginContext): Provider | Promise<Provider>
  /** The class of the fault that `createFailing` meets: `auth` for a refused key. Present: it is checked. */
  readonly failingClass?: ProviderErrorClass
  /**
   * A provider whose far end takes the request and then says nothing, for ever: `at-once` or `midway`, behind the
   * first piece of its answer. Present: cases that check that an abort and a close need no answer, and that nothing is
   * collected first. Without it a double that is quick hides a provider that ignores both. Gives nothing for a place
   * that cannot be: an answer that comes in one piece has no middle.
   */
  createStalled?(context: PluginContext, place: StallPlace): MaybeProvider<Provider>
  /** A provider whose far end breaks the connection behind the first piece of its answer. Present: a cut is told. */
  createCut?(context: PluginContext): MaybeProvider<Provider>
  /** Keys and tokens in the params of all these providers. Present: they are looked for in errors, logs and metrics. */
  readonly secrets?: readonly string[]
  /**
   * `false`: cases share one provider where they can, for engines that take long to load; run them in order and all
   * of them, since the last one closes it. Default `true`: a fresh provider for every case.
   */
  readonly isolated?: boolean
  /** The longest any one step may take before it counts as hanging. Default 15 s: a slow machine is no fault. */
  readonly stepTimeoutMs?: number
  /** How soon after an abort or a close things must be quiet. Default 3 s. */
  readonly promptMs?: number
  /** How long sockets and timers may take to disappear after everything was closed. Default 8 s: `fetch` keeps idle ones for 4. */
  readonly settleMs?: number
}
