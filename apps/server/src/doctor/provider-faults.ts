import { asProviderError, type LiveFinding, type ProviderErrorClass } from '@kav/core'
import { finding } from '@kav/core/kit'

const FIXES: Readonly<Record<ProviderErrorClass, string>> = {
  auth: 'Correct the key, and give it the right to use this service.',
  'bad-request': 'Correct the param that the message is about.',
  quota: 'Raise the quota at the provider, or settle its bill.',
  'session-limit': 'Ask again; if it stays so, the provider ends sessions that it should keep.',
  network: 'Open the way to the provider in DNS, firewall and proxy.',
  timeout:
    'Look at the way to the provider and at its status page; a region or a model nearby answers sooner.',
  'bad-data': 'Look at which service answers there: it does not keep to its own protocol.',
  cancelled: 'Ask again.',
}

/** What went wrong when a provider was tried, in its own words, and what to do about it. */
export function faultFinding(thrown: unknown, doing: string): LiveFinding {
  const error = asProviderError(thrown, doing)
  return finding.error(`${doing}: ${error.message}`, FIXES[error.class] ?? FIXES['bad-data'])
}
