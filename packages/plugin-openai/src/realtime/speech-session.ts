import {
  asProviderError,
  bytesPerSecond,
  type PluginContext,
  ProviderError,
  type RealtimeEvent,
  type RealtimeSession,
  type RealtimeSessionOptions,
} from '@kav/core'
import { createEventQueue } from '../event-queue.ts'
import { createSessionTimers } from '../session-timers.ts'
import { appendEvent } from '../append-audio.ts'
import { createAudioReplay } from '../audio-replay.ts'
import { openConfiguredSocket } from './configured-socket.ts'
import type { RealtimeParams } from './realtime-params.ts'
import type { RealtimeSocket } from './realtime-socket.ts'
import type { ServerEvent } from './server-event.ts'
import { isHarmless, serverError } from './server-error.ts'
import { createSpeechConversation } from './speech-conversation.ts'
import { speechSessionUpdate } from './speech-session-update.ts'

/** The longest turn of a caller that a new connection hears again. */
const REPLAY_MS = 30_000
/** More unsent audio than this is a dead line. */
const MAX_BUFFERED_BYTES = 400_000
/** Attempts after a fault: at once, then three times after this pause. */
const RETRY_MS = 200
const CONNECT_MS = 5_000
const RETRIES = 3
/** The connection is changed in mid-sentence rather than be closed by the server. */
const FORCE_AFTER_MS = 180_000
const RETRY_PLANNED_MS = 15_000
const BEFORE_EXPIRY_MS = 240_000
/** How long a running reply may take after `finish`. */
const LAST_REPLY_MS = 20_000
const REPLAY_PIECE_BYTES = 12_000

/**
 * One call's session: the conversation, and the connection it is on at the moment. Before the server's limit it moves
 * in the first quiet moment, after a fault at once; either way the conversation and the caller's open words go along.
 */
