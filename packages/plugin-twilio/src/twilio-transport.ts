import type { IncomingMessage } from 'node:http'
import {
  type BrowserCalls,
  type CallRefusal,
  type Logger,
  type OutboundCall,
  type Placing,
  type PluginContext,
  ProviderError,
  type TransportHost,
  type TransportProvider,
} from '@kav/core'
import { limitLog } from '@kav/core/kit'
import { createBrowserCalls } from './streams/browser-calls.ts'
import { authTokens, restCredentials } from './params/credentials.ts'
import { FrameBudget } from './streams/frame-budget.ts'
import { createMediaStreams, type MediaStreams } from './streams/media-streams.ts'
import { createMediaUpgrade } from './streams/media-upgrade.ts'
import { settingsOf, type TwilioParams, type TwilioSettings } from './params/params.ts'
import { placeCall } from './rest/place-call.ts'
import { PromisedCalls } from './webhook/promised-calls.ts'
import { createRestClient, type CallControl } from './rest/rest-client.ts'
import { createReplayGuard } from './signing/replay-guard.ts'
import { createSignatureGate, type SignatureGate } from './signing/signature-gate.ts'
import { missingForSignatures, startFaults } from './params/start-faults.ts'
import { createStatusCallback } from './webhook/status-callback.ts'
import type { OpenSocket } from './streams/stream-admission.ts'
import { createStreamTokens } from './webhook/stream-token.ts'
import { createVoiceWebhook, plain } from './webhook/webhook.ts'

/**
 * How long a place is kept for a stream. It comes within a second or two; one that a balancer brings to another process
 * never comes here. Later ones are taken all the same, as long as their token is good.
 */
const PLACE_MS = 10_000
const CLOSED: CallRefusal = { refused: 'draining', instead: { how: 'refuse' } }

export function createTwilioTransport(params: TwilioParams, context: PluginContext): TransportProvider {
  const settings = checkedSettings(params)
  // Everybody can cause these lines; those of a call that is on are its own.
  const limitedLog = limitLog(context)
  const gate = createSignatureGate(settings, context, limitedLog)
  const replays = createReplayGuard(context)
  const placeMs = Math.min(settings.token_ttl_ms, PLACE_MS)
  const promised = new PromisedCalls(placeMs, context.clock)
  const control = createCallControl(settings, context)
  let streams: MediaStreams | undefined
  let browserCalls: BrowserCalls | undefined
  let closed: Promise<void> | undefined

  const closeAll = async (): Promise<void> => {
    const gone = streams?.close()
    control?.close()
    await gone
  }

  return {
    attach(host) {
      if (settings.validate_signature === false) {
        context.log.warn(
          {},
          'TWILIO: signatures are not checked (validate_signature: false); for local use only',
        )
      }
      const tokens = createStreamTokens({
        ttlMs: settings.token_ttl_ms,
        clock: context.clock,
        once: host.once,
        secrets: authTokens(settings),
      })
      const open = createMediaStreams({ settings, context, limitedLog, tokens, promised, control }, host)
      streams = open
      const frameLimits = {
        messagesPerSecond: settings.max_messages_per_second,
        messageBytes: settings.max_message_bytes,
      }
      const isClosed = (): boolean => closed !== undefined
      const mediaPath = host.ownPath(settings.media_path)
      const voice = { settings, context, limitedLog, gate, replays, tokens, promised, mediaPath }
      addRoutes(host, settings, {
        voice: createVoiceWebhook({
          ...voice,
          admit: (call) => (isClosed() ? CLOSED : host.admit(call, placeMs)),
          onUnproven: (call) => isClosed() || host.onUnproven(call),
        }),
        status: createStatusCallback({ gate, replays, log: limitedLog }, host, context),
      })
      const upgrades = {
        maxMessageBytes: settings.max_message_bytes,
        createBudget: () => new FrameBudget(frameLimits, context.clock),
        onSocket: (opened: OpenSocket) => open.run(opened),
      }
      const door = { settings, context, limitedLog, gate, streams: open, isClosed }
      host.upgrade(
        settings.media_path,
        createMediaUpgrade({ ...upgrades, refusal: (request) => refuseUpgrade(request, door) }),
      )
      const upgrade = createMediaUpgrade({
        ...upgrades,
        isBrowser: true,
        refusal: () => refuseMore(door),
      })
      browserCalls = createBrowserCalls({ settings, context, tokens, promised, placeMs, upgrade })
    },
    browserCalls: {
      offer: async (caller, admit) =>
        closed === undefined ? await attached(browserCalls).offer(caller, admit) : CLOSED,
      receive: (request, socket, head) => attached(browserCalls).receive(request, socket, head),
    },
    ...(control &&
      settings.public_url !== undefined && {
        placing: placingOf(settings),
        place: async (call: OutboundCall) =>
          await placeCall(call, control, { ...settings, public_url: settings.public_url! }),
      }),
    close: () => (closed ??= closeAll()),
  }
}

