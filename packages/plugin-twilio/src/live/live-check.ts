import type { LiveFinding, PluginContext } from '@kav/core'
import { finding } from '@kav/core/kit'
import { restCredentials } from '../params/credentials.ts'
import { settingsOf, type TwilioParams } from '../params/params.ts'
import { publicUrlOf } from '../signing/public-url.ts'
import { accountStanding, missingCredentials } from './account-standing.ts'
import { clockFindings } from './clock-finding.ts'
import { numberFindings } from './number-findings.ts'
import { createTwilioRest } from './twilio-rest.ts'

/**
 * Asks Twilio's REST API about the account (`GET /Accounts/{Sid}.json`) and where its numbers point
 * (`GET …/IncomingPhoneNumbers.json`), and compares the clocks. Reads only. Half a minute in all; numbers in full.
 */
export async function liveCheck(
  params: TwilioParams,
  { clock }: Pick<PluginContext, 'clock'>,
): Promise<readonly LiveFinding[]> {
  const settings = settingsOf(params)
  const credentials = restCredentials(settings)
  if (credentials === undefined) return [missingCredentials(settings)]
  const rest = createTwilioRest(credentials, settings.api_base_url, clock)
  const account = await rest.get('.json')
  const clocks = clockFindings(account.headers?.get('date') ?? null, clock.wallMs())
  const standing = await accountStanding(account, rest, credentials)
  if (!standing.isUsable) return [...standing.findings, ...clocks]
  const { public_url: publicUrl } = settings
  if (publicUrl === undefined) {
    const message = 'without public_url the webhooks of the account’s numbers cannot be compared'
    return [
      ...standing.findings,
      finding.warning(message, 'Set public_url to the address by which Twilio reaches this server.'),
      ...clocks,
    ]
  }
  const ours = publicUrlOf(publicUrl, settings.voice_path, false)
  const numbers = await numberFindings(rest, ours, settings.stream_token === 'optional')
  return [...standing.findings, ...numbers, ...clocks]
}
