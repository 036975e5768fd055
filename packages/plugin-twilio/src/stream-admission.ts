import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { CallPlace, Logger, PluginContext, TransportCall, TransportHost } from '@kav/core'
import { readMediaFormat } from './media-format.ts'
import type { AdmittedStream, MediaSocket, StartRefusal } from './media-socket.ts'
import type { StreamStart } from './messages.ts'
import type { TwilioSettings } from './params.ts'
import type { PromisedCalls } from './promised-calls.ts'
import type { CallControl } from './rest-client.ts'
import type { StreamConnection } from './stream-connection.ts'
import type { StreamTokens } from './stream-token.ts'
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
  readonly host: Pick<TransportHost, 'admitPromised'>
  /** Whether this call has a stream that is on. */
  isUp(callSid: string): boolean
}

/** A WebSocket, what it was upgraded from, and what of that it sees. */
export interface OpenSocket {
  readonly socket: WebSocket
  readonly connection: Duplex
  readonly seen: StreamConnection
}

/** A stream that has started becomes a call when its token and its format allow it: its place was promised before. */
export function admitStream(
  parts: AdmissionParts,
  { socket, connection }: OpenSocket,
  start: StreamStart,
  stream: MediaSocket,
): AdmittedStream | StartRefusal {
  const { streamSid, callSid } = start
  if (streamSid === undefined || callSid === undefined) {
    return { closeCode: 1008, reason: 'bad-start', detail: 'start has no streamSid or no callSid' }
  }
  const { token, ...callParams } = start.parameters
  const fault = parts.tokens.redeem(token, callSid)
  if (typeof fault === 'string') return { closeCode: 1008, reason: fault }
  // The one that is on stays: whoever comes second may have been let in by a recorded request.
  if (parts.isUp(callSid)) return { closeCode: 1008, reason: 'call-is-up' }
  const verdict = readMediaFormat(start.mediaFormat)
  if ('problem' in verdict) return { closeCode: 1003, reason: 'unsupported-format', detail: verdict.problem }
  const call = createTwilioCall({
    callSid,
    streamSid,
    format: verdict.format,
    params: callParams,
    socket,
    connection,
    control: parts.control,
    endTimeoutMs: parts.settings.end_timeout_ms,
    context: parts.context,
    closeStream: () => stream.close(1000, 'call ended', 'agent'),
  })
  const place = (): CallPlace => placeFor(call.transportCall, parts)
  return {
    call,
    place:
      fault === undefined
        ? place()
        : fault.then((late) => (late ? { closeCode: 1008, reason: late } : place())),
  }
}

/** A call without a place here was promised by another process of the service. */
function placeFor({ id, params }: TransportCall, { promised, host }: AdmissionParts): CallPlace {
  return promised.take(id) ?? host.admitPromised({ id, from: params['from'], to: params['to'] })
}
