import { RESERVED_PARAMETERS, settingsOf, type TwilioParams, type TwilioSettings } from '../params/params.ts'
import type { FormFields } from '../signing/form-fields.ts'
import { isPiece, pieces } from './long-values.ts'
import { fitParameter, type StreamParameter } from './twiml.ts'

/**
 * What the webhook says of a call that a pipeline may want to know, in the order in which it is told. In the call's
 * params they are called `answered_by` and so on. Sources: twilio.com/docs/voice/twiml (who and where),
 * /docs/voice/answering-machine-detection, /docs/voice/twiml/gather, /docs/voice/twiml/dial,
 * /docs/voice/trusted-calling-with-shakenstir, /docs/voice/api/receiving-sip.
 */
const FORWARDED_FIELDS = [
  'From',
  'To',
  'Direction',
  'AnsweredBy',
  'CallerName',
  'FromCountry',
  'FromState',
  'FromCity',
  'FromZip',
  'ToCountry',
  'ToState',
  'ToCity',
  'ToZip',
  'ForwardedFrom',
  'ParentCallSid',
  'CallStatus',
  'StirVerstat',
  'MachineDetectionDuration',
  'Digits',
  'FinishedOnKey',
  'SpeechResult',
  'Confidence',
  'DialCallStatus',
  'QueueResult',
  'SipDomain',
] as const

/** Headers of a SIP call that begin with `X-`: `SipHeader_X-Lead` is told as `sip_header_x_lead`. */
const SIP_HEADER = /^SipHeader_([A-Za-z0-9_-]{1,50})$/
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/
/** For which pipeline a call was placed: it comes back in the query, which the carrier signs. */
export const PIPELINE_IN_QUERY = 'kav_pipeline'
/** What the carrier, and Kav, add to the query for themselves. */
const CARRIERS_OWN: ReadonlySet<string> = new Set(['bodySHA256', PIPELINE_IN_QUERY])
/** The TwiML would grow past what the carrier takes. */
const MAX_QUERY_VALUES = 30
const MAX_SIP_HEADERS = 30
/** Names and values of all: the `start` that brings them back has to fit into what a new stream may send. */
const MAX_BYTES = 8192

export interface CallParameters {
  readonly parameters: readonly RankedParameter[]
  /** Values that were cut to what a `<Parameter>` carries. */
  readonly shortened: number
  /** Values for which there was no room. */
  readonly leftOut: number
}

/** `rank` 0 is kept first. */
export interface RankedParameter extends StreamParameter {
  readonly rank: number
}

/** `AnsweredBy` is `answered_by`. */
function parameterName(field: string): string {
  return field.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase()
}

/** The names a call's values may have; a webhook's query and a SIP call's headers may bring more. */
export function callValues(params: TwilioParams): readonly string[] {
  const own = Object.keys(settingsOf(params).stream_parameters)
  return [...new Set([...FORWARDED_FIELDS.map(parameterName), ...own])].filter((name) => name !== 'token')
}

/**
 * What the media stream is told of its call: `stream_parameters`, then the query of the webhook (which the carrier
 * has signed; a lead's number stands there), then what the carrier says of the call. The later one wins. Where there
 * is no room for all, what the carrier says has it first, and the query and the SIP headers last.
 */
export function streamParameters(
  request: { readonly fields: FormFields; readonly url: string },
  settings: TwilioSettings,
): CallParameters {
  const own = Object.entries(settings.stream_parameters)
  const query = queryValues(request.url)
  const sip = sipHeaders(request.fields)
  const values = new Map<string, RankedValue>()
  for (const [name, value] of own) values.set(name, { value, rank: 1 })
  for (const [name, value] of query.kept) values.set(name, { value, rank: 2 })
  for (const name of RESERVED_PARAMETERS) values.delete(name)
  for (const [name, value] of sip.kept) values.set(name, { value, rank: 3 })
  for (const field of FORWARDED_FIELDS) {
    const value = request.fields.get(field)?.[0]
    if (value !== undefined && value !== '') values.set(parameterName(field), { value, rank: 0 })
  }
  const fitted = fitAll(values)
  return { ...fitted, leftOut: fitted.leftOut + query.leftOut + sip.leftOut }
}

