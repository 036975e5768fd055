import { AISDKError, APICallError } from '@ai-sdk/provider'
import {
  asProviderError,
  isProviderError,
  messageOf,
  ProviderError,
  type ProviderErrorClass,
} from '@kav/core'
import { Redactor } from '@kav/core/kit'
import { fieldsOf, textOf } from './foreign-fields.ts'

/** What a class of fault asks a person to look at. */
const CHECK: Readonly<Partial<Record<ProviderErrorClass, string>>> = {
  auth: 'check api_key',
  'bad-request': 'check package, model, base_url and the options',
  network: 'check base_url and the network',
}

/** What providers call their faults: in the middle of a stream there is no status. */
const CLASS_BY_TYPE: Readonly<Record<string, ProviderErrorClass>> = {
  authentication_error: 'auth',
  permission_error: 'auth',
  billing_error: 'quota',
  rate_limit_error: 'quota',
  invalid_request_error: 'bad-request',
  not_found_error: 'bad-request',
  request_too_large: 'bad-request',
  timeout_error: 'timeout',
  overloaded_error: 'network',
  api_error: 'network',
  UNAUTHENTICATED: 'auth',
  PERMISSION_DENIED: 'auth',
  RESOURCE_EXHAUSTED: 'quota',
  INVALID_ARGUMENT: 'bad-request',
  NOT_FOUND: 'bad-request',
  DEADLINE_EXCEEDED: 'timeout',
  UNAVAILABLE: 'network',
  INTERNAL: 'network',
}

/** The SDK's own errors that no provider sent, by the names that it brands them with. */
const CLASS_BY_NAME: Readonly<Record<string, ProviderErrorClass>> = {
  AI_LoadAPIKeyError: 'auth',
  AI_LoadSettingError: 'bad-request',
  AI_NoSuchModelError: 'bad-request',
  AI_UnsupportedFunctionalityError: 'bad-request',
  AI_InvalidPromptError: 'bad-request',
  AI_InvalidArgumentError: 'bad-request',
  AI_JSONParseError: 'bad-data',
  AI_TypeValidationError: 'bad-data',
  AI_InvalidResponseDataError: 'bad-data',
  AI_EmptyResponseBodyError: 'bad-data',
  AI_NoContentGeneratedError: 'bad-data',
}

/** Their messages quote what came, which people may have said. */
const QUOTES_WHAT_CAME = new Set([
  'AI_JSONParseError',
  'AI_TypeValidationError',
  'AI_InvalidResponseDataError',
])

const NO_ANSWER = 'the provider sent something that is no answer'

const MAX_MESSAGE_CHARS = 500
/** Of a provider's own name for a fault. */
const MAX_WORD_CHARS = 100
const redactor = new Redactor()

/**
 * Whatever a model package threw, or told in its stream, as a `ProviderError`. Errors of the AI SDK are told by the
 * marks they bear, so that those of another copy or version of it are known too.
 */
export function providerErrorFrom(thrown: unknown, doing: string): ProviderError {
  if (isProviderError(thrown)) return thrown
  if (APICallError.isInstance(thrown)) return fromCall(thrown, doing)
  if (AISDKError.isInstance(thrown)) return fromSdk(thrown.name, thrown.message, doing)
  if (!(thrown instanceof Error)) return fromStream(thrown, doing)
  if (thrown.name === 'AbortError') return asProviderError(thrown, doing)
  if (thrown instanceof RangeError) return errorOf('bad-data', `${doing}: ${thrown.message}`)
  // Of the network it would have a cause: this one is of the package, or of what it was sent.
  const isBug = (thrown instanceof TypeError || thrown instanceof SyntaxError) && thrown.cause === undefined
  return errorOf(isBug ? 'bad-data' : 'network', `${doing}: ${withCause(thrown)}`)
}

/** The provider ended the answer, for a reason of its own. */
export function gaveUp(reason: string | undefined, doing: string): ProviderError {
  return errorOf('bad-data', `${doing}: the model gave up${reason ? ` (${reason.slice(0, 60)})` : ''}`)
}

