import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type {
  AudioFormat,
  CallPlace,
  CallRefusal,
  Logger,
  OfferedCall,
  PluginContext,
  TransportHost,
} from '@kav/core'
import { isCallSid } from '../webhook/call-sid.ts'
import { readMediaFormat } from './media-format.ts'
import type { AdmittedStream, MediaSocket, StartRefusal } from './media-socket.ts'
import type { StreamStart } from './messages.ts'
import type { TwilioSettings } from '../params/params.ts'
import type { PromisedCalls } from '../webhook/promised-calls.ts'
import type { CallControl } from '../rest/rest-client.ts'
import type { StreamConnection } from './stream-connection.ts'
import { joinedValues } from '../webhook/long-values.ts'
import type { Redeemed, StreamTokens, TokenVerdict } from '../webhook/stream-token.ts'
import { createTwilioCall } from './twilio-call.ts'

/** What streams are run with, and calls are made with. */
export interface StreamParts {
  readonly settings: TwilioSettings
  readonly context: PluginContext
  /** For streams that have not started. */
  readonly limitedLog: Logger
  readonly tokens: StreamTokens
  readonly promised: PromisedCalls
  /** Absent: no account to control calls with. */
  readonly control: CallControl | undefined
}

/** What judges the start of a stream. */
export interface AdmissionParts extends StreamParts {
  readonly host: Pick<TransportHost, 'admit' | 'admitPromised'>
  /** Whether this call has a stream that is on. */
  isUp(callSid: string): boolean
  /** A stream without a token, which need have none, asks for a place. */
  readonly noticeTokenless: (callSid: string) => void
}

/** A WebSocket, what it was upgraded from, and what of that it sees. */
export interface OpenSocket {
  readonly socket: WebSocket
  readonly connection: Duplex
  readonly seen: StreamConnection
  /** The operator's own, and not the carrier's: it was offered here, and the carrier's API knows no such call. */
  readonly isBrowser: boolean
}

/** Of other implementations; it stands in every message that is written. */
const MAX_STREAM_SID_CHARACTERS = 256
/** Names and values of all parameters: they live as long as the call, and stand in its record. */
const MAX_PARAMETER_BYTES = 16_384
/** The call is handed over as soon as there is a place. */
const TAKE_PLACE_MS = 1000

/** What a `start` says of the call that it is to become. */
interface StartedCall {
  readonly callSid: string
  readonly streamSid: string
  readonly params: Readonly<Record<string, string>>
}

/**
 * A stream that has started becomes a call when its token and its format allow it: its place was promised before. One
 * that brings no token, where it need not, has its place asked for here.
 */
export function admitStream(
  parts: AdmissionParts,
  { socket, connection, isBrowser }: OpenSocket,
  start: StreamStart,
  stream: MediaSocket,
): AdmittedStream | StartRefusal {
  const { streamSid, callSid } = start
  if (streamSid === undefined || callSid === undefined) return badStart('it has no streamSid or no callSid')
  if (!isCallSid(callSid) || streamSid.length > MAX_STREAM_SID_CHARACTERS) {
    return badStart('its streamSid or callSid can be none')
  }
  const { token = '', ...params } = start.parameters
  const isOrdered = isBrowser || token !== '' || parts.settings.stream_token === 'required'
  const verdict = isOrdered ? parts.tokens.redeem(token, callSid) : {}
  if (typeof verdict === 'string') return { closeCode: 1008, reason: verdict }
  const judged = judgeStart(start, callSid, parts)
  if ('closeCode' in judged) return judged
  // What is ordered by us brings `stream_parameters` along.
  const given = isOrdered ? joinedValues(params) : { ...parts.settings.stream_parameters, ...params }
  const started: StartedCall = { callSid, streamSid, params: given }
  const place = isOrdered ? promisedPlace(started, verdict, parts) : askForPlace(started, parts)
  if ('closeCode' in place) return place
  const call = createTwilioCall({
    callSid,
    streamSid,
    params: given,
    format: judged.format,
    socket,
    connection,
    control: isBrowser ? undefined : parts.control,
    endTimeoutMs: parts.settings.end_timeout_ms,
    context: parts.context,
    closeStream: () => stream.close(1000, 'call ended', 'agent'),
  })
  return { call, place }
}

function badStart(detail: string): StartRefusal {
  return { closeCode: 1008, reason: 'bad-start', detail }
}

function judgeStart(
  { parameters, mediaFormat }: StreamStart,
  callSid: string,
  { isUp }: AdmissionParts,
): { readonly format: AudioFormat } | StartRefusal {
  // The one that is on stays: whoever comes second may have been let in by a recorded request.
  if (isUp(callSid)) return { closeCode: 1008, reason: 'call-is-up' }
  if (sizeOf(parameters) > MAX_PARAMETER_BYTES) {
    const detail = `names and values of its parameters have more than ${MAX_PARAMETER_BYTES} bytes`
    return { closeCode: 1008, reason: 'parameters-too-large', detail }
  }
  const verdict = readMediaFormat(mediaFormat)
  if ('format' in verdict) return verdict
  return { closeCode: 1003, reason: 'unsupported-format', detail: verdict.problem }
}

function sizeOf(params: Readonly<Record<string, string>>): number {
  return Object.entries(params).reduce(
    (bytes, [name, value]) => bytes + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  )
}

/** A call without a place here was promised by another process of the service. */
function promisedPlace(
  call: StartedCall,
  verdict: Redeemed | Promise<TokenVerdict>,
  { promised, host }: AdmissionParts,
): CallPlace | Promise<CallPlace | StartRefusal> {
  const place = ({ ticket }: Redeemed): CallPlace =>
    promised.take(call.callSid) ?? host.admitPromised(offered(call), ticket)
  if (!(verdict instanceof Promise)) return place(verdict)
  return verdict.then((late) => (typeof late === 'string' ? { closeCode: 1008, reason: late } : place(late)))
}

/** No webhook of ours was asked about this call: it can still be told no, by a code that means "try again later". */
function askForPlace(
  call: StartedCall,
  { host, noticeTokenless }: AdmissionParts,
): CallPlace | StartRefusal | Promise<CallPlace | StartRefusal> {
  noticeTokenless(call.callSid)
  const answer = (asked: CallPlace | CallRefusal): CallPlace | StartRefusal =>
    'refused' in asked ? { closeCode: 1013, reason: asked.refused } : asked
  const asked = host.admit(offered(call), TAKE_PLACE_MS)
  return asked instanceof Promise ? asked.then(answer) : answer(asked)
}

function offered({ callSid, params }: StartedCall): OfferedCall {
  return { id: callSid, from: params['from'], to: params['to'] }
}
