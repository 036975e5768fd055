import { TRANSPORT_PATHS, type TwilioParams, type TwilioSettings } from './params.ts'

/** Params with which the transport does not start. */
export interface StartFault {
  readonly param: keyof TwilioParams
  readonly message: string
}

/** What would leave a door open, or lock all out. Told by the check of the params, and thrown where nobody checked. */
export function startFaults(settings: TwilioSettings): readonly StartFault[] {
  return [
    ...missingForSignatures(settings).map((param) => ({
      param,
      message:
        'missing: signatures cannot be checked and the server will not start. Set it, or validate_signature: false for local use',
    })),
    ...urlFault(settings),
    ...tokenFault(settings),
    ...secondaryFault(settings),
    ...keyFault(settings),
  ]
}

/** What is missing for checking signatures, as params' names. */
export function missingForSignatures(settings: TwilioSettings): readonly ('auth_token' | 'public_url')[] {
  if (settings.validate_signature === false) return []
  return (['auth_token', 'public_url'] as const).filter((name) => settings[name] === undefined)
}

/** The whole address of a webhook instead of what stands before its path. */
function urlFault(settings: TwilioSettings): readonly StartFault[] {
  const base = settings.public_url?.replace(/\/+$/, '') ?? ''
  const path = TRANSPORT_PATHS.map((name) => settings[name]).find((one) => one !== '/' && base.endsWith(one))
  if (path === undefined) return []
  const message = `ends in ${path}, which Kav adds by itself, so no signature can fit; write "${base.slice(0, -path.length)}"`
  return [{ param: 'public_url', message }]
}

/** Nothing but the token or the signature of its upgrade says whose stream it is. */
function tokenFault({
  stream_token: token,
  validate_signature: signature,
}: TwilioSettings): readonly StartFault[] {
  if (token === 'required' || signature === true) return []
  const message = `is optional, and validate_signature: ${signature} leaves the upgrade unchecked: anybody could open a stream. Set validate_signature: true, or stream_token: required`
  return [{ param: 'stream_token', message }]
}

function secondaryFault(settings: TwilioSettings): readonly StartFault[] {
  if (settings.auth_token_secondary === undefined || settings.auth_token !== undefined) return []
  const message = 'is set, and auth_token is not: write the only token as auth_token'
  return [{ param: 'auth_token_secondary', message }]
}

function keyFault({ api_key_sid: sid, api_key_secret: secret }: TwilioSettings): readonly StartFault[] {
  if ((sid === undefined) === (secret === undefined)) return []
  return sid === undefined
    ? [{ param: 'api_key_sid', message: 'missing: api_key_secret is of no use without the SID of its key' }]
    : [
        {
          param: 'api_key_secret',
          message:
            'missing: Twilio shows it once, when the key is made; without it leave out api_key_sid too',
        },
      ]
}