export async function openSpeechSession(
  params: RealtimeParams,
  context: PluginContext,
  options: RealtimeSessionOptions,
  doing: string,
): Promise<RealtimeSession> {
  const { clock, log, metrics } = context
  const queue = createEventQueue<RealtimeEvent>()
  const bytesPerMs = bytesPerSecond(options.format) / 1000
  const replay = createAudioReplay(REPLAY_MS * bytesPerMs)
  const ending = new AbortController()
  const timers = createSessionTimers(clock)
  const { after } = timers
  let state: 'open' | 'finishing' | 'over' = 'open'
  let socket: RealtimeSocket | undefined
  /** Opened ahead, waiting for the running reply to end. */
  let spare: RealtimeSocket | undefined
  /** Went away before anybody had taken it into use. */
  const dead = new WeakSet<RealtimeSocket>()
  let moving = false
  let limitReached = false
  let cancelPlan: (() => void) | undefined
  /** Until the server's own end of the newest connection. */
  let expiryMs = Infinity

  const conversation = createSpeechConversation({
    options,
    context,
    replay,
    historyTokens: params.history_tokens,
    detectsTurns: params.turn_detection !== 'none',
    doing,
    emit: queue.push,
    send: (json) => socket?.send(json),
  })

  const abort = () => die(new ProviderError('cancelled', `${doing}: cancelled`))
  options.signal.addEventListener('abort', abort, { once: true })
  try {
    socket = await connect(() => socket)
  } catch (thrown) {
    over()
    throw thrown
  }
  if (isOver()) await socket.close()
  else if (dead.has(socket)) onLost(new ProviderError('network', `${doing}: lost as soon as it was open`))
  else begin()

  /** A connection that has taken the settings. Its events count while it is the one in use. */
  async function connect(inUse: () => RealtimeSocket | undefined): Promise<RealtimeSocket> {
    let own: RealtimeSocket | undefined = undefined
    let early: ProviderError | undefined
    const isOurs = () => own !== undefined && own === inUse()
    const attempt = new AbortController()
    const giveUp = () => attempt.abort()
    ending.signal.addEventListener('abort', giveUp, { once: true })
    const stopWaiting = after(CONNECT_MS, giveUp)
    own = await openConfiguredSocket(
      {
        params,
        query: { model: params.model },
        doing,
        clock,
        signal: attempt.signal,
        onEvent: (event) => {
          if (event.type === 'session.created') noticeExpiry(event.session)
          else if (isOurs()) onEvent(event)
        },
        onLost(error) {
          early = error
          if (own) dead.add(own)
          if (isOurs()) onLost(error)
          else if (own === spare) spare = undefined
        },
      },
      speechSessionUpdate(params, options),
    )
      .catch((thrown: unknown) => {
        if (isOver() || !attempt.signal.aborted) throw thrown
        throw new ProviderError('timeout', `${doing}: no session within ${CONNECT_MS} ms`)
      })
      .finally(() => {
        stopWaiting()
        ending.signal.removeEventListener('abort', giveUp)
      })
    if (early) throw early
    return own
  }

  function begin(): void {
    conversation.putBack()
    conversation.goOn()
    planMove(params.max_session_ms)
  }

  function noticeExpiry(session: unknown): void {
    const { expires_at: expiresAt } = session as { expires_at?: unknown }
    expiryMs = typeof expiresAt === 'number' ? expiresAt * 1000 - clock.wallMs() - BEFORE_EXPIRY_MS : Infinity
  }
  function planMove(limitMs: number): void {
    cancelPlan?.()
    cancelPlan = after(Math.max(0, Math.min(limitMs, expiryMs)), () => {
      limitReached = true
      cancelPlan = after(FORCE_AFTER_MS, () => void move('session-limit', true))
      whenQuiet()
    })
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      after(ms, resolve)
      ending.signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  function isOver(): boolean {
    return state === 'over'
  }

  function over(): void {
    state = 'over'
    ending.abort()
    timers.clear()
    options.signal.removeEventListener('abort', abort)
  }

  function die(error: ProviderError): void {
    if (isOver()) return
    over()
    queue.fail(error)
    void socket?.close()
    void spare?.close()
  }

  function onEvent(event: ServerEvent): void {
    if (isOver()) return
    if (event.type === 'error') return onError(event.error)
    conversation.onEvent(event)
    if (limitReached && event.type !== 'response.output_audio.delta') whenQuiet()
    if (state === 'finishing' && !conversation.replying) end()
  }

  function onError(fault: { code?: string | null; message?: string; type?: string }): void {
    if (fault.code === 'conversation_already_has_active_response') return conversation.responseRefused()
    if (isHarmless(fault)) return
    const error = serverError(fault, doing)
    metrics.count('openai_realtime_errors_total', 1, { class: error.class })
    if (error.class !== 'bad-request') return onLost(error)
    log.warn({ callId: options.callId, error: error.message }, 'realtime session reported an error')
  }

  function onLost(error: ProviderError): void {
    if (isOver()) return
    if (state === 'finishing') return end()
    if (!error.retryable) return die(error)
    log.warn({ callId: options.callId, error: error.message }, 'realtime connection lost')
    const lost = socket
    socket = undefined
    void lost?.close()
    void move(error.class === 'session-limit' ? 'session-limit' : 'fault', true)
  }

  function whenQuiet(): void {
    if (spare) return void (conversation.replying || change('session-limit', clock.nowMs()))
    if (!moving && conversation.quiet) void move('session-limit', false)
  }

  /** Opens the next connection and changes to it: at once when `force`, else when no reply is running. */
  async function move(reason: 'session-limit' | 'fault', force: boolean): Promise<void> {
    if (isOver() || (moving && !force)) return
    const startedMs = clock.nowMs()
    if (spare && force) return change(reason, startedMs)
    if (moving) return
    moving = true
    try {
      for (let attempt = 0; ; attempt++) {
        try {
          const next = await connect(() => socket)
          if (dead.has(next)) throw new ProviderError('network', `${doing}: lost as soon as it was open`)
          spare = next
          break
        } catch (thrown) {
          const error = asProviderError(thrown, doing)
          if (isOver()) return
          // The old connection still serves; the plan's force comes later.
          if (socket && !force) return void after(RETRY_PLANNED_MS, whenQuiet)
          if (attempt === RETRIES || !error.retryable) return die(error)
          await pause(RETRY_MS)
        }
      }
    } finally {
      moving = false
    }
    if (isOver()) return void spare?.close()
    if (force || !socket || !conversation.replying) change(reason, startedMs)
  }

  function change(reason: 'session-limit' | 'fault', startedMs: number): void {
    const old = socket
    socket = spare
    spare = undefined
    limitReached = false
    conversation.putBack()
    const kept = replay.kept()
    for (let at = 0; at < kept.length; at += REPLAY_PIECE_BYTES) {
      socket?.send(appendEvent(kept.subarray(at, at + REPLAY_PIECE_BYTES)))
    }
    conversation.goOn()
    void old?.close()
    planMove(params.max_session_ms)
    metrics.count('openai_realtime_reconnects_total', 1, { reason })
    queue.push({ type: 'reconnected', reason, tookMs: clock.nowMs() - startedMs })
  }

  function end(): void {
    if (isOver()) return
    over()
    queue.end()
    void socket?.close()
    void spare?.close()
  }

  return {
    events: queue.events,
    write(audio) {
      if (state !== 'open') return
      replay.push(audio)
      conversation.wrote()
      if (!socket) return
      if (socket.bufferedBytes > MAX_BUFFERED_BYTES) {
        return onLost(new ProviderError('network', `${doing}: the network does not take the audio`))
      }
      socket.send(appendEvent(audio))
    },
    interrupt(heard) {
      if (isOver()) return
      conversation.interrupt(heard)
      queue.withdraw((event) => event.type === 'audio')
    },
    endTurn: () => void (isOver() || conversation.endTurn()),
    toolResult: (callId, content) => void (isOver() || conversation.toolResult(callId, content)),
    say: (text) => void (isOver() || conversation.say(text)),
    finish() {
      if (state !== 'open') return
      state = 'finishing'
      if (!conversation.replying) return end()
      after(LAST_REPLY_MS, end)
    },
    async close() {
      over()
      queue.drop()
      await Promise.all([socket?.close(), spare?.close()])
    },
  }
}
