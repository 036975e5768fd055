import type { RawData, WebSocket } from 'ws'
import type { HangUpReason, PluginContext, TransportCall } from '@kav/core'
import { scanMedia, SCAN_MISS } from './message-scan.ts'
import { parseMessage, type StreamMessage, type StreamStart } from './messages.ts'
import { createFloodGuard } from './flood-guard.ts'
import { watchLiveness } from './liveness.ts'
import type { TwilioSettings } from './params.ts'
import type { TwilioCall } from './twilio-call.ts'

/** Why a stream is turned away: a metric's label, and the text of the close frame. */
export type StartRefusal = { readonly closeCode: number; readonly reason: string; readonly detail?: string }

export interface MediaSocketOptions {
  readonly socket: WebSocket
  readonly settings: TwilioSettings
  readonly context: PluginContext
  /** Room to decode one message into; shared by all streams, because a message is handled in one go. */
  readonly scratch: Buffer
  /** Judges `start` and makes the call, or says why not. */
  admit(start: StreamStart, stream: MediaSocket): TwilioCall | StartRefusal
  /** The call is ready for the core. */
  onCall(call: TransportCall): void
  onStarted(): void
  /** Nothing of this stream is left. */
  onGone(): void
}

/** One stream's socket, from the upgrade to its last byte. */
export interface MediaSocket {
  /** Closes with a WebSocket close code (RFC 6455 section 7.4); a call that is still on ends for `reason`. */
  close(code: number, text: string, reason: HangUpReason): void
}

/** How long Twilio has to close the socket after `stop`. */
const STOP_GRACE_MS = 2000
/** Messages that make no sense: more than this all the time, and the stream is cut off. */
const MAX_BAD_PER_SECOND = 20
/** Sense or not, these may well come 50 times a second for a whole call. */
const HARMLESS: ReadonlySet<string> = new Set(['other-track', 'unknown-event', 'bad-payload'])

