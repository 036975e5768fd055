import { type AudioFormat, bytesPerSecond } from '../contracts/audio.ts'
import type { Clock } from '../contracts/clock.ts'
import { asProviderError, ProviderError } from '../contracts/errors.ts'
import type { SttEvent } from '../contracts/stt.ts'
import type { CallTelemetry } from '../telemetry/call-telemetry.ts'
import type { AudioHistory } from './audio-history.ts'
import { delay, settleWithin } from './deadline.ts'
import type { SttSink } from './rx-worker.ts'
import { type LiveSession, openLiveSession } from './stt-live-session.ts'
import { createRouteCursor, listSttRoutes, type NamedStt } from './stt-routes.ts'
import { createUtteranceRecognizer } from './utterance-recognizer.ts'

/**
 * Keeps one recognition open for the whole call, whatever the provider does.
 *
 * - Opened at connect; until then the rx-queue holds the audio.
 * - A route (provider and region) gets 3 tries 200 ms apart, then the next route. When none is left, utterances cut
 *   by the VAD go to `recognize()`, and the routes are tried again every 10 s.
 * - A session that dies is replaced, and the RX worker repeats the audio since the last final.
 * - Before a provider's session limit a new session opens beside the old one, in a pause if there is one; the old
 *   one's last words are delivered before the new one's first.
 * - A session that says nothing through 5 s of speech counts as dead (half-open connections).
 */
export interface SttLink {
  /** Where the RX worker writes now. */
  readonly sink: SttSink | undefined
  /** Starts opening; never awaited. */
  open(): void
  /** Once in 20 ms: rotation, watchdog, and forgetting silence. */
  onFrame(nowMs: number): void
  voiceStarted(nowMs: number): void
  voiceStopped(nowMs: number): void
  /** Resolves when the last words are in after `finish`, or at once without a session. */
  drained(): Promise<void>
  close(): Promise<void>
}

export type SttLinkEvent = Exclude<SttEvent, { type: 'closing' }>

/** Tries on one route are this far apart. */
export const RETRY_DELAY_MS = 200
/** Between two rounds through all routes. */
export const REOPEN_DELAY_MS = 10_000
/** Speech this long without a word from the provider. Doubles each time it is in vain. */
export const WATCHDOG_MS = 5000
/** Shares of `maxSessionMs`: rotate in a pause from the first on, in any case at the second. */
const ROTATE_IN_PAUSE = 0.79
const ROTATE_FORCED = 0.93
/** How long a replaced session may take to say its last words, and how long a close may take. */
const DRAIN_MS = 2000
/** Audio kept before the present while the caller is silent. */
const SILENCE_KEPT_MS = 2000
/** A session that dies younger than this, without a word, counts as a failed try. */
const SHORT_LIFE_MS = 1000

