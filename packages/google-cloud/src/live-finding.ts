import type { LiveFinding as Finding, ProviderError, ProviderErrorClass } from '@kav/core'
import { finding } from '@kav/core/kit'

/** One line of the comparison of params with what Google lists today. */
export interface LiveFinding extends Finding {
  readonly region: string
}

const MAX_MESSAGE = 500

/** What to do where a service has no advice of its own. */
const ADVICE: Readonly<Partial<Record<ProviderErrorClass, string>>> = {
  network: 'open port 443 to *.googleapis.com for this machine, and check endpoint',
  timeout: 'open port 443 to *.googleapis.com for this machine, and check endpoint',
}

/** Google refused to be asked, or did not answer; `checks` is what the service advises, by class. */
export function refusalFinding(
  error: ProviderError,
  region: string,
  checks: Readonly<Partial<Record<ProviderErrorClass, string>>>,
): LiveFinding {
  const advice =
    checks[error.class] ?? ADVICE[error.class] ?? 'ask again, and look at status.cloud.google.com'
  // The message of a call's error ends in the same advice.
  const said = error.message.replace(` (${advice})`, '').replaceAll(/\s+/g, ' ').slice(0, MAX_MESSAGE)
  return { region, ...finding.error(said, `${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`) }
}
