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
  if (isA(thrown, ProviderError)) return thrown
  if (isError(thrown) && nameOf(thrown) === 'AbortError') {
    return new ProviderError('cancelled', `${doing}: cancelled`, { cause: thrown })
  }
  const message = messageOf(thrown)
  return new ProviderError('network', `${doing}: ${message}`, { retryable: false, cause: thrown })
}

const MESSAGE_MAX = 2000

/**
 * What a thrown value says: the message of an error, anything else as text; 2,000 characters at most. Never throws,
 * whatever a plugin threw: an object without a prototype, a getter that throws, a revoked proxy.
 */
export function messageOf(thrown: unknown): string {
  try {
    const text = saidBy(thrown)
    return text.length > MESSAGE_MAX ? `${text.slice(0, MESSAGE_MAX)}…` : text
  } catch {
    return 'a value that cannot be shown'
  }
}

/** Whether a thrown value is an `Error`. Never throws. */
export function isError(thrown: unknown): thrown is Error {
  return isA(thrown, Error)
}

/** Any thrown value as an `Error`, itself when it is one; the message is `messageOf`'s. */
export function asError(thrown: unknown): Error {
  return isError(thrown) ? thrown : new Error(messageOf(thrown), { cause: thrown })
}

function saidBy(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown)
  if ('message' in thrown && typeof thrown.message === 'string')
    return thrown.message === '' ? nameOf(thrown) : thrown.message
  // An object that is no error says more by what it holds than "[object Object]".
  return JSON.stringify(thrown) ?? Object.prototype.toString.call(thrown)
}

function nameOf(thrown: object): string {
  try {
    return 'name' in thrown && typeof thrown.name === 'string' ? thrown.name : 'Error'
  } catch {
    return 'Error'
  }
}

/** `instanceof`, which a proxy may answer with a throw. */
function isA<T>(thrown: unknown, kind: abstract new (...args: never[]) => T): thrown is T {
  try {
    return thrown instanceof kind
  } catch {
    return false
  }
}
