import { ProviderError, type ProviderErrorClass } from '../../contracts/errors.ts'
import { Redactor } from '../secrets/index.ts'

/** What a plugin knows of its service's faults; the same rules for refused requests, upgrades and closed sockets. */
export interface FaultRules {
  /** What failed, as every message begins: `Deepgram recognition (nova-3)`. */
  readonly doing: string
  /** What a person should look at, by class: `{ auth: 'check stt.params.api_key' }`. */
  readonly checks?: Readonly<Partial<Record<ProviderErrorClass, string>>>
  /** Keys and tokens. None stands in a message, in whatever spelling. */
  readonly secrets?: readonly string[]
  /** Statuses and close codes that mean something else at this service, or what it says with them. Else: undefined. */
  classOf?(code: number, reason: string): ProviderErrorClass | undefined
}

/** Words of a server longer than this say nothing more. */
const MAX_REASON_CHARS = 500

export interface FaultFacts {
  readonly errorClass: ProviderErrorClass
  readonly retryable?: boolean | undefined
  /** The server's own words, or what is known instead. */
  readonly said: string
  readonly details?: Readonly<Record<string, unknown>> | undefined
  readonly cause?: unknown
}

/** The one place where the message of a service's fault is made: what failed, what was said, what to check. */
export function faultOf(facts: FaultFacts, rules: FaultRules): ProviderError {
  const { errorClass, retryable, cause } = facts
  const check = rules.checks?.[errorClass]
  const said = withoutSecrets(facts.said, rules.secrets ?? [])
  return new ProviderError(errorClass, `${rules.doing}: ${said}${check === undefined ? '' : ` (${check})`}`, {
    ...(retryable !== undefined && { retryable }),
    ...(cause !== undefined && { cause }),
    details: Object.fromEntries(
      Object.entries(facts.details ?? {}).filter(([, value]) => value !== undefined),
    ),
  })
}

/** A text of one line, cut, without secrets: the given ones and whatever looks like one. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const redactor = new Redactor()
  for (const secret of secrets) redactor.add(secret)
  // Cut twice: what is hidden may be longer than what it hides, and a server may send a megabyte.
  const clean = redactor.clean(text.slice(0, 4 * MAX_REASON_CHARS)).replaceAll(/\s+/g, ' ')
  return clean.trim().slice(0, MAX_REASON_CHARS)
}