/** Throws `bad-request` for params that it does not start with. */
function checkedSettings(params: TwilioParams): TwilioSettings {
  const settings = settingsOf(params)
  const missing = missingForSignatures(settings)
  if (missing.length > 0) {
    throw new ProviderError(
      'bad-request',
      `Twilio transport: ${missing.join(' and ')} missing, so signatures cannot be checked. Set ${missing.length > 1 ? 'them' : 'it'}, or validate_signature: false for local use`,
      { details: { missing } },
    )
  }
  const [fault] = startFaults(settings)
  if (fault === undefined) return settings
  throw new ProviderError('bad-request', `Twilio transport: ${fault.param} ${fault.message}`, {
    details: { param: fault.param },
  })
}

function placingOf({ account_sid: account = '', calls_per_second, ring_timeout_s }: TwilioSettings): Placing {
  return { account, perSecond: calls_per_second, ringMs: ring_timeout_s * 1000 }
}

function createCallControl(settings: TwilioSettings, context: PluginContext): CallControl | undefined {
  const credentials = restCredentials(settings)
  if (credentials === undefined) return undefined
  return createRestClient({
    credentials,
    baseUrl: settings.api_base_url,
    timeoutMs: settings.rest_timeout_ms,
    context,
  })
}

type RouteHandler = Parameters<TransportHost['route']>[2]

function addRoutes(
  host: TransportHost,
  settings: TwilioSettings,
  handlers: { readonly voice: RouteHandler; readonly status: RouteHandler },
): void {
  host.route('POST', settings.voice_path, handlers.voice, { offersCalls: true })
  host.route('GET', settings.voice_path, async () =>
    plain(405, 'Set the webhook’s method to HTTP POST.\n', { allow: 'POST' }),
  )
  host.route('POST', settings.status_path, handlers.status)
  host.route('GET', settings.media_path, async () =>
    plain(426, 'This is a WebSocket. A proxy in front must pass on Upgrade and Connection.\n', {
      upgrade: 'websocket',
      connection: 'Upgrade',
    }),
  )
}

/** What an upgrade is judged by. */
interface UpgradeParts {
  readonly settings: TwilioSettings
  readonly context: PluginContext
  readonly limitedLog: Logger
  readonly gate: SignatureGate
  readonly streams: MediaStreams
  isClosed(): boolean
}

type UpgradeRefusal = { readonly status: number; readonly text: string }

/** The status and text that an upgrade is refused with, or `undefined`. */
function refuseUpgrade(request: IncomingMessage, parts: UpgradeParts): UpgradeRefusal | undefined {
  if (parts.isClosed()) return { status: 503, text: 'Shutting down.\n' }
  if ('refused' in parts.gate({ at: 'upgrade', url: request.url ?? '', headers: request.headers })) {
    return { status: 403, text: 'X-Twilio-Signature is missing or wrong for this URL.\n' }
  }
  return refuseMore(parts)
}

/** The same, of one that is known to come from whom it should. */
function refuseMore({
  settings,
  context,
  limitedLog,
  streams,
  isClosed,
}: UpgradeParts): UpgradeRefusal | undefined {
  if (isClosed()) return { status: 503, text: 'Shutting down.\n' }
  if (streams.pending() < settings.max_pending_streams) return undefined
  context.metrics.count('twilio_streams_refused_total', 1, { reason: 'too-many-pending' })
  limitedLog.warn({ pending: streams.pending() }, 'TWILIO: stream refused, too many have not started')
  return { status: 503, text: 'Too many streams have not started.\n' }
}

function attached(calls: BrowserCalls | undefined): BrowserCalls {
  if (calls === undefined) throw new Error('the transport is not attached')
  return calls
}
