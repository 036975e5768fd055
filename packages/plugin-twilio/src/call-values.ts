import { RESERVED_PARAMETERS, settingsOf, type TwilioParams, type TwilioSettings } from './params.ts'
import type { FormFields } from './form-fields.ts'
import { fitParameter, type StreamParameter } from './twiml.ts'

/** What the webhook says of a call that a pipeline may want to know, and the name it gets in the call's params. */
const FORWARDED_FIELDS: readonly (readonly [field: string, parameter: string])[] = [
  ['From', 'from'],
  ['To', 'to'],
  ['Direction', 'direction'],
  ['AnsweredBy', 'answered_by'],
  ['CallerName', 'caller_name'],
  ['FromCountry', 'from_country'],
  ['FromState', 'from_state'],
  ['FromCity', 'from_city'],
  ['ForwardedFrom', 'forwarded_from'],
  ['ParentCallSid', 'parent_call_sid'],
]

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/
/** What the carrier adds to the query for itself. */
const CARRIERS_OWN: ReadonlySet<string> = new Set(['bodySHA256'])
/** The TwiML would grow past what the carrier takes. */
const MAX_QUERY_VALUES = 30

/** The names a call's values may have; a webhook's query may bring more. */
export function callValues(params: TwilioParams): readonly string[] {
  const own = Object.keys(settingsOf(params).stream_parameters)
  const forwarded = FORWARDED_FIELDS.map(([, parameter]) => parameter)
  return [...new Set([...forwarded, ...own])].filter((name) => name !== 'token')
}

/**
 * What the media stream is told of its call: `stream_parameters`, then the query of the webhook (which the carrier
 * has signed; a lead's number stands there), then what the carrier says of the call. The later one wins.
 */
export function streamParameters(
  request: { readonly fields: FormFields; readonly url: string },
  settings: TwilioSettings,
): StreamParameter[] {
  const parameters = new Map(Object.entries(settings.stream_parameters))
  for (const [name, value] of queryValues(request.url)) parameters.set(name, value)
  for (const name of RESERVED_PARAMETERS) parameters.delete(name)
  for (const [field, name] of FORWARDED_FIELDS) {
    const value = request.fields.get(field)?.[0]
    if (value !== undefined && value !== '') parameters.set(name, value)
  }
  return [...parameters].map(([name, value]) => ({ name, value: fitParameter(name, value) }))
}

function queryValues(url: string): readonly (readonly [string, string])[] {
  const at = url.indexOf('?')
  if (at < 0) return []
  return [...new URLSearchParams(url.slice(at + 1))]
    .filter(([name, value]) => NAME.test(name) && value !== '' && !CARRIERS_OWN.has(name))
    .slice(0, MAX_QUERY_VALUES)
}
