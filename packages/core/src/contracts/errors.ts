/**
 * What kind of fault a provider met; decides what the core does next.
 *
 * | class         | retried | core's action                                     |
 * |---------------|---------|---------------------------------------------------|
 * | auth          | no      | next region or provider                           |
 * | bad-request   | no      | next region or provider; the message says what    |
 * | quota         | yes     | back off, then next provider                      |
 * | session-limit | yes     | reopen at once, replay                            |
 * | network       | yes     | 3 tries at 200 ms, then next region               |
 * | timeout       | yes     | as network; nobody who waited 1.5 s waits again   |
 * | bad-data      | no      | the reply or the session fails                    |
 * | cancelled     | no      | not a fault: the core asked for it                |
 *
 * How long the process then tries the provider last, and when it is probed: `providers/breaker-times.ts`.
 */
export type ProviderErrorClass =
  'auth' | 'bad-request' | 'quota' | 'session-limit' | 'network' | 'timeout' | 'bad-data' | 'cancelled'

const RETRYABLE: ReadonlySet<ProviderErrorClass> = new Set(['quota', 'session-limit', 'network', 'timeout'])

/** An error with a stable code that `docs/errors.md` explains. */
export class KavError extends Error {
  override readonly name: string = 'KavError'
  readonly code: string
  readonly retryable: boolean
  /** Facts for the log. Never secrets. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: string,
    message: string,
    options: { retryable?: boolean; details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? false
    this.details = options.details ?? {}
  }
}

/**
 * The one error a provider throws on purpose. Anything else it throws counts as `network`, not retryable.
 * `message` says what failed and what to check; it never holds a key, a token or a URL with one.
 */
export class ProviderError extends KavError {
  override readonly name = 'ProviderError'
  readonly class: ProviderErrorClass

  constructor(
    errorClass: ProviderErrorClass,
    message: string,
    options: { retryable?: boolean; details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(`KAV_PROVIDER_${errorClass.toUpperCase().replace('-', '_')}`, message, {
      ...options,
      retryable: options.retryable ?? RETRYABLE.has(errorClass),
    })
    this.class = errorClass
  }
}

/** Any thrown value as a `ProviderError`, so that callers handle one shape. */
export function asProviderError(thrown: unknown, doing: string): ProviderError {
  if (thrown instanceof ProviderError) return thrown
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new ProviderError('cancelled', `${doing}: cancelled`, { cause: thrown })
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new ProviderError('network', `${doing}: ${message}`, { retryable: false, cause: thrown })
}
