/** Providers with a memory: which are well, which of several is asked, and how an opening that hangs is outrun. */
export type { BreakerState, Trial } from './breaker.ts'
export { type HedgedOpening, HEDGE_AFTER_MS, openHedged, type OpeningTries } from './hedged-opening.ts'
export { createInOrder, type InOrder, type InOrderRequest, type ProviderFallback } from './in-order.ts'
export { type CallLlm, createLlmInOrder, type WithheldAnswer } from './llm-in-order.ts'
export { llmProbe, realtimeProbe, sttProbe, ttsProbe } from './probes.ts'
export { type HealthParts, type Probe, type ProviderHealth, RANK } from './provider-health.ts'
export { createProviderInstance, type ProviderInstance } from './provider-instance.ts'
export {
  createProviderPool,
  type NamedProvider,
  type PooledStages,
  type PoolProviders,
  type ProviderPool,
  type ProviderState,
} from './provider-pool.ts'
