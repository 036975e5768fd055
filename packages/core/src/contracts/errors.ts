import { networkClass } from './network-class.ts'
import { safely } from './safely.ts'
import { framesOf } from './stack-frames.ts'

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

const CLASSES: ReadonlySet<ProviderErrorClass> = new Set([
  'auth',
  'bad-request',
  'quota',
  'session-limit',
  'network',
  'timeout',
  'bad-data',
  'cancelled',
])
const RETRYABLE: ReadonlySet<ProviderErrorClass> = new Set(['quota', 'session-limit', 'network', 'timeout'])

/** Set on every `KavError`, whichever copy of the core made it: what is asked for in the place of `instanceof`. */
const KAV_ERROR = Symbol.for('kav.error')

/** An error with a stable code that `docs/errors.md` explains. Told from others by `isKavError`, not `instanceof`. */
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
    Object.defineProperty(this, KAV_ERROR, { value: true })
    this.code = code
    this.retryable = options.retryable ?? false
    this.details = options.details ?? {}
  }
}

/**
 * The one error a provider throws on purpose. What else it throws is its network's, or a fault of the plugin
 * (`asProviderError`). Told from others by `isProviderError`, not `instanceof`: two copies of the core may be installed.
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

/**
 * What a plugin threw that is neither a `ProviderError` nor its network's: a fault of the plugin. Of class `bad-data`:
 * the same again would fail again, another provider may do, and one odd answer takes it from no other call.
 */
class PluginBug extends ProviderError {
  override readonly code = 'KAV_PLUGIN_BUG'

  constructor(message: string, thrown: unknown) {
    const stack = framesOf(thrown)
    super('bad-data', message, { cause: thrown, ...(stack.length > 0 && { details: { stack } }) })
  }
}

/** Whether a thrown value is a `KavError`, of this copy of the core or another. Never throws. */
export function isKavError(thrown: unknown): thrown is KavError {
  return safely(() => isError(thrown) && (thrown as { [KAV_ERROR]?: unknown })[KAV_ERROR] === true) ?? false
}

/** Whether a thrown value is a `ProviderError` of a class known here, whichever copy of the core made it. Never throws. */
export function isProviderError(thrown: unknown): thrown is ProviderError {
  return (
    safely(
      () => isKavError(thrown) && 'class' in thrown && CLASSES.has(thrown.class as ProviderErrorClass),
    ) ?? false
  )
}

/** Any thrown value as a `ProviderError`, so that callers handle one shape. Never throws. */
export function asProviderError(thrown: unknown, doing: string): ProviderError {
  if (isProviderError(thrown)) return thrown
  const found = networkClass(thrown)
  if (found === 'cancelled') return new ProviderError(found, `${doing}: cancelled`, { cause: thrown })
  const message = `${doing}: ${messageOf(thrown)}`
  return found ? new ProviderError(found, message, { cause: thrown }) : new PluginBug(message, thrown)
}

/** Where a plugin broke, for the log line of its fault; empty for a fault that a provider threw on purpose. */
export function bugStack({ code, details }: ProviderError): { readonly stack?: readonly string[] } {
  return code === 'KAV_PLUGIN_BUG' && Array.isArray(details['stack'])
    ? { stack: details['stack'] as string[] }
    : {}
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
  return safely(() => thrown instanceof Error) ?? false
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
  return (
    safely(() => ('name' in thrown && typeof thrown.name === 'string' ? thrown.name : 'Error')) ?? 'Error'
  )
}
