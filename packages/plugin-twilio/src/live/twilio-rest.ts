import type { Clock, LiveFinding } from '@kav/core'
import { askLive, finding, LIVE_CHECK_MS, type LiveAnswer, noAnswer } from '@kav/core/kit'
import { basicAuthorization, type RestCredentials } from '../params/credentials.ts'
import { publicUrlOf } from '../signing/public-url.ts'

/** The account's REST API, read only. */
export interface TwilioRest {
  /** Host of the API, for messages. */
  readonly host: string
  /** `path` is below the account: `.json`, `/IncomingPhoneNumbers.json`, or a whole one as pages name each other. */
  get(path: string): Promise<RestAnswer>
}

export type RestAnswer =
  | { readonly ok: true; readonly fields: Readonly<Record<string, unknown>>; readonly headers: Headers }
  | {
      readonly ok: false
      readonly refused: LiveFinding
      readonly headers?: Headers
      /** Of an answer that was Twilio's. */
      readonly status?: number
    }

/** Source: twilio.com/docs/usage/api: Basic authentication, errors with `code` and `message`. */
export function createTwilioRest(credentials: RestCredentials, baseUrl: string, clock: Clock): TwilioRest {
  const root = publicUrlOf(baseUrl, '', false)
  const own = `/2010-04-01/Accounts/${encodeURIComponent(credentials.accountSid)}`
  const { host } = new URL(root)
  const headers = { authorization: basicAuthorization(credentials) }
  const untilMs = clock.nowMs() + 2 * LIVE_CHECK_MS
  return {
    host,
    async get(path) {
      const limitMs = Math.max(1, Math.min(LIVE_CHECK_MS, untilMs - clock.nowMs()))
      const url = root + (path.startsWith('/2010-04-01/') ? path : own + path)
      try {
        return read(await askLive(url, { headers, clock, limitMs }), host, credentials)
      } catch (thrown) {
        return {
          ok: false,
          refused: noAnswer(thrown, { host, param: host === 'api.twilio.com' ? undefined : 'api_base_url' }),
        }
      }
    },
  }
}

function read(answer: LiveAnswer, host: string, by: RestCredentials): RestAnswer {
  const { status, headers, json } = answer
  const fields = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>
  const isTwilio = json !== undefined
  if (status === 200 && isTwilio) return { ok: true, fields, headers }
  const code = typeof fields['code'] === 'number' ? fields['code'] : undefined
  const said = `HTTP ${status}${code === undefined ? '' : `, error ${code}`}`
  if (!isTwilio && status < 500) {
    const refused = finding.error(
      `what answers at ${host} is not Twilio (${said})`,
      'Set api_base_url to https://api.twilio.com, or to the API of the account’s region.',
    )
    return { ok: false, headers, refused }
  }
  return { ok: false, headers, status, refused: refusal({ host, said, status, code }, by) }
}

interface Refused {
  readonly host: string
  readonly said: string
  readonly status: number
  readonly code: number | undefined
}

function refusal({ host, said, status, code }: Refused, by: RestCredentials): LiveFinding {
  // 20005 and 10001: the account is not active; 20008: test credentials reach no account.
  if (code === 20005 || code === 10001) {
    return finding.error(
      `the account is not active (${said}): no call comes in`,
      'Open the Twilio console and settle what it says about the account.',
    )
  }
  if (code === 20008) {
    return finding.error(
      `these are test credentials (${said})`,
      'Set account_sid and auth_token to the live credentials of the account.',
    )
  }
  if (status === 401 || status === 403 || status === 404) {
    const fix =
      by.userParam === 'api_key_sid'
        ? 'Make an API key of this very account in the Twilio console (API keys & tokens, standard), in the region of api_base_url, and copy SID and secret whole.'
        : 'Copy the Account SID and the primary auth token from the first page of the Twilio console; those of a subaccount or of another region belong together, and to api_base_url.'
    return finding.error(`Twilio refuses ${by.userParam} with ${by.passwordParam} (${said})`, fix)
  }
  if (status === 429) {
    return finding.warning(`Twilio answers no more questions now (${said})`, 'Ask again in a minute.')
  }
  if (status >= 500) {
    return finding.error(`Twilio's API fails (${said})`, 'Look at status.twilio.com, and ask again.')
  }
  return finding.error(`${host} answers ${said}`, 'Check account_sid and api_base_url.')
}