/**
 * The parameters with values that the host has for the call: a process that another one's stream comes to knows them
 * from here, long ones in several pieces. Those of the host count, and have room first.
 */
export function withValues(
  parameters: readonly RankedParameter[],
  values: Readonly<Record<string, string>> = {},
): { readonly parameters: readonly StreamParameter[]; readonly leftOut: number } {
  const told = parameters.filter(({ name }) => !Object.hasOwn(values, name))
  let bytes = 0
  const fits = (parts: readonly StreamParameter[]): boolean => {
    const size = bytesOf(parts)
    if (bytes + size > MAX_BYTES) return false
    bytes += size
    return true
  }
  const own = Object.entries(values)
    .filter(([name]) => !RESERVED_PARAMETERS.includes(name))
    .map(([name, value]) => pieces(name, value))
  const more = own.filter(fits)
  const first = new Set(told.toSorted((one, other) => one.rank - other.rank).filter((one) => fits([one])))
  const kept = told.flatMap((one) => (first.has(one) ? [{ name: one.name, value: one.value }] : []))
  return {
    parameters: [...kept, ...more.flat()],
    leftOut: told.length - kept.length + own.length - more.length,
  }
}

function bytesOf(parameters: readonly StreamParameter[]): number {
  return parameters.reduce(
    (sum, { name, value }) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  )
}

interface RankedValue {
  readonly value: string
  readonly rank: number
}

function fitAll(values: ReadonlyMap<string, RankedValue>): CallParameters {
  const all = [...values].map(([name, { value, rank }]) => {
    const fitting = fitParameter(name, value)
    return { name, value: fitting, rank, isShort: fitting !== value }
  })
  let bytes = 0
  const kept = new Set(
    all
      .toSorted((one, other) => one.rank - other.rank)
      .filter(({ name, value }) => {
        const size = Buffer.byteLength(name) + Buffer.byteLength(value)
        const fits = bytes + size <= MAX_BYTES
        if (fits) bytes += size
        return fits
      }),
  )
  return {
    parameters: all.filter((one) => kept.has(one)).map(({ name, value, rank }) => ({ name, value, rank })),
    shortened: [...kept].filter(({ isShort }) => isShort).length,
    leftOut: all.length - kept.size,
  }
}

/** For which pipeline a call was placed, as the address says that the carrier asks. */
export function pipelineIn(url: string): string | undefined {
  const at = url.indexOf('?')
  return at < 0 ? undefined : (new URLSearchParams(url.slice(at + 1)).get(PIPELINE_IN_QUERY) ?? undefined)
}

type NamedValues = { readonly kept: readonly (readonly [string, string])[]; readonly leftOut: number }

function queryValues(url: string): NamedValues {
  const at = url.indexOf('?')
  if (at < 0) return { kept: [], leftOut: 0 }
  const values = [...new URLSearchParams(url.slice(at + 1))].filter(
    ([name, value]) => NAME.test(name) && value !== '' && !CARRIERS_OWN.has(name) && !isPiece(name),
  )
  return atMost(MAX_QUERY_VALUES, values)
}

function sipHeaders(fields: FormFields): NamedValues {
  const values = [...fields].flatMap(([field, [value]]) => {
    const header = SIP_HEADER.exec(field)?.[1]
    if (header === undefined || value === undefined || value === '') return []
    return [[`sip_header_${header.toLowerCase().replaceAll('-', '_')}`, value] as const]
  })
  return atMost(MAX_SIP_HEADERS, values)
}

function atMost(count: number, values: NamedValues['kept']): NamedValues {
  return { kept: values.slice(0, count), leftOut: Math.max(0, values.length - count) }
}
