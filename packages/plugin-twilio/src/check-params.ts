import type { ParamWarning } from '@kav/core'
import { isPlainElsewhere } from '@kav/core/kit'
import { missingForSignatures, RESERVED_PARAMETERS, settingsOf } from './params.ts'
import type { TwilioParams, TwilioSettings } from './params.ts'

const PATHS = ['voice_path', 'media_path', 'status_path'] as const
const ACCOUNT_SID = /^AC[0-9a-f]{32}$/i
const AUTH_TOKEN = /^[0-9a-f]{32}$/i

/** What the schema cannot judge: what will not start, and legal params that will likely not do what was meant. */
export function checkParams(params: TwilioParams): readonly ParamWarning[] {
  const settings = settingsOf(params)
  return [
    ...checkSignatures(settings),
    ...checkAccount(settings),
    ...checkPublicUrl(settings),
    ...checkPaths(settings),
    ...checkStreams(settings),
  ]
}

function checkSignatures(settings: TwilioSettings): ParamWarning[] {
  const off = 'off: anybody who finds the URL can place calls'
  if (!settings.validate_signature) return [warning(['validate_signature'], off)]
  return missingForSignatures(settings).map((name) => ({
    path: [name],
    message: `missing: signatures cannot be checked and the server will not start. Set it, or validate_signature: false for local use`,
    severity: 'error',
  }))
}

/** An account SID is AC and 32 hexadecimal digits, an auth token 32 of them (twilio.com/docs/glossary). */
function checkAccount(settings: TwilioSettings): ParamWarning[] {
  const { account_sid: sid, auth_token: token, api_base_url: api } = settings
  const found: ParamWarning[] = []
  if (sid === undefined || token === undefined) {
    const missing =
      'missing: calls cannot be transferred, and hanging up by closing the stream shows as error 31921 at Twilio'
    found.push(warning([sid === undefined ? 'account_sid' : 'auth_token'], missing))
  }
  if (sid !== undefined && token !== undefined && ACCOUNT_SID.test(token) && !ACCOUNT_SID.test(sid)) {
    const swapped =
      'account_sid and auth_token are swapped: the one that begins with AC is the account SID, no signature will fit'
    return [...found, warning(['account_sid'], swapped)]
  }
  if (sid !== undefined && !ACCOUNT_SID.test(sid)) found.push(warning(['account_sid'], notAnAccount(sid)))
  if (token !== undefined && /^(AC|SK)[0-9a-f]{32}$/i.test(token)) {
    const message = `is a SID, no auth token: Twilio signs with the primary auth token of the account, 32 hexadecimal digits`
    found.push(warning(['auth_token'], message))
  }
  if (token !== undefined && isPlainElsewhere(api)) {
    found.push(warning(['api_base_url'], 'is http: the auth token crosses the network readable; use https'))
  }
  return found
}

function notAnAccount(sid: string): string {
  const right = 'the account SID is AC and 32 hexadecimal digits, on the first page of the Twilio console'
  if (/^SK/i.test(sid)) return `is the SID of an API key: REST will refuse it with the auth token; ${right}`
  if (AUTH_TOKEN.test(sid)) return `looks like an auth token: hanging up and transferring will fail; ${right}`
  return `is not an account SID: hanging up and transferring will fail; ${right}`
}

function checkPublicUrl(settings: TwilioSettings): ParamWarning[] {
  const { public_url: url } = settings
  if (url === undefined) return []
  const found: ParamWarning[] = []
  if (url.startsWith('http://')) {
    found.push(warning(['public_url'], 'is http: Twilio connects media streams by wss only (31922)'))
  }
  const base = url.replace(/\/+$/, '')
  const ends = PATHS.map((name) => settings[name]).find((path) => path !== '/' && base.endsWith(path))
  if (ends !== undefined) {
    const meant = base.slice(0, -ends.length)
    const message = `ends in ${ends}, which Kav adds by itself, so no signature can fit; write "${meant}"`
    found.push(warning(['public_url'], message))
  }
  return found
}

function checkPaths(settings: TwilioSettings): ParamWarning[] {
  return PATHS.flatMap((name, index): ParamWarning[] => {
    const same = PATHS.slice(0, index).find((other) => settings[other] === settings[name])
    if (same === undefined) return []
    const message = `is the same as ${same}: voice_path, media_path and status_path must differ`
    return [{ path: [name], message, severity: 'error' }]
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