export function createSttLink(parts: {
  callId: string
  providers: readonly NamedStt[]
  format: AudioFormat
  hints: readonly string[]
  language: string
  history: AudioHistory
  clock: Clock
  telemetry: CallTelemetry
  onEvent: (event: SttLinkEvent, nowMs: number) => void
}): SttLink {
  const { history, clock, telemetry, onEvent } = parts
  const bytesPerMs = bytesPerSecond(parts.format) / 1000
  const cursor = createRouteCursor(listSttRoutes(parts.providers, parts.format))
  const abort = new AbortController()
  const sessionOptions = {
    callId: parts.callId,
    hints: parts.hints,
    language: parts.language,
    signal: abort.signal,
  }
  const utterances = createUtteranceRecognizer({
    providers: parts.providers,
    format: parts.format,
    options: sessionOptions,
    history,
    clock,
    telemetry,
    onText: (text, endPosition) => {
      acknowledged = endPosition
      onEvent({ type: 'final', text }, clock.nowMs())
    },
  })

  let current: LiveSession | undefined
  /** No route would open: the utterance recogniser hears instead. */
  let collecting = false
  let opening = false
  /** Audio before this position has been answered by a final. */
  let acknowledged = 0
  let voiceSinceMs: number | undefined
  let watchdogMs = WATCHDOG_MS
  let lastWordsMs = 0
  const closing = new Set<Promise<void>>()

  /** Goes through the routes until a session is up. The current session, if any, stays in use meanwhile. */
  async function findSession(): Promise<LiveSession | undefined> {
    while (!abort.signal.aborted) {
      const route = cursor.route
      if (!route) return undefined
      if (cursor.backOff) await delay(clock, RETRY_DELAY_MS, abort.signal)
      if (abort.signal.aborted) break
      const startedMs = clock.nowMs()
      try {
        const live = await openLiveSession({
          route,
          options: sessionOptions,
          callFormat: parts.format,
          clock,
        })
        telemetry.sttReady({
          plugin: route.plugin,
          region: route.region,
          attempt: cursor.attempt,
          openMs: clock.nowMs() - startedMs,
        })
        return live
      } catch (thrown) {
        const error = asProviderError(thrown, `${route.plugin}: opening a session`)
        if (abort.signal.aborted) break
        telemetry.sttOpenFailed({
          plugin: route.plugin,
          region: route.region,
          attempt: cursor.attempt,
          error,
        })
        cursor.failed(error)
      }
    }
    return undefined
  }

  /** Opens a session to hear everything that no final has answered yet. */
  async function reopen(): Promise<void> {
    if (opening || abort.signal.aborted) return
    opening = true
    const live = await findSession()
    opening = false
    if (abort.signal.aborted) return void (live && retire(live))
    if (!live) return giveUpForNow()
    if (collecting) utterances.stop()
    collecting = false
    adopt(live, history.rewind(acknowledged))
  }

  function giveUpForNow(): void {
    if (!collecting) {
      collecting = true
      telemetry.sttRecognizePerUtterance({ possible: utterances.possible })
      utterances.start(voiceSinceMs !== undefined)
    }
    void delay(clock, REOPEN_DELAY_MS, abort.signal).then(() => {
      cursor.restart()
      return reopen()
    })
  }

  function adopt(live: LiveSession, base: number, predecessor?: LiveSession): void {
    live.base = base
    live.openedAtMs = clock.nowMs()
    live.heardFromMs = live.openedAtMs
    current = live
    void listen(live, predecessor)
  }

  async function listen(live: LiveSession, predecessor: LiveSession | undefined): Promise<void> {
    try {
      // The predecessor's last words come first; if it dies before them, its audio is heard again from a new session.
      if (predecessor) await drainPredecessor(predecessor)
      for await (const event of live.session.events) {
        if (live.retired) return
        deliver(live, event)
      }
      if (live.retired || live.finished) return
      lost(live, new ProviderError('session-limit', `${live.route.plugin}: the session ended by itself`))
    } catch (thrown) {
      if (!live.retired) lost(live, asProviderError(thrown, `${live.route.plugin}: session`))
    } finally {
      live.over()
    }
  }

  async function drainPredecessor(predecessor: LiveSession): Promise<void> {
    await settleWithin(clock, DRAIN_MS, predecessor.ended)
    retire(predecessor)
    if (predecessor.failure) throw predecessor.failure
  }

  function deliver(live: LiveSession, event: SttEvent): void {
    const nowMs = clock.nowMs()
    live.heardFromMs = nowMs
    watchdogMs = WATCHDOG_MS
    cursor.proved()
    if (event.type === 'closing') return void rotate(live, event.reason)
    if (event.type === 'final') {
      const end =
        event.endMs === undefined ? history.readPosition : live.base + Math.round(event.endMs * bytesPerMs)
      live.wordsPending = false
      // After a replay the provider may repeat a segment that was answered before.
      if (end <= acknowledged && event.endMs !== undefined) return telemetry.sttDuplicateFinal()
      acknowledged = Math.max(acknowledged, end)
      history.trim(acknowledged)
    } else if (event.type === 'partial') {
      live.wordsPending = event.text !== ''
    }
    lastWordsMs = nowMs
    onEvent(event, nowMs)
  }

  /** A session died in mid-call: the next one repeats what was not acknowledged. */
  function lost(live: LiveSession, error: ProviderError): void {
    live.failure = error
    if (live !== current) return
    telemetry.sttLost({ plugin: live.route.plugin, region: live.route.region, error })
    const silentAndShort =
      live.heardFromMs === live.openedAtMs && clock.nowMs() - live.openedAtMs < SHORT_LIFE_MS
    if (silentAndShort || !error.retryable) cursor.failed(error)
    current = undefined
    retire(live)
    void reopen()
  }

  async function rotate(live: LiveSession, reason: string): Promise<void> {
    if (opening || live !== current || live.rotating) return
    live.rotating = true
    opening = true
    const next = await findSession()
    opening = false
    if (!next) return
    // The old session died while the new one opened: then this one takes over as after a loss.
    if (abort.signal.aborted) return retire(next)
    if (live !== current) return adopt(next, history.rewind(acknowledged))
    telemetry.sttRotated({ plugin: live.route.plugin, region: live.route.region, reason })
    adopt(next, history.readPosition, live)
    live.finish()
  }

  function retire(live: LiveSession): void {
    if (live.retired) return
    live.retired = true
    const closed = settleWithin(clock, DRAIN_MS, live.close())
    closing.add(closed)
    void closed.then(() => closing.delete(closed))
  }

  function watch(live: LiveSession, nowMs: number): void {
    const limitMs = live.route.provider.maxSessionMs
    if (limitMs !== undefined && !live.rotating) {
      const ageMs = nowMs - live.openedAtMs
      const pause = voiceSinceMs === undefined && !live.wordsPending
      if (ageMs > limitMs * ROTATE_FORCED || (pause && ageMs > limitMs * ROTATE_IN_PAUSE)) {
        void rotate(live, 'session limit near')
      }
    }
    if (voiceSinceMs === undefined || live.finished) return
    if (nowMs - Math.max(voiceSinceMs, live.heardFromMs) < watchdogMs) return
    watchdogMs *= 2
    lost(
      live,
      new ProviderError('timeout', `${live.route.plugin}: silent through ${watchdogMs / 2} ms of speech`),
    )
  }

  return {
    get sink() {
      return current ?? (collecting ? utterances.sink : undefined)
    },
    open() {
      telemetry.sttInitRequested()
      void reopen()
    },
    onFrame(nowMs) {
      if (current) watch(current, nowMs)
      const silent =
        voiceSinceMs === undefined && !current?.wordsPending && nowMs - lastWordsMs > SILENCE_KEPT_MS
      if (silent) history.trim(history.end - SILENCE_KEPT_MS * bytesPerMs)
    },
    voiceStarted(nowMs) {
      voiceSinceMs = nowMs
      utterances.voiceStarted()
    },
    voiceStopped(nowMs) {
      voiceSinceMs = undefined
      lastWordsMs = nowMs
      utterances.voiceStopped()
    },
    async drained() {
      if (current) await settleWithin(clock, DRAIN_MS, current.ended)
      else await settleWithin(clock, DRAIN_MS, utterances.idle())
    },
    async close() {
      abort.abort()
      utterances.stop()
      if (current) retire(current)
      current = undefined
      await Promise.all(closing)
    },
  }
}
