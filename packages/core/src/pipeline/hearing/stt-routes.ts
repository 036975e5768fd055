import { type AudioFormat, sameFormat } from '../../contracts/audio.ts'
import { ProviderError } from '../../contracts/errors.ts'
import type { SttProvider } from '../../contracts/stt.ts'

/** One way to get a session: a provider in one of its regions. */
export interface SttRoute {
  readonly plugin: string
  readonly provider: SttProvider
  readonly region: string | undefined
  /** What the provider will be given; the call's own format when it takes that. */
  readonly format: AudioFormat
}

export interface NamedStt {
  readonly plugin: string
  readonly provider: SttProvider
}

/** All routes in the order they are tried: each provider's regions, then the next provider's. */
export function listSttRoutes(providers: readonly NamedStt[], callFormat: AudioFormat): readonly SttRoute[] {
  return providers.flatMap(({ plugin, provider }) => {
    const format =
      provider.accepts.find((accepted) => sameFormat(accepted, callFormat)) ?? provider.accepts[0]
    if (!format) throw new ProviderError('bad-request', `${plugin}: accepts no audio format`)
    return (provider.regions?.length ? provider.regions : [undefined]).map((region) => ({
      plugin,
      provider,
      region,
      format,
    }))
  })
}

/** Where the search for a session stands. */
export interface RouteCursor {
  readonly route: SttRoute | undefined
  /** Tries on this route so far, the running one included. */
  readonly attempt: number
  /** Whether the next try should wait a little (a retry on the same route). */
  readonly backOff: boolean
  /** The running try failed, or the session it gave died at once. Moves on when the route is used up. */
  failed(error: ProviderError): void
  /** The route proved good: its tries count anew. */
  proved(): void
  /** From the first route again. */
  restart(): void
}

export const TRIES_PER_ROUTE = 3

/**
 * 3 tries on a route, then the next one. A fault that a retry cannot mend moves on at once: a key or a model
 * may be good in the next region only.
 */
export function createRouteCursor(routes: readonly SttRoute[]): RouteCursor {
  let index = 0
  let failures = 0
  return {
    get route() {
      return routes[index]
    },
    get attempt() {
      return failures + 1
    },
    get backOff() {
      return failures > 0
    },
    failed(error) {
      failures++
      if (error.retryable && failures < TRIES_PER_ROUTE) return
      failures = 0
      index++
    },
    proved() {
      failures = 0
    },
    restart() {
      index = 0
      failures = 0
    },
  }
}
