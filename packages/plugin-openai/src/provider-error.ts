import { asProviderError, isProviderError, ProviderError, type ProviderErrorClass } from '@kav/core'
import { classOfStatus, retryAfterMs } from '@kav/core/kit'

/** The facts an SDK error, an in-stream error or a Realtime `error` event may carry. */
interface Fault {
  readonly status?: number | undefined
  readonly code?: string | undefined
  readonly type?: string | undefined
  readonly message: string
  readonly requestId?: string | undefined
  readonly retryAfterMs?: number | undefined
}

/** What a class of fault asks a person to look at. */
const CHECK: Readonly<Partial<Record<ProviderErrorClass, string>>> = {
  auth: 'check api_key, organization and project',
  'bad-request': 'check base_url, the model name and the params',
  network: 'check base_url and the network',
}

/**
 * Any value thrown by the SDK, by `fetch`, or by a body being read, as a `ProviderError`.
 * Kinds of fault: SDK errors with a status (`APIError` of openai 6), errors inside an SSE stream (no status),
 * `TypeError: terminated` for a connection cut mid-body, `SyntaxError` for a body that is not JSON.
 */
export function providerErrorFrom(thrown: unknown, doing: string): ProviderError {
  if (isProviderError(thrown)) return thrown
  if (!(thrown instanceof Error)) return asProviderError(thrown, doing)
  if (thrown.name === 'AbortError' || thrown.constructor.name === 'APIUserAbortError') {
    return new ProviderError('cancelled', `${doing}: cancelled`, { cause: thrown })
  }
  if (thrown instanceof SyntaxError) {
    return new ProviderError('bad-data', `${doing}: the server sent something that is not JSON`)
  }
  if (thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof ReferenceError) {
    const told = asProviderError(thrown, doing)
    if (told.code === 'KAV_PLUGIN_BUG') return told
  }
  const facts = thrown as Error & {
    status?: unknown
    code?: unknown
    type?: unknown
    requestID?: unknown
    headers?: unknown
  }
  return providerErrorOf(
    {
      status: typeof facts.status === 'number' ? facts.status : undefined,
      code: textOrNothing(facts.code) ?? causeCode(thrown),
      type: textOrNothing(facts.type),
      message: innermostMessage(thrown),
      requestId: textOrNothing(facts.requestID),
      retryAfterMs: retryAfterMs(facts.headers as Headers | undefined, Date.now()),
    },
    doing,
  )
}

/** A fault the server described itself: an `error` event of Realtime, a failed response, an error chunk. */
export function providerErrorOf(fault: Fault, doing: string): ProviderError {
  const { errorClass, retryable } = classify(fault)
  const check = CHECK[errorClass]
  const status =
    fault.status === undefined || fault.message.startsWith(String(fault.status)) ? '' : `${fault.status} `
  const message = `${doing}: ${status}${withoutKeys(fault.message)}${check ? ` (${check})` : ''}`
  return new ProviderError(errorClass, message, {
    ...(retryable === undefined ? {} : { retryable }),
    details: Object.fromEntries(
      Object.entries({
        status: fault.status,
        code: fault.code,
        type: fault.type,
        requestId: fault.requestId,
        retryAfterMs: fault.retryAfterMs,
      }).filter(([, value]) => value !== undefined),
    ),
  })
}

