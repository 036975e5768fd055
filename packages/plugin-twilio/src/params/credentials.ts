import type { TwilioSettings } from './params.ts'

/** What REST requests are signed with (Basic authentication), for one account. */
export interface RestCredentials {
  readonly accountSid: string
  /** The account SID with its auth token, or an API key's SID with its secret. */
  readonly user: string
  readonly password: string
  /** The params the two are from, for messages. */
  readonly userParam: 'account_sid' | 'api_key_sid'
  readonly passwordParam: 'auth_token' | 'api_key_secret'
}

/** An API key wins: it can be withdrawn without changing what signs. `undefined` when something is missing. */
export function restCredentials(settings: TwilioSettings): RestCredentials | undefined {
  const { account_sid: accountSid, auth_token: authToken } = settings
  const { api_key_sid: keySid, api_key_secret: keySecret } = settings
  if (accountSid === undefined) return undefined
  if (keySid !== undefined && keySecret !== undefined) {
    const params = { userParam: 'api_key_sid', passwordParam: 'api_key_secret' } as const
    return { accountSid, user: keySid, password: keySecret, ...params }
  }
  if (authToken === undefined) return undefined
  const params = { userParam: 'account_sid', passwordParam: 'auth_token' } as const
  return { accountSid, user: accountSid, password: authToken, ...params }
}

/** The value of the `Authorization` header. */
export function basicAuthorization({ user, password }: RestCredentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** The auth tokens whose signatures and seals are accepted; our own are made with the first. */
export function authTokens(settings: TwilioSettings): readonly string[] {
  const { auth_token: first, auth_token_secondary: second } = settings
  return [first, second].filter((token) => token !== undefined)
}
