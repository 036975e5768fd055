import type { LiveFinding, PluginContext } from '@kav/core'
import { finding } from '@kav/core/kit'
import { settingsOf, type TwilioParams } from '../params.ts'
import { publicUrlOf } from '../public-url.ts'
import { clockFindings } from './clock-finding.ts'
import { numberFindings } from './number-findings.ts'
import { createTwilioRest, type RestAnswer } from './twilio-rest.ts'

/**
 * Asks Twilio's REST API about the account (`GET /Accounts/{Sid}.json`) and where its numbers point
 * (`GET …/IncomingPhoneNumbers.json`), and compares the clocks. Reads only. Half a minute in all; numbers in full.
 */
export async function liveCheck(
  params: TwilioParams,
  { clock }: Pick<PluginContext, 'clock'>,
): Promise<readonly LiveFinding[]> {
  const {
    account_sid: accountSid,
    auth_token: authToken,
    public_url: publicUrl,
    ...settings
  } = settingsOf(params)
  if (accountSid === undefined || authToken === undefined) {
    const missing =
      accountSid === undefined
        ? authToken === undefined
          ? 'account_sid and auth_token'
          : 'account_sid'
        : 'auth_token'
    return [
      finding.warning(
        `without ${missing} Twilio cannot be asked about the account and its numbers`,
        `Set ${missing} as the first page of the Twilio console shows them.`,
      ),
    ]
  }
  const rest = createTwilioRest({ accountSid, authToken, baseUrl: settings.api_base_url }, clock)
  const account = await rest.get('.json')
  const date = account.headers?.get('date') ?? null
  const clocks = clockFindings(date, clock.wallMs())
  if (!account.ok) return [account.refused, ...clocks]
  const standing = accountFinding(account.fields)
  if (publicUrl === undefined) {
    const message = 'without public_url the webhooks of the account’s numbers cannot be compared'
    return [
      ...standing,
      finding.warning(message, 'Set public_url to the address by which Twilio reaches this server.'),
      ...clocks,
    ]
  }
  const ours = publicUrlOf(publicUrl, settings.voice_path, false)
  return [...standing, ...(await numberFindings(rest, ours)), ...clocks]
}

type AccountFields = Extract<RestAnswer, { ok: true }>['fields']

/** `status` is active, suspended or closed; `type` Trial or Full (twilio.com/docs/iam/api/account). */
function accountFinding({ status, type }: AccountFields): readonly LiveFinding[] {
  if (status === 'suspended' || status === 'closed') {
    const fix =
      status === 'suspended'
        ? 'Open the Twilio console and settle what it says: mostly the balance.'
        : 'Set account_sid and auth_token to those of an account that is open.'
    return [finding.error(`the account is ${status}: no call comes in`, fix)]
  }
  if (type === 'Trial') {
    return [
      finding.warning(
        'the account takes the key and is a trial: callers hear a notice first, and only verified numbers can be called',
        'Upgrade the account in the Twilio console before real callers use it.',
      ),
    ]
  }
  return [finding.ok('Twilio takes account_sid and auth_token; the account is active')]
}