export function runMediaSocket(options: MediaSocketOptions): MediaSocket {
  const { socket, settings, context, scratch } = options
  const { metrics, clock } = context
  let log = context.log
  let call: TwilioCall | undefined
  let phase: 'waiting' | 'live' | 'over' = 'waiting'
  let socketError: Error | undefined
  let audio: Uint8Array = new Uint8Array(0)
  let cancelStopGrace: (() => void) | undefined
  const reported = new Set<string>()
  const flood = createFloodGuard(settings.max_messages_per_second, clock)
  const badFlood = createFloodGuard(MAX_BAD_PER_SECOND, clock)

  const cancelStartDeadline = clock.after(settings.start_timeout_ms, () =>
    refuse({
      closeCode: 1008,
      reason: 'start-timeout',
      detail: `no start within ${settings.start_timeout_ms} ms`,
    }),
  )
  const liveness = watchLiveness(socket, settings.ping_interval_ms, clock, () => {
    log.warn({ pingIntervalMs: settings.ping_interval_ms }, 'TWILIO: stream is dead, dropping it')
    finish('transport-error')
    socket.terminate()
  })

  /** Ends the call (once) and stops reading; the socket itself may live a little longer. */
  const finish = (reason: HangUpReason): void => {
    if (phase === 'over') return
    phase = 'over'
    cancelStartDeadline()
    call?.end(reason)
  }

  const close = (code: number, text: string, reason: HangUpReason): void => {
    finish(reason)
    cancelStopGrace?.()
    socket.close(code, text)
  }

  const refuse = (refusal: StartRefusal, callSid?: string): void => {
    metrics.count('twilio_streams_refused_total', 1, { reason: refusal.reason })
    log.warn({ callSid, reason: refusal.reason, detail: refusal.detail }, 'TWILIO: stream refused')
    close(refusal.closeCode, refusal.reason, 'rejected')
  }

  /** Counts a message that is not used; the log hears of the first of each kind. */
  const ignore = (reason: string, detail?: string): void => {
    metrics.count('twilio_messages_ignored_total', 1, { reason })
    if (!reported.has(reason)) {
      reported.add(reason)
      log.warn({ reason, ...(detail === undefined ? {} : { detail }) }, 'TWILIO: message ignored')
    }
    if (!HARMLESS.has(reason) && badFlood.isFlooded()) cutOff('bad-messages', MAX_BAD_PER_SECOND)
  }

  const cutOff = (reason: 'flood' | 'bad-messages', allowedPerSecond: number): void => {
    metrics.count('twilio_streams_cut_off_total', 1, { reason })
    log.error({ reason, allowedPerSecond }, 'TWILIO: stream cut off')
    close(1008, reason, 'transport-error')
  }

  const start = (message: StreamStart): void => {
    if (phase !== 'waiting') return ignore('second-start')
    const admitted = options.admit(message, stream)
    if ('closeCode' in admitted) return refuse(admitted, message.callSid)
    cancelStartDeadline()
    call = admitted
    phase = 'live'
    log = log.child({ callSid: admitted.transportCall.id })
    log.info({ streamSid: message.streamSid }, 'TWILIO: stream started')
    metrics.count('twilio_streams_started_total')
    options.onStarted()
    try {
      options.onCall(admitted.transportCall)
    } catch (thrown) {
      close(1011, 'internal error', 'transport-error')
      throw thrown
    }
  }

  /**
   * Lends the first bytes of the scratch; the view is kept, since one frame is as long as the last. A plain
   * Uint8Array, because `slice` of a Buffer would not copy.
   */
  const deliver = (to: TwilioCall, bytes: number): void => {
    if (audio.length !== bytes) audio = new Uint8Array(scratch.buffer, scratch.byteOffset, bytes)
    to.media(audio)
  }

  const media = (message: StreamMessage & { event: 'media' }): void => {
    if (call === undefined) return ignore('before-start')
    if (!message.inbound) return ignore('other-track')
    metrics.count('twilio_media_parsed_total')
    const bytes = scratch.write(message.payload, 'base64')
    if (bytes === 0) return ignore('bad-payload')
    deliver(call, bytes)
  }

  const handle = (message: StreamMessage): void => {
    switch (message.event) {
      case 'connected':
        return phase === 'waiting' ? undefined : ignore('late-connected')
      case 'start':
        return start(message.start)
      case 'media':
        return media(message)
      case 'dtmf':
        return call === undefined ? ignore('before-start') : call.dtmf(message.digit)
      case 'mark':
        return call === undefined ? ignore('before-start') : call.mark(message.name)
      case 'stop':
        if (call === undefined) return refuse({ closeCode: 1008, reason: 'stop-before-start' })
        finish('caller')
        // Twilio closes the socket itself; closing first would show as an error (31921) in the account's console.
        cancelStopGrace = clock.after(STOP_GRACE_MS, () => close(1000, 'stopped', 'caller'))
        return
      case 'unknown':
        return ignore('unknown-event', message.name.slice(0, 40))
      case 'unreadable':
        return ignore(message.problem)
    }
  }

  const receive = (data: RawData, isBinary: boolean): void => {
    if (phase === 'over') return
    liveness.alive()
    if (flood.isFlooded()) return cutOff('flood', settings.max_messages_per_second)
    if (isBinary) return ignore('binary')
    const message = data as Buffer
    if (call !== undefined) {
      const bytes = scanMedia(message, scratch)
      if (bytes > 0) return deliver(call, bytes)
      if (bytes !== SCAN_MISS) return ignore('other-track')
    }
    handle(parseMessage(message.toString('utf8')))
  }

  socket.on('message', (data, isBinary) => {
    try {
      receive(data, isBinary)
    } catch (thrown) {
      // Nothing here throws by itself; a fault in whoever takes the call must not reach the other calls.
      metrics.count('twilio_handler_errors_total')
      if (!reported.has('handler-error')) log.error({ error: thrown }, 'TWILIO: handling a message failed')
      reported.add('handler-error')
    }
  })
  socket.on('error', (error) => {
    socketError = error
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    metrics.count('twilio_socket_errors_total', 1, { code })
    log.warn({ code, detail: error.message }, 'TWILIO: socket error')
    finish('transport-error')
  })
  socket.on('close', (code) => {
    if (phase === 'waiting')
      metrics.count('twilio_streams_refused_total', 1, { reason: 'closed-before-start' })
    // 1006: the connection is gone without a close frame.
    finish(code === 1006 || socketError !== undefined ? 'transport-error' : 'caller')
    liveness.stop()
    cancelStopGrace?.()
    options.onGone()
  })

  const stream: MediaSocket = { close }
  return stream
}
