import {
  ProviderError,
  asProviderError,
  isProviderError,
  messageOf,
  type ProviderErrorClass,
} from '@kav/core'
import { type LiveFinding, refusalFinding } from './live-finding.ts'

/** What an error was about, for its message and its log fields. Nothing secret. */
export interface ErrorPlace {
  readonly doing: string
  readonly region: string
  readonly api?: string
  readonly model?: string
  readonly voice?: string
  readonly language?: string
}

/** How one service of Google speaks of its errors. */
export interface ServiceErrors {
  /** The service as every message begins, `Google Speech-to-Text`. */
  readonly service: string
  /** Whose params a message names. */
  readonly stage: 'stt' | 'tts'
  /** What to check, by class. */
  readonly checks: Readonly<Partial<Record<ProviderErrorClass, string>>>
  /** Statuses that mean something else at this service. */
  readonly classes?: Readonly<Record<number, ProviderErrorClass>>
}

export interface GrpcErrors {
  /** Any error of the SDK as the one error a provider throws. */
  readonly classifyError: (thrown: unknown, place: ErrorPlace) => ProviderError
  /** Loading or checking credentials failed before any request: a file that is missing, a key that is none. */
  readonly classifyCredentialsError: (thrown: unknown, place: ErrorPlace) => ProviderError
  /** The same for a live check: what was refused, and what to do about it. */
  readonly refused: (error: ProviderError, region: string) => LiveFinding
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
  // Text-to-Speech: a stream that got no input for 5 s.
  10: ['ABORTED', 'session-limit'],
  11: ['OUT_OF_RANGE', 'bad-request'],
  12: ['UNIMPLEMENTED', 'bad-request'],
  13: ['INTERNAL', 'network'],
  14: ['UNAVAILABLE', 'network'],
  15: ['DATA_LOSS', 'network'],
  16: ['UNAUTHENTICATED', 'auth'],
}

const NETWORK_CAUSE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|socket hang up/

export function createGrpcErrors(of: ServiceErrors): GrpcErrors {
  const describe = (place: ErrorPlace): string => {
    const parts = [place.api, `region ${place.region}`, place.model, place.voice, place.language]
    return `${of.service} ${place.doing} (${parts.filter(Boolean).join(', ')})`
  }

  return {
    refused: (error, region) => refusalFinding(error, region, of.checks),
    classifyError(thrown, place) {
      if (isProviderError(thrown)) return thrown
      const code = grpcCode(thrown)
      if (code === undefined) return asProviderError(thrown, describe(place))
      const details = detailsOf(thrown)
      const [status, usualClass] = STATUS[code] ?? [`status ${code}`, 'network' as const]
      const statusClass = of.classes?.[code] ?? usualClass
      const errorClass = credentialsFailed(details) ? credentialsClass(details) : statusClass
      const hint = of.checks[errorClass]
      return new ProviderError(
        errorClass,
        `${describe(place)}: ${status}: ${details}${hint === undefined ? '' : ` (${hint})`}`,
        { details: { ...place, status }, cause: thrown },
      )
    },
    classifyCredentialsError(thrown, place) {
      if (isProviderError(thrown)) return thrown
      const message = messageOf(thrown)
      return new ProviderError(
        credentialsClass(message),
        `${describe(place)}: no usable credentials: ${message} (set ${of.stage}.params.credentials, or GOOGLE_APPLICATION_CREDENTIALS)`,
        { details: { ...place }, cause: thrown },
      )
    },
  }
}

/** The auth library failed while it made the call's token; grpc-js reports that as a status of its own. */
function credentialsFailed(details: string): boolean {
  return details.includes('Getting metadata from plugin failed')
}

function credentialsClass(message: string): ProviderErrorClass {
  return NETWORK_CAUSE.test(message) ? 'network' : 'auth'
}

function grpcCode(thrown: unknown): number | undefined {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'number' ? code : undefined
}

function detailsOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return messageOf(thrown)
  if ('details' in thrown && typeof thrown.details === 'string' && thrown.details !== '')
    return thrown.details
  return 'message' in thrown ? messageOf(thrown) : 'no details'
}
