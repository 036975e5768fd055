import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { ProviderError, type PluginContext, type TransportHost, type TransportProvider } from '@kav/core'
import { readMediaFormat } from './media-format.ts'
import { runMediaSocket, type MediaSocket, type StartRefusal } from './media-socket.ts'
import { createMediaUpgrade } from './media-upgrade.ts'
import type { StreamStart } from './messages.ts'
import { missingForSignatures, settingsOf, type TwilioParams } from './params.ts'
import { createRestClient, type CallControl } from './rest-client.ts'
import { createSignatureGate } from './signature-gate.ts'
import { createStatusCallback } from './status-callback.ts'
import { createStreamTokens } from './stream-token.ts'
import { createTwilioCall, type TwilioCall } from './twilio-call.ts'
import { createVoiceWebhook, plain } from './webhook.ts'

export function createTwilioTransport(params: TwilioParams, context: PluginContext): TransportProvider {
  const settings = settingsOf(params)
  const missing = missingForSignatures(settings)
  if (missing.length > 0) {
    throw new ProviderError(
      'bad-request',
      `Twilio transport: ${missing.join(' and ')} missing, so signatures cannot be checked. Set ${missing.length > 1 ? 'them' : 'it'}, or validate_signature: false for local use`,
      { details: { missing } },
    )
  }
  const { log, metrics, clock } = context
  const gate = createSignatureGate(settings, context)
  const tokens = createStreamTokens({
    ttlMs: settings.token_ttl_ms,
    clock,
    ...(settings.auth_token === undefined ? {} : { secret: settings.auth_token }),
  })
  const control: CallControl | undefined =
    settings.account_sid === undefined || settings.auth_token === undefined
      ? undefined
      : createRestClient({
          accountSid: settings.account_sid,
          authToken: settings.auth_token,
          baseUrl: settings.api_base_url,
          timeoutMs: settings.rest_timeout_ms,
          context,
        })
  const scratch = Buffer.alloc(settings.max_message_bytes)
  const streams = new Set<MediaSocket>()
  const pending = new Set<WebSocket>()
  let closed: Promise<void> | undefined
  let onAllGone = (): void => undefined

  const admit = (
    host: TransportHost,
    socket: WebSocket,
    connection: Duplex,
    start: StreamStart,
    stream: MediaSocket,
  ): TwilioCall | StartRefusal => {
    const { streamSid, callSid } = start
    if (streamSid === undefined || callSid === undefined) {
      return { closeCode: 1008, reason: 'bad-start', detail: 'start has no streamSid or no callSid' }
    }
    const { token, ...callParams } = start.parameters
    const fault = tokens.redeem(token, callSid)
    if (fault !== undefined) return { closeCode: 1008, reason: fault }
    const verdict = readMediaFormat(start.mediaFormat)
    if ('problem' in verdict)
      return { closeCode: 1003, reason: 'unsupported-format', detail: verdict.problem }
    // The webhook asked too, but other calls may have started since.
    const refusal = host.refusal()
    if (refusal !== undefined) return { closeCode: 1013, reason: 'not-accepting', detail: refusal }
    return createTwilioCall({
      callSid,
      streamSid,
      format: verdict.format,
      params: callParams,
      socket,
      connection,
      control,
      endTimeoutMs: settings.end_timeout_ms,
      context,
      closeStream: () => stream.close(1000, 'call ended', 'agent'),
    })
  }

  const onSocket = (host: TransportHost, socket: WebSocket, connection: Duplex): void => {
    pending.add(socket)
    const stream = runMediaSocket({
      socket,
      settings,
      context,
      scratch,
      admit: (start, self) => admit(host, socket, connection, start, self),
      onCall: (call) => host.onCall(call),
      onStarted: () => pending.delete(socket),
      onGone() {
        pending.delete(socket)
        streams.delete(stream)
        metrics.gauge('twilio_streams_open', streams.size)
        if (streams.size === 0) onAllGone()
      },
    })
    streams.add(stream)
    metrics.gauge('twilio_streams_open', streams.size)
  }

  const closeAll = async (): Promise<void> => {
    const gone = streams.size === 0 ? undefined : new Promise<void>((resolve) => (onAllGone = resolve))
    for (const stream of streams) stream.close(1001, 'shutting down', 'shutdown')
    control?.close()
    await gone
  }

  return {
    attach(host) {
      if (!settings.validate_signature) {
        log.warn({}, 'TWILIO: signatures are not checked (validate_signature: false); for local use only')
      }
      const refusal = (): string | undefined => (closed === undefined ? host.refusal() : 'shutting down')
      host.route(
        'POST',
        settings.voice_path,
        createVoiceWebhook({ settings, context, gate, tokens, refusal }),
      )
      host.route('GET', settings.voice_path, async () =>
        plain(405, 'Set the webhook’s method to HTTP POST.\n', { allow: 'POST' }),
      )
      host.route('POST', settings.status_path, createStatusCallback(gate, context))
      host.route('GET', settings.media_path, async () =>
        plain(426, 'This is a WebSocket. A proxy in front must pass on Upgrade and Connection.\n', {
          upgrade: 'websocket',
          connection: 'Upgrade',
        }),
      )
      host.upgrade(
        settings.media_path,
        createMediaUpgrade({
          maxMessageBytes: settings.max_message_bytes,
          onSocket: (socket, connection) => onSocket(host, socket, connection),
          refusal(request) {
            if (closed !== undefined) return { status: 503, text: 'Shutting down.\n' }
            if (!gate({ at: 'upgrade', url: request.url ?? '', headers: request.headers })) {
              return { status: 403, text: 'X-Twilio-Signature is missing or wrong for this URL.\n' }
            }
            if (pending.size < settings.max_pending_streams) return undefined
            metrics.count('twilio_streams_refused_total', 1, { reason: 'too-many-pending' })
            log.warn({ pending: pending.size }, 'TWILIO: stream refused, too many have not started')
            return { status: 503, text: 'Too many streams have not started.\n' }
          },
        }),
      )
    },
    close: () => (closed ??= closeAll()),
  }
}
