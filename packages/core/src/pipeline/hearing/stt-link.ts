import { type AudioFormat, bytesPerSecond } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { asProviderError, ProviderError } from '../../contracts/errors.ts'
import type { SttEvent, SttSessionOptions } from '../../contracts/stt.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { AudioHistory } from './audio-history.ts'
import { delay, settleWithin, withDeadline } from '../../kit/deadline.ts'
import type { SttSink } from './rx-worker.ts'
import type { LiveSession } from './stt-live-session.ts'
import { createRouteCursor, listSttRoutes, type NamedStt } from './stt-routes.ts'
import { findSttSession } from './stt-search.ts'
import { createUtteranceRecognizer } from './utterance-recognizer.ts'

/** What the RX worker writes to, and what keeps it open for the whole call. */
export interface HearingLink {
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

/**
 * Keeps one recognition open for the whole call, whatever the provider does.
 *
 * - Opened at connect; until then the rx-queue holds the audio.
 * - A route (provider and region) gets 3 tries 200 ms apart, then the next route. When none is left, utterances cut
 *   by the VAD go to `recognize()`, and the routes are tried again every 10 s.
 * - A session that dies is replaced, and the RX worker repeats the audio since the last final.
 * - Before a provider's session limit a new session opens beside the old one, in a pause if there is one; the old
 *   one's last words are delivered before the new one's first.
 * - A session that says nothing through 5 s of speech in all counts as dead (half-open connections); the second in
 *   a row rules out the route.
 * - A session that dies at once, time and again, is a route that fails: no provider makes the link spin.
 */
export interface SttLink extends HearingLink {
  /**
   * From now on the call is heard by these providers, in this language (`undefined`: the one they are configured for):
   * a new session takes over as in a rotation.
   */
  useLanguage(language: string | undefined, providers: readonly NamedStt[]): void
}

export type SttLinkEvent = Exclude<SttEvent, { type: 'closing' }>

/** Between two rounds through all routes. */
const REOPEN_DELAY_MS = 10_000
/** Speech this long in all without a word from the provider. Doubles each time it is in vain. */
const WATCHDOG_MS = 5000
/** Shares of `maxSessionMs`: rotate in a pause from the first on, in any case at the second. */
const ROTATE_IN_PAUSE = 0.79
const ROTATE_FORCED = 0.93
/** How long a replaced session may take to say its last words, and how long a close may take. */
const DRAIN_MS = 2000
/** Audio kept before the present while the caller is silent, and how much longer when voice was not answered yet. */
const SILENCE_KEPT_MS = 2000
const UNANSWERED_KEPT_MS = 10_000
/** A session that dies younger than this counts as a failed try, whatever it said. */
const SHORT_LIFE_MS = 1000

export function createSttLink(parts: {
  callId: string
  providers: readonly NamedStt[]
  format: AudioFormat
  hints: readonly string[]
  history: AudioHistory
  clock: Clock
  telemetry: CallTelemetry
  onEvent: (event: SttLinkEvent, nowMs: number) => void
}): SttLink {
  const { history, clock, telemetry, onEvent } = parts
  const bytesPerMs = bytesPerSecond(parts.format) / 1000
  const sampleBytes = bytesPerSecond(parts.format) / parts.format.sampleRateHz
  let cursor = createRouteCursor(listSttRoutes(parts.providers, parts.format))
  const abort = new AbortController()
  let sessionOptions: Omit<SttSessionOptions, 'region' | 'format'> = {
    callId: parts.callId,
    hints: parts.hints,
    signal: abort.signal,
  }
  let providers = parts.providers
  const utterances = createUtteranceRecognizer({
    providers: () => providers,
    format: parts.format,
    options: () => sessionOptions,
    history,
    clock,
    telemetry,
    onText: (text, endPosition) => {
      acknowledged = Math.max(acknowledged, endPosition)
      unansweredVoice = voiceSinceMs !== undefined
      onEvent({ type: 'final', text }, clock.nowMs())
    },
  })

  let current: LiveSession | undefined
  /** The one that `current` replaced, until it has said its last words. */
  let predecessor: LiveSession | undefined
  /** No route would open: the utterance recogniser hears instead. */
  let collecting = false
  let opening = false
  /** Audio before this position has been answered by a final. */
  let acknowledged = 0
  let voiceSinceMs: number | undefined
  /** Voice was heard that no final has answered. */
  let unansweredVoice = false
  /** Speech since the current session said anything. */
  let unheardSpeechMs = 0
  let lastFrameMs = 0
  let watchdogMs = WATCHDOG_MS
  let lastWordsMs = 0
  const closing = new Set<Promise<void>>()

  /** The current session, if any, stays in use meanwhile. */
  const findSession = (): Promise<LiveSession | undefined> =>
    findSttSession({ cursor, options: sessionOptions, callFormat: parts.format, clock, telemetry })

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
      utterances.start({ voiceActive: voiceSinceMs !== undefined, unansweredVoice })
    }
    void delay(clock, REOPEN_DELAY_MS, abort.signal).then(() => {
      cursor.restart()
      return reopen()
    })
  }

  function adopt(live: LiveSession, base: number): void {
    live.base = base
    live.openedAtMs = clock.nowMs()
    live.heardFromMs = live.openedAtMs
    unheardSpeechMs = 0
    current = live
    void listen(live)
    // The language was switched while it opened.
    if (live.language !== sessionOptions.language)
      void rotate(live, `language ${sessionOptions.language ?? 'as configured'}`)
  }

  async function listen(live: LiveSession): Promise<void> {
    try {
      // The predecessor's last words come first; if it dies before them, its audio is heard again from a new session.
      const old = predecessor
      if (old && !(await drain(old))) return hearAgain(live, old)
      for await (const event of live.session.events) {
        if (live.retired) return
        deliver(live, event)
      }
      if (live.retired || live.finished) return
      lost(live, new ProviderError('session-limit', `${live.route.plugin}: the session ended by itself`))
    } catch (thrown) {
      const error = asProviderError(thrown, `${live.route.plugin}: session`)
      // A session that was asked for its last words is replaced already, or the call is over.
      if (live.finished) live.failure = error
      else if (!live.retired) lost(live, error)
    } finally {
      live.over()
    }
  }

  /** Waits for the last words of the session that was replaced. `false`: some were owed and never came. */
  async function drain(old: LiveSession): Promise<boolean> {
    await withDeadline(clock, DRAIN_MS, `${old.route.plugin}: last words`, old.ended).catch(
      (late: unknown) => {
        old.failure ??= asProviderError(late, old.route.plugin)
      },
    )
    if (predecessor === old) predecessor = undefined
    retire(old)
    return !(old.failure && old.wordsPending)
  }

  /** The successor is sound, but the audio of the words owed must be heard before what it has heard already. */
  function hearAgain(live: LiveSession, old: LiveSession): void {
    if (live !== current || live.retired) return
    const error = old.failure ?? new ProviderError('timeout', `${old.route.plugin}: last words`)
    telemetry.sttLost({ plugin: old.route.plugin, region: old.route.region, error })
    current = undefined
    retire(live)
    void reopen()
  }

  function deliver(live: LiveSession, event: SttEvent): void {
    const nowMs = clock.nowMs()
    live.heardFromMs = nowMs
    unheardSpeechMs = 0
    watchdogMs = WATCHDOG_MS
    if (nowMs - live.openedAtMs >= SHORT_LIFE_MS) cursor.proved()
    if (event.type === 'closing') return closingSoon(live, event.reason, nowMs)
    if (event.type === 'final') {
      const end = event.endMs === undefined ? history.readPosition : live.base + bytesOf(event.endMs)
      live.wordsPending = false
      // After a replay the provider may repeat a segment that was answered before.
      if (end <= acknowledged && event.endMs !== undefined) return telemetry.sttDuplicateFinal()
      acknowledged = Math.max(acknowledged, Math.min(end, live.limit))
      unansweredVoice = voiceSinceMs !== undefined
      history.trim(acknowledged)
    } else if (event.type === 'partial') {
      live.wordsPending = event.text !== ''
    }
    lastWordsMs = nowMs
    onEvent(event, nowMs)
  }

  function closingSoon(live: LiveSession, reason: string, nowMs: number): void {
    if (live !== current || live.rotating) return
    if (nowMs - live.openedAtMs < SHORT_LIFE_MS) {
      cursor.failed(new ProviderError('session-limit', `${live.route.plugin}: closes as soon as it opens`))
    }
    void rotate(live, reason)
  }

  /** Whole samples only: a position between two halves of one would be noise. */
  function bytesOf(ms: number): number {
    return Math.round((ms * bytesPerMs) / sampleBytes) * sampleBytes
  }

  /** A session died in mid-call: the next one repeats what was not acknowledged. */
  function lost(live: LiveSession, error: ProviderError): void {
    live.failure = error
    if (live !== current) return
    telemetry.sttLost({ plugin: live.route.plugin, region: live.route.region, error })
    const short = clock.nowMs() - live.openedAtMs < SHORT_LIFE_MS
    const mute = live.heardFromMs === live.openedAtMs
    if (short || (mute && !error.retryable)) cursor.failed(error)
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
    if (abort.signal.aborted || live.finished) return void (next && retire(next))
    if (!next) return rotateLater(live)
    // The old session died while the new one opened: then this one takes over as after a loss.
    if (live !== current) return adopt(next, history.rewind(acknowledged))
    telemetry.sttRotated({ plugin: live.route.plugin, region: live.route.region, reason })
    live.limit = history.readPosition
    // Voice that no word has answered yet is owed, too.
    live.wordsPending ||= unansweredVoice
    predecessor = live
    adopt(next, live.limit)
    live.finish()
  }

  /** Nothing would open beside a session that still works: it goes on, and the routes are tried again. */
  async function rotateLater(live: LiveSession): Promise<void> {
    if (live !== current) return giveUpForNow()
    cursor.restart()
    await delay(clock, REOPEN_DELAY_MS, abort.signal)
    live.rotating = false
    if (live === current && live.language !== sessionOptions.language)
      void rotate(live, 'language, once more')
  }

  function retire(live: LiveSession): void {
    if (live.retired) return
    live.retired = true
    const closed = settleWithin(clock, DRAIN_MS, live.close())
    closing.add(closed)
    void closed.then(() => closing.delete(closed))
  }

  function watch(live: LiveSession, nowMs: number): void {
    if (live.failure) return lost(live, live.failure)
    const limitMs = live.route.provider.maxSessionMs
    if (limitMs !== undefined && !live.rotating) {
      const ageMs = nowMs - live.openedAtMs
      const pause = voiceSinceMs === undefined && !live.wordsPending
      if (ageMs > limitMs * ROTATE_FORCED || (pause && ageMs > limitMs * ROTATE_IN_PAUSE)) {
        void rotate(live, 'session limit near')
      }
    }
    if (unheardSpeechMs < watchdogMs || live.finished) return
    const first = watchdogMs === WATCHDOG_MS
    const error = new ProviderError(
      'timeout',
      `${live.route.plugin}: silent through ${watchdogMs} ms of speech`,
      { retryable: first },
    )
    watchdogMs *= 2
    lost(live, error)
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
      if (voiceSinceMs !== undefined) unheardSpeechMs += nowMs - Math.max(lastFrameMs, voiceSinceMs)
      lastFrameMs = nowMs
      if (current) watch(current, nowMs)
      const keptMs = unansweredVoice ? UNANSWERED_KEPT_MS : SILENCE_KEPT_MS
      const silent = voiceSinceMs === undefined && !current?.wordsPending && nowMs - lastWordsMs > keptMs
      if (silent) history.trim(history.end - SILENCE_KEPT_MS * bytesPerMs)
    },
    voiceStarted(nowMs) {
      voiceSinceMs = nowMs
      unansweredVoice = true
      utterances.voiceStarted()
    },
    voiceStopped(nowMs) {
      voiceSinceMs = undefined
      lastWordsMs = nowMs
      utterances.voiceStopped()
    },
    useLanguage(language, newProviders) {
      providers = newProviders
      const { language: _before, ...others } = sessionOptions
      sessionOptions = language === undefined ? others : { ...others, language }
      cursor = createRouteCursor(listSttRoutes(providers, parts.format))
      if (current) void rotate(current, `language ${language ?? 'as configured'}`)
    },
    async drained() {
      if (current) await settleWithin(clock, DRAIN_MS, current.ended)
      else await settleWithin(clock, DRAIN_MS, utterances.idle())
    },
    async close() {
      abort.abort()
      utterances.stop()
      for (const live of [predecessor, current]) if (live) retire(live)
      current = undefined
      await Promise.all(closing)
    },
  }
}
