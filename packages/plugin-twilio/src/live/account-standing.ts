import type { LiveFinding } from '@kav/core'
import { finding } from '@kav/core/kit'
import type { RestCredentials } from '../params/credentials.ts'
import type { TwilioSettings } from '../params/params.ts'
import type { RestAnswer, TwilioRest } from './twilio-rest.ts'

/** What is found of the account, and whether more can be asked. */
export interface AccountStanding {
  readonly findings: readonly LiveFinding[]
  readonly isUsable: boolean
}

export function missingCredentials(settings: TwilioSettings): LiveFinding {
  const names = (['account_sid', 'auth_token'] as const).filter(
    (name) => settings[name] === undefined && !(name === 'auth_token' && settings.api_key_sid !== undefined),
  )
  const missing = names.join(' and ')
  return finding.warning(
    `without ${missing} Twilio cannot be asked about the account and its numbers`,
    `Set ${missing} as the first page of the Twilio console shows them.`,
  )
}

/** @param answer to `GET /Accounts/{Sid}.json`. */
export async function accountStanding(
  answer: RestAnswer,
  rest: TwilioRest,
  by: RestCredentials,
): Promise<AccountStanding> {
  if (answer.ok) return { findings: [ofAccount(answer.fields, by)], isUsable: true }
  const isDenied = answer.status === 401 || answer.status === 403
  if (!isDenied || by.userParam !== 'api_key_sid') return { findings: [answer.refused], isUsable: false }
  return behindKey(rest, by)
}

type AccountFields = Extract<RestAnswer, { ok: true }>['fields']

/** `status` is active, suspended or closed; `type` Trial or Full (twilio.com/docs/iam/api/account). */
function ofAccount({ status, type }: AccountFields, by: RestCredentials): LiveFinding {
  if (status === 'suspended' || status === 'closed') {
    const fix =
      status === 'suspended'
        ? 'Open the Twilio console and settle what it says: mostly the balance.'
        : `Set account_sid and ${by.passwordParam} to those of an account that is open.`
    return finding.error(`the account is ${status}: no call comes in`, fix)
  }
  if (type === 'Trial') {
    return finding.warning(
      'the account takes the key and is a trial: callers hear a notice first, and only verified numbers can be called',
      'Upgrade the account in the Twilio console before real callers use it.',
    )
  }
  return finding.ok(`Twilio takes ${by.userParam} and ${by.passwordParam}; the account is active`)
}

/** A standard API key sees all of an account but its own resource (twilio.com/docs/iam/api-keys); a restricted one less. */
async function behindKey(
  rest: TwilioRest,
  { userParam, passwordParam }: RestCredentials,
): Promise<AccountStanding> {
  const numbers = await rest.get('/IncomingPhoneNumbers.json?PageSize=1')
  if (numbers.ok) {
    const message = `Twilio takes ${userParam} and ${passwordParam}; an API key does not show whether the account is active`
    return { findings: [finding.ok(message)], isUsable: true }
  }
  if (numbers.status !== 403) return { findings: [numbers.refused], isUsable: false }
  const denied = finding.warning(
    `${userParam} may not read the numbers of the account: what they point to cannot be compared`,
    'Let the key read phone numbers and update calls, or make a standard one.',
  )
  return { findings: [denied], isUsable: false }
}
