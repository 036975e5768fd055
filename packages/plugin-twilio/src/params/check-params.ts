import type { ParamWarning } from '@kav/core'
import { isPlainElsewhere } from '@kav/core/kit'
import { bareSecret, hasLeftovers } from './bare-secret.ts'
import { checkPublicUrl } from './check-public-url.ts'
import { restCredentials } from './credentials.ts'
import { RESERVED_PARAMETERS, settingsOf, TRANSPORT_PATHS } from './params.ts'
import type { TwilioParams, TwilioSettings } from './params.ts'
import { startFaults } from './start-faults.ts'

const ACCOUNT_SID = /^AC[0-9a-f]{32}$/
const KEY_SID = /^SK[0-9a-f]{32}$/i
const AUTH_TOKEN = /^[0-9a-f]{32}$/i
const SECRETS = [
  'account_sid',
  'auth_token',
  'auth_token_secondary',
  'api_key_sid',
  'api_key_secret',
] as const

/** What the schema cannot judge: what will not start, and legal params that will likely not do what was meant. */
export function checkParams(params: TwilioParams): readonly ParamWarning[] {
  const settings = settingsOf(params)
  const bare = bareSettings(settings)
  const faults = startFaults(settings)
  return [
    ...faults.map(({ param, message }) => fault([param], message)),
    ...checkSignatures(settings),
    ...checkLeftovers(settings),
    ...checkAccount(bare),
    ...checkKey(bare),
    ...(faults.some(({ param }) => param === 'public_url') ? [] : checkPublicUrl(settings)),
    ...checkPaths(settings),
    ...checkStreams(settings),
  ]
}

/** As they were meant: one fault is told once. */
function bareSettings(settings: TwilioSettings): TwilioSettings {
  const set = SECRETS.flatMap((name) => {
    const secret = settings[name]
    return secret === undefined ? [] : [[name, bareSecret(secret)] as const]
  })
  return { ...settings, ...Object.fromEntries(set) }
}

function checkSignatures({ validate_signature: checks }: TwilioSettings): ParamWarning[] {
  if (checks !== false) return []
  return [warning(['validate_signature'], 'off: anybody who finds the URL can place calls')]
}

function checkLeftovers(settings: TwilioSettings): ParamWarning[] {
  const message =
    'has white space or quotes in it, which nothing of Twilio’s has: it will be refused, and every call with it (403); take them out where the secret is kept'
  return SECRETS.filter((name) => hasLeftovers(settings[name] ?? '')).map((name) => warning([name], message))
}

/** An account SID is AC and 32 hexadecimal digits, an auth token 32 of them (twilio.com/docs/glossary). */
function checkAccount(settings: TwilioSettings): ParamWarning[] {
  const { account_sid: sid, auth_token: token } = settings
  const found: ParamWarning[] = []
  const credentials = restCredentials(settings)
  if (credentials === undefined) {
    const missing =
      'missing: calls cannot be transferred, and hanging up by closing the stream shows as error 31921 at Twilio'
    found.push(warning([sid === undefined ? 'account_sid' : 'auth_token'], missing))
  }
  if (sid !== undefined && token !== undefined && /^AC[0-9a-f]{32}$/i.test(token) && !/^AC/i.test(sid)) {
    const swapped =
      'account_sid and auth_token are swapped: the one that begins with AC is the account SID, no signature will fit'
    return [...found, warning(['account_sid'], swapped)]
  }
  if (sid !== undefined && !ACCOUNT_SID.test(sid)) found.push(warning(['account_sid'], notAnAccount(sid)))
  for (const name of ['auth_token', 'auth_token_secondary'] as const) {
    const message = notAToken(settings[name] ?? '')
    if (message !== undefined) found.push(warning([name], message))
  }
  if (credentials !== undefined && isPlainElsewhere(settings.api_base_url)) {
    const secret = credentials.passwordParam === 'auth_token' ? 'the auth token' : 'the API key'
    found.push(warning(['api_base_url'], `is http: ${secret} crosses the network readable; use https`))
  }
  return found
}

/** Servers that speak as Twilio does have tokens of other kinds: only what is nearly one of Twilio's is told. */
function notAToken(token: string): string | undefined {
  const refused = 'no signature will fit, and every call is refused (403)'
  if (/^(AC|SK)[0-9a-f]{32}$/i.test(token))
    return `is a SID, no auth token: Twilio signs with the primary auth token of the account, 32 hexadecimal digits`
  if (!/^[0-9a-f]{24,48}$/i.test(token)) return undefined
  if (token.length !== 32)
    return `has ${token.length} hexadecimal digits, and an auth token 32: ${refused}; copy it anew`
  return /[A-F]/.test(token)
    ? `has capital letters, and an auth token small ones: ${refused}; copy it anew`
    : undefined
}

function notAnAccount(sid: string): string {
  const right = 'the account SID is AC and 32 hexadecimal digits, on the first page of the Twilio console'
  if (/^AC[0-9a-f]{32}$/i.test(sid))
    return `has letters in another case, which Twilio does not take: AC is large, the others are small`
  if (/^AC[0-9a-f]{24,48}$/i.test(sid))
    return `has ${sid.length} characters in place of 34: hanging up and transferring will fail; ${right}`
  if (/^SK/i.test(sid)) return `is the SID of an API key: write it as api_key_sid; ${right}`
  if (AUTH_TOKEN.test(sid)) return `looks like an auth token: hanging up and transferring will fail; ${right}`
  return `is not an account SID: hanging up and transferring will fail; ${right}`
}

/** Of an API key the SID is SK and 32 hexadecimal digits, the secret 32 letters and digits (twilio.com/docs/iam/api-keys). */
function checkKey({ api_key_sid: sid, api_key_secret: secret }: TwilioSettings): ParamWarning[] {
  const found: ParamWarning[] = []
  if (sid !== undefined && !KEY_SID.test(sid)) {
    const swapped = KEY_SID.test(secret ?? '') ? ': it and api_key_secret are swapped' : ''
    const message = `is not the SID of an API key (SK and 32 hexadecimal digits)${swapped}: hanging up and transferring will fail`
    found.push(warning(['api_key_sid'], message))
  }
  return found
}

function checkPaths(settings: TwilioSettings): ParamWarning[] {
  return TRANSPORT_PATHS.flatMap((name, index): ParamWarning[] => {
    const same = TRANSPORT_PATHS.slice(0, index).find((other) => settings[other] === settings[name])
    if (same === undefined) return []
    return [fault([name], `is the same as ${same}: voice_path, media_path and status_path must differ`)]
  })
}

function checkStreams(settings: TwilioSettings): ParamWarning[] {
  const reserved = RESERVED_PARAMETERS.filter((name) => name in settings.stream_parameters).map((name) =>
    warning(['stream_parameters', name], 'is set by Kav itself and will be overwritten'),
  )
  if (settings.start_timeout_ms < settings.token_ttl_ms) return reserved
  const never = `never runs out: the stream's token is void after token_ttl_ms (${settings.token_ttl_ms}) already`
  return [...reserved, warning(['start_timeout_ms'], never)]
}

function warning(path: ParamWarning['path'], message: string): ParamWarning {
  return { path, message }
}

function fault(path: ParamWarning['path'], message: string): ParamWarning {
  return { path, message, severity: 'error' }
}
