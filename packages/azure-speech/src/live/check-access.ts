import type { LiveFinding } from '@kav/core'
import { finding } from '@kav/core/kit'
import { ask, type LiveAsk } from './live-ask.ts'

/** Whether the service is there and takes the key or the token. Nothing is recognised or spoken. */
export async function checkAccess(asking: LiveAsk): Promise<LiveFinding> {
  const { place, credential } = asking
  if (place.kind === 'container') return checkContainer(asking, place.statusUrl)
  // Tokens are issued for keys only; the list of voices takes either.
  const isKey = credential.kind === 'key'
  const asked = isKey ? await ask(place.tokenUrl, 'POST', asking) : await ask(place.voicesUrl, 'GET', asking)
  return asked.refused ?? finding.ok(`${place.name} takes the ${credential.kind}`)
}

/** `apiStatus` is about the key the container was started with, for billing. */
async function checkContainer(asking: LiveAsk, statusUrl: string): Promise<LiveFinding> {
  const { name } = asking.place
  const asked = await ask(statusUrl, 'GET', asking)
  if (asked.refused) return asked.refused
  const json = asked.answer.json as { readonly apiStatus?: unknown } | null | undefined
  const status = json?.apiStatus
  if (status === 'Valid') return finding.ok(`the container at ${name} runs and its key is valid`)
  if (typeof status === 'string') {
    return finding.error(
      `the container at ${name} runs, and its key is not accepted (${status.slice(0, 40)})`,
      'Start the container with ApiKey and Billing of one Speech resource, and let it reach that.',
    )
  }
  return finding.ok(`${name} answers; what it recognises cannot be asked, a call tells`)
}