function fromCall(error: APICallError, doing: string): ProviderError {
  const { statusCode: status, cause } = error
  // Of an answer that was cut, or was none.
  if (status !== undefined && status < 300) {
    return cause instanceof Error
      ? providerErrorFrom(cause, doing)
      : errorOf('bad-data', `${doing}: ${NO_ANSWER}`)
  }
  const sent = error.data ?? parsed(error.responseBody)
  // A package may make a status of its own for what the SDK found wrong in the first piece of an answer.
  const name = textOf(fieldsOf(sent).name)
  if (name !== undefined && CLASS_BY_NAME[name] !== undefined) return fromSdk(name, error.message, doing)
  const { type } = faultOf(sent)
  const details = { status, type, retryAfterMs: retryAfterMs(error.responseHeaders) }
  const errorClass = classOf(status, type)
  const told = status === undefined ? withCause(error) : `${status} ${error.message}`
  return errorOf(errorClass, `${doing}: ${told}`, details, retryOf(status, error.message))
}

/** Found by the SDK, not told by the provider. */
function fromSdk(name: string, message: string, doing: string): ProviderError {
  const told = QUOTES_WHAT_CAME.has(name) ? NO_ANSWER : message
  return errorOf(CLASS_BY_NAME[name] ?? 'bad-data', `${doing}: ${told}`)
}

/** A fault in the provider's own words, such as `{type: 'overloaded_error', message}`. */
function fromStream(sent: unknown, doing: string): ProviderError {
  const { type, message } = faultOf(sent)
  const told = message ?? (typeof sent === 'string' ? sent : 'the provider reports an error and no reason')
  return errorOf(classOf(undefined, type), `${doing}: ${told}`, { type })
}

function faultOf(sent: unknown): {
  readonly type?: string | undefined
  readonly message?: string | undefined
} {
  const fault = fieldsOf(fieldsOf(sent).error ?? sent)
  return { type: textOf(fault.type) ?? textOf(fault.status), message: textOf(fault.message) }
}

function classOf(status: number | undefined, type: string | undefined): ProviderErrorClass {
  const byType = type === undefined ? undefined : CLASS_BY_TYPE[type]
  if (status === undefined) return byType ?? 'network'
  if (status === 401 || status === 403) return 'auth'
  if (status === 402 || status === 429) return 'quota'
  if (status === 408 || status === 504) return 'timeout'
  if (status === 409 || status === 425) return 'network'
  // What the first piece of a stream tells has a status that its package made.
  if (status >= 500) return byType ?? 'network'
  return byType ?? 'bad-request'
}

/** What is used up does not come back by waiting. */
function retryOf(status: number | undefined, message: string): { retryable?: boolean } {
  return status === 402 || /credit balance|billing|insufficient_quota/i.test(message)
    ? { retryable: false }
    : {}
}

function errorOf(
  errorClass: ProviderErrorClass,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
  options: { retryable?: boolean } = {},
): ProviderError {
  const check = CHECK[errorClass]
  const told = redactor.clean(message.replace(/\s+/g, ' ').slice(0, MAX_MESSAGE_CHARS))
  return new ProviderError(errorClass, `${told}${check ? ` (${check})` : ''}`, {
    ...options,
    details: Object.fromEntries(
      Object.entries(details)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, typeof value === 'string' ? toldWord(value) : value]),
    ),
  })
}

function toldWord(word: string): string {
  return redactor.clean(word.slice(0, MAX_WORD_CHARS))
}

function parsed(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '')
  } catch {
    return undefined
  }
}

/** The innermost reason says most: `connect ECONNREFUSED`. */
function withCause(error: Error, depth = 0): string {
  const { cause } = error
  const message = messageOf(error)
  return cause instanceof Error && depth < 5 ? `${message} (${withCause(cause, depth + 1)})` : message
}

/** `Retry-After` in seconds, or as a date (RFC 9110 section 10.2.3). */
function retryAfterMs(headers: Readonly<Record<string, string>> | undefined): number | undefined {
  const header = headers?.['retry-after']
  if (header === undefined) return undefined
  const seconds = Number(header)
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now()
  return waitMs >= 0 ? Math.round(waitMs) : undefined
}
