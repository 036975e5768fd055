import { ProviderError, asProviderError, type ProviderErrorClass } from '@kav/core'

/** What an error was about, for its message and its log fields. Nothing secret. */
export interface ErrorPlace {
  readonly doing: string
  readonly region: string
  readonly voice: string
  readonly language: string
}

/** gRPC status codes (grpc.github.io/grpc/core/md_doc_statuscodes.html) and what each means for a call. */
const STATUS: Readonly<Record<number, readonly [name: string, errorClass: ProviderErrorClass]>> = {
  // Never ours: a stream we cancel reports nothing more. A server or a proxy that is going away does this.
  1: ['CANCELLED', 'network'],
  2: ['UNKNOWN', 'network'],
  3: ['INVALID_ARGUMENT', 'bad-request'],
  4: ['DEADLINE_EXCEEDED', 'timeout'],
  5: ['NOT_FOUND', 'bad-request'],
  6: ['ALREADY_EXISTS', 'bad-request'],
  7: ['PERMISSION_DENIED', 'auth'],
  8: ['RESOURCE_EXHAUSTED', 'quota'],
  9: ['FAILED_PRECONDITION', 'bad-request'],
  // A stream that got no input for 5 s.
  10: ['ABORTED', 'session-limit'],
  11: ['OUT_OF_RANGE', 'bad-request'],
  12: ['UNIMPLEMENTED', 'bad-request'],
  13: ['INTERNAL', 'network'],
  14: ['UNAVAILABLE', 'network'],
  15: ['DATA_LOSS', 'network'],
  16: ['UNAUTHENTICATED', 'auth'],
}

const CHECK: Readonly<Partial<Record<ProviderErrorClass, string>>> = {
  auth: 'check tts.params.credentials and that Text-to-Speech is enabled in its project',
  'bad-request': 'check tts.params.voice, language and region',
  quota: 'check the quotas of Text-to-Speech in the Google Cloud console',
}

const NETWORK_CAUSE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|socket hang up/

/** Any error of the SDK as the one error a provider throws. */
export function classifyError(thrown: unknown, place: ErrorPlace): ProviderError {
  if (thrown instanceof ProviderError) return thrown
  const code = grpcCode(thrown)
  if (code === undefined) return asProviderError(thrown, describe(place))
  const details = detailsOf(thrown)
  const [status, statusClass] = STATUS[code] ?? [`status ${code}`, 'network' as const]
  const errorClass = credentialsFailed(details)
    ? NETWORK_CAUSE.test(details)
      ? 'network'
      : 'auth'
    : statusClass
  const hint = CHECK[errorClass]
  return new ProviderError(
    errorClass,
    `${describe(place)}: ${status}: ${details}${hint === undefined ? '' : ` (${hint})`}`,
    { details: { ...place, status }, cause: thrown },
  )
}

/** Loading or checking credentials failed before any request: a file that is missing, a key that is none. */
export function classifyCredentialsError(thrown: unknown, place: ErrorPlace): ProviderError {
  if (thrown instanceof ProviderError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const errorClass = NETWORK_CAUSE.test(message) ? 'network' : 'auth'
  return new ProviderError(
    errorClass,
    `${describe(place)}: no usable credentials: ${message} (set tts.params.credentials, or GOOGLE_APPLICATION_CREDENTIALS)`,
    { details: { ...place }, cause: thrown },
  )
}

function describe(place: ErrorPlace): string {
  const parts = [`region ${place.region}`, place.voice, place.language].filter(Boolean)
  return `Google Text-to-Speech ${place.doing} (${parts.join(', ')})`
}

/** The auth library failed while it made the call's token; grpc-js reports that as a status of its own. */
function credentialsFailed(details: string): boolean {
  return details.includes('Getting metadata from plugin failed')
}

function grpcCode(thrown: unknown): number | undefined {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'number' ? code : undefined
}

function detailsOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown)
  if ('details' in thrown && typeof thrown.details === 'string' && thrown.details !== '')
    return thrown.details
  return 'message' in thrown ? String(thrown.message) : 'no details'
}
