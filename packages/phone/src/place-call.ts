import { randomBytes } from 'node:crypto'
import type { TransportDouble } from '@kav/core'
import { createDoubleWire } from './double-wire.ts'
import { createPacer, type Pacer } from './pacer.ts'
import { openPhoneCall } from './open-phone-call.ts'
import type { PhoneCall } from './phone-call.ts'
import type { PhoneEvent } from './phone-event.ts'
import { dialUrlFor, openStreamSocket, publicStreamUrl, publicWebhookUrl } from './stream-socket.ts'
import { createStatusCallback } from './status-callback.ts'
import { systemClock } from './system-clock.ts'
import { readTwiml, type StreamTarget } from './twiml.ts'
import { requestVoiceWebhook, type CallIdentity, type VoiceWebhookOptions } from './voice-webhook.ts'

export interface PlaceCallOptions {
  /** The voice webhook, `http://127.0.0.1:8080/twilio/voice`. Either this, or `streamUrl`, or `through`. */
  readonly webhookUrl?: string
  /** In place of both: the double of any transport, and the server's own URL, `http://127.0.0.1:8080`. */
  readonly through?: { readonly double: TransportDouble; readonly url: string }
  /** Skips the webhook and opens this media stream, with `parameters` as its `<Parameter>`s. */
  readonly streamUrl?: string
  readonly parameters?: Readonly<Record<string, string>>
  readonly from?: string
  readonly to?: string
  readonly direction?: 'inbound' | 'outbound-api'
  /** `AC…`; the server may compare it with its own. */
  readonly accountSid?: string
  readonly callSid?: string
  /** Signs webhook and upgrade with it. Absent: no signatures. */
  readonly authToken?: string
  /** `webhook`: a bridge that signs its webhooks, and not the upgrade. Default `all`, as Twilio. */
  readonly signs?: 'all' | 'webhook'
  /** `false`: a bridge that sends no mark back. */
  readonly returnsMarks?: boolean
  /**
   * The public base URL that the server is configured with, `https://phone.example.com`. What is signed is under it,
   * and a stream URL on its host is dialled at the webhook's own address.
   */
  readonly publicUrl?: string
  readonly webhookTimeoutMs?: number
  readonly connectTimeoutMs?: number
  /** Time between `connected` and `start`; Twilio has none. */
  readonly startDelayMs?: number
  /** Keeps both channels for `recording`. Default true. */
  readonly record?: boolean
  /** Checks every message of the server. Default true; off for a bare echo server. */
  readonly strict?: boolean
  /** Shared by calls of one process. Default: one pacer on the machine's clock. */
  readonly pacer?: Pacer
  /** For jitter: 0 to 1. */
  readonly random?: () => number
  readonly onEvent?: (event: PhoneEvent) => void
}

let sharedPacer: Pacer | undefined

/** The pacer that all calls of the process share unless told otherwise. */
export function defaultPacer(): Pacer {
  sharedPacer ??= createPacer(systemClock)
  return sharedPacer
}

const sid = (prefix: string): string => prefix + randomBytes(16).toString('hex')

/**
 * Places one call: asks the webhook, opens the media stream it names and starts talking Twilio's protocol on it.
 * Resolves once `start` was sent (or is about to be, with `startDelayMs`). Rejects with a `PhoneError` that says
 * which step failed and what to check.
 */
export async function placeCall(options: PlaceCallOptions): Promise<PhoneCall> {
  const pacer = options.pacer ?? defaultPacer()
  const identity: CallIdentity = {
    accountSid: options.accountSid ?? sid('AC'),
    callSid: options.callSid ?? sid('CA'),
    from: options.from ?? '+15005550006',
    to: options.to ?? '+15005550001',
    direction: options.direction ?? 'inbound',
  }
  if (options.through) return placeCallThrough(options.through, identity, { ...options, pacer })
  const dialledMs = performance.now()
  const { target, dialUrl } = await findStream(identity, options)
  const answeredMs = performance.now()
  const socket = await openStreamSocket({
    url: target.url,
    dialUrl,
    ...(options.authToken !== undefined && options.signs !== 'webhook' && { authToken: options.authToken }),
    ...(options.connectTimeoutMs !== undefined && { timeoutMs: options.connectTimeoutMs }),
  })
  const openedMs = performance.now()
  const wire = {
    send(text: string) {
      if (socket.readyState === socket.OPEN) socket.send(text)
    },
    close: () => socket.close(1000),
    terminate: () => socket.terminate(),
  }
  const streamSid = sid('MZ')
  const handle = openPhoneCall(wire, {
    ...options,
    identity,
    streamSid,
    parameters: target.parameters,
    violations: target.violations,
    ...(target.statusCallback !== undefined && {
      statusCallback: createStatusCallback(
        identity,
        streamSid,
        target,
        statusCallbackAddress(options, target),
      ),
    }),
    pacer,
    setup: { webhookMs: answeredMs - dialledMs, connectMs: openedMs - answeredMs },
  })
  socket.on('message', (data: Buffer, isBinary: boolean) => handle.receive(data, isBinary))
  socket.on('close', (code) => handle.closed(code))
  socket.resume()
  return handle.call
}

/** The same on whatever the pipeline has for a transport: `connectMs` is all that the double takes. */
async function placeCallThrough(
  { double, url }: NonNullable<PlaceCallOptions['through']>,
  identity: CallIdentity,
  options: PlaceCallOptions & { readonly pacer: Pacer },
): Promise<PhoneCall> {
  const { from, to } = identity
  const streamSid = sid('MZ')
  const wire = createDoubleWire(streamSid)
  const dialledMs = performance.now()
  const line = await double.dial(url, { from, to, ...wire.heard })
  const handle = openPhoneCall(wire, {
    ...options,
    identity: { ...identity, callSid: line.id },
    streamSid,
    parameters: {},
    returnsMarks: line.played !== undefined,
    setup: { webhookMs: 0, connectMs: performance.now() - dialledMs },
  })
  wire.connect(line, handle)
  return handle.call
}

async function findStream(
  identity: CallIdentity,
  options: PlaceCallOptions,
): Promise<{ target: StreamTarget; dialUrl: string }> {
  const { webhookUrl, streamUrl, publicUrl } = options
  if (streamUrl !== undefined) {
    const url = publicUrl === undefined ? streamUrl : publicStreamUrl(streamUrl, publicUrl)
    const parameters = options.parameters ?? {}
    return { target: { url, parameters, verbsAfter: [], violations: [] }, dialUrl: streamUrl }
  }
  if (webhookUrl === undefined) throw new TypeError('placeCall needs webhookUrl, streamUrl or through')
  const twiml = await requestVoiceWebhook(identity, {
    url: webhookUrl,
    ...(publicUrl !== undefined && { publicUrl: publicWebhookUrl(webhookUrl, publicUrl) }),
    ...(options.authToken !== undefined && { authToken: options.authToken }),
    ...(options.webhookTimeoutMs !== undefined && { timeoutMs: options.webhookTimeoutMs }),
  })
  const target = readTwiml(twiml)
  return { target, dialUrl: dialUrlFor(target.url, webhookUrl, publicUrl) }
}

function statusCallbackAddress(options: PlaceCallOptions, target: StreamTarget): VoiceWebhookOptions {
  const publicUrl = target.statusCallback ?? ''
  const { webhookUrl } = options
  return {
    url: webhookUrl === undefined ? publicUrl : dialUrlFor(publicUrl, webhookUrl, options.publicUrl),
    publicUrl,
    ...(options.authToken !== undefined && { authToken: options.authToken }),
  }
}
