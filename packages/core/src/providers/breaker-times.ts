import type { ProviderErrorClass } from '../contracts/errors.ts'

export interface FaultKind {
  /** Faults of this class in a row that open the breaker. */
  readonly faults: number
  /** How long it stays open at first; doubles with every probe that fails. */
  readonly firstMs: number
}

/** A key and a model mend when a person mends them, a quota when its minute is over, a network by itself. */
const FAULTS: Readonly<Record<Exclude<ProviderErrorClass, 'cancelled'>, FaultKind>> = {
  network: { faults: 1, firstMs: 2000 },
  timeout: { faults: 1, firstMs: 5000 },
  'session-limit': { faults: 1, firstMs: 5000 },
  quota: { faults: 1, firstMs: 15_000 },
  auth: { faults: 1, firstMs: 60_000 },
  // These may lie in what was asked: one odd clause is no reason to take the voice from every call.
  'bad-request': { faults: 3, firstMs: 60_000 },
  'bad-data': { faults: 3, firstMs: 5000 },
}

/** It opens, and hears nothing: a call that tries it again waits long to find out. */
export const DEAF: FaultKind = { faults: 1, firstMs: 60_000 }

/** The widest spacing of probes: what a provider that stays down costs is bounded by it. */
export const MAX_OPEN_MS = 300_000
/** A provider that fails again sooner than this after it was found well is taken up where it was left. */
export const STEADY_MS = 60_000

export function faultKind(errorClass: ProviderErrorClass): FaultKind | undefined {
  return errorClass === 'cancelled' ? undefined : FAULTS[errorClass]
}

/** How long a breaker stays open that has opened `times` times without being steady in between. */
export function openForMs(kind: FaultKind, times: number): number {
  return Math.min(kind.firstMs * 2 ** Math.min(times - 1, 20), MAX_OPEN_MS)
}