/** Codes that mean the same with every status, and without one. */
const CLASS_BY_CODE: Readonly<Record<string, ProviderErrorClass>> = {
  rate_limit_exceeded: 'quota',
  rate_limit_error: 'quota',
  insufficient_quota: 'quota',
  billing_hard_limit_reached: 'quota',
  session_expired: 'session-limit',
  invalid_api_key: 'auth',
  authentication_error: 'auth',
  unsupported_country_region_territory: 'bad-request',
  model_not_found: 'bad-request',
  context_length_exceeded: 'bad-request',
  invalid_request_error: 'bad-request',
  context_length: 'bad-request',
  server_error: 'network',
  server_overloaded: 'network',
  overloaded_error: 'network',
  api_error: 'network',
  timeout_error: 'timeout',
  rate_limited: 'quota',
  permission_error: 'auth',
  permission_denied: 'auth',
  not_found_error: 'bad-request',
  tool_use_failed: 'bad-data',
  // Classes of vLLM and SGLang.
  BadRequestError: 'bad-request',
  InternalServerError: 'network',
  AuthenticationError: 'auth',
  NotFoundError: 'bad-request',
  RateLimitError: 'quota',
  // google.rpc.Code
  INVALID_ARGUMENT: 'bad-request',
  FAILED_PRECONDITION: 'bad-request',
  NOT_FOUND: 'bad-request',
  CANCELLED: 'network',
  UNAUTHENTICATED: 'auth',
  PERMISSION_DENIED: 'auth',
  RESOURCE_EXHAUSTED: 'quota',
  UNAVAILABLE: 'network',
  INTERNAL: 'network',
  DEADLINE_EXCEEDED: 'timeout',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
}

/** Where neither a status nor a known code says it: words that services name and explain their faults with. */
const CLASS_BY_WORDS: readonly (readonly [RegExp, ProviderErrorClass])[] = [
  [
    /rate.?limit|too.?many|throttl|quota|exhausted|insufficient.?(?:balance|credit|fund)|credits|arrear/i,
    'quota',
  ],
  [/\bauth|unauth|_auth|permission|forbidden|access.?denied|api.?key|credential|login fail/i, 'auth'],
  [/time[ds]?.?out|deadline/i, 'timeout'],
  [/overload|unavailable|internal.?(?:server|error)|capacity/i, 'network'],
  [
    /invalid|validation|bad.?request|not.?found|unsupported|context.?(?:length|size|window)|too.?large/i,
    'bad-request',
  ],
]

function classOfWords(text: string): ProviderErrorClass | undefined {
  return CLASS_BY_WORDS.find(([words]) => words.test(text))?.[1]
}

/** Money, not speed: waiting does not help. */
const SPENT =
  /insufficient.?(?:quota|balance|credit|fund)|budget.?exceeded|arrear|current_quota|billing_hard_limit/i

function classify(fault: Fault): { errorClass: ProviderErrorClass; retryable?: boolean } {
  const status = fault.status ?? Number(fault.code)
  if (status === 402) return { errorClass: 'quota', retryable: false }
  const names = [fault.code, fault.type].filter((name) => name !== undefined)
  for (const name of names) {
    const known = CLASS_BY_CODE[name]
    // A type is vaguer than a status: 401 answers come as `invalid_request_error` too.
    if (known === undefined || (name === fault.type && fault.status !== undefined)) continue
    return SPENT.test(name) ? { errorClass: known, retryable: false } : { errorClass: known }
  }
  if (names.some((name) => SPENT.test(name))) return { errorClass: 'quota', retryable: false }
  if (status >= 400 && status < 600) return { errorClass: classOfStatus(status) }
  const byWords = [...names, fault.message].map(classOfWords).find((found) => found !== undefined)
  return { errorClass: byWords ?? classOfStatus(status) }
}

function innermostMessage(thrown: Error): string {
  const cause = thrown.cause
  if (!(cause instanceof Error) || cause.message === '') return thrown.message
  return `${thrown.message} (${innermostMessage(cause)})`
}

function causeCode(thrown: Error): string | undefined {
  for (let at: unknown = thrown.cause; at instanceof Error; at = at.cause) {
    const code = textOrNothing((at as Error & { code?: unknown }).code)
    if (code !== undefined) return code
  }
  return undefined
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' && value !== ''
    ? value
    : typeof value === 'number'
      ? String(value)
      : undefined
}

/** Servers repeat part of a refused key in their answer. */
function withoutKeys(text: string): string {
  return text
    .slice(0, 2_000)
    .replace(/\bsk-[\w*.-]+|\bBearer \S+|\b[\w-]{32,}\b/g, '[key]')
    .slice(0, 500)
}
