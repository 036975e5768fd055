import { ProviderError, type ProviderErrorClass } from '@kav/core'
import { classOfStatus } from '@kav/core/kit'

/** What an error was about, for its message and its log fields. Nothing secret. */
export interface ErrorPlace {
  readonly doing: string
  readonly region: string
  readonly language?: string
  readonly voice?: string
  /** The region's key is not the other regions': its refusal is this region's fault alone. */
  readonly ownKey?: boolean
}

/** What the SDK reports: `CancellationErrorCode` by name and its text, which may hold URLs. */
export interface SdkFault {
  readonly code: string
  readonly details: string
}

/** `CancellationErrorCode` (SDK 1.52). `ConnectionFailure` is said of refused keys too: the HTTP status decides. */
const CODES: Readonly<Record<string, ProviderErrorClass>> = {
  AuthenticationFailure: 'auth',
  Forbidden: 'auth',
  BadRequestParameters: 'bad-request',
  TooManyRequests: 'quota',
  ServiceTimeout: 'timeout',
  NoError: 'network',
  ConnectionFailure: 'network',
  ServiceError: 'network',
  RuntimeError: 'network',
}

/** A fault of the SDK as the one error a provider throws. `secrets` never appear in it. */
export type ClassifyFault = (fault: SdkFault, place: ErrorPlace, secrets: readonly string[]) => ProviderError

/** `checks` says what to check, by class. */
export function createFaultClassifier(
  checks: Readonly<Partial<Record<ProviderErrorClass, string>>>,
): ClassifyFault {
  return (fault, place, secrets) => {
    const status = httpStatus(fault.details)
    let errorClass = status === undefined ? fromCode(fault) : classOfStatus(status)
    const hint = checks[errorClass]
    if (errorClass === 'auth' && place.ownKey === true) errorClass = 'bad-request'
    const where = [`region ${place.region}`, place.language, place.voice].filter((part) => part !== undefined)
    const what = scrub(fault.details, secrets) || fault.code
    return new ProviderError(
      errorClass,
      `Azure Speech ${place.doing} (${where.join(', ')}): ${what}${hint === undefined ? '' : ` (${hint})`}`,
      { details: { ...place, code: fault.code, ...(status !== undefined && { status }) } },
    )
  }
}

/** The status with which an upgrade was refused; the SDK passes on only the text of `ws`. */
function httpStatus(details: string): number | undefined {
  const match = /Unexpected server response: (\d{3})/.exec(details)
  return match?.[1] === undefined ? undefined : Number(match[1])
}

function fromCode(fault: SdkFault): ProviderErrorClass {
  // The service's own close codes: throttled, and a request it cannot read.
  if (/error code: 4429\b/.test(fault.details)) return 'quota'
  if (/error code: 1007\b/.test(fault.details)) return 'bad-request'
  return CODES[fault.code] ?? 'network'
}

/**
 * Text without keys and tokens. The SDK puts them into URLs, so a URL's query goes as a whole, and so do the
 * configured secrets wherever they stand.
 */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) {
    if (secret.length < 4) continue
    clean = clean.replaceAll(secret, '(hidden)').replaceAll(encodeURIComponent(secret), '(hidden)')
  }
  return clean
    .replaceAll(/(\w+:\/\/[^\s?]+)\?\S*/g, '$1?(hidden)')
    .replaceAll(/(Ocp-Apim-Subscription-Key|Authorization)([=:]\s*)(Bearer\s+)?[^\s&]+/gi, '$1$2(hidden)')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
