import { type AudioFormat, frameBytes } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { asProviderError, ProviderError } from '../../contracts/errors.ts'
import type { SttEvent, SttSessionOptions } from '../../contracts/stt.ts'
import { delay, settleWithin, withDeadline } from '../../kit/deadline.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { boundedEvents, readAhead } from './bounded-events.ts'
import type { CallerAudioMemory } from './caller-audio.ts'
import type { Silence } from './owed-words.ts'
import type { LiveSession } from './stt-live-session.ts'
import { createRouteCursor, type RouteCursor } from './stt-cursor.ts'
import { hasSessions, listSttRoutes, type NamedStt } from './stt-routes.ts'
import { findSttSession } from './stt-search.ts'
import { wholeBytes } from './whole-bytes.ts'

export interface SttSessionsParts {
  readonly callId: string
  readonly providers: readonly NamedStt[]
  readonly format: AudioFormat
  readonly hints: readonly string[]
  readonly memory: CallerAudioMemory
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  /** A session hears from `live.base` on. `again`: so did another, which can no longer tell what it heard. */
  readonly onCurrent: (live: LiveSession, again: boolean) => void
  /** This one was replaced, and has told all that it heard. */
  readonly onDrained: (live: LiveSession) => void
  /** None does. */
  readonly onNone: () => void
  /** No route would open; `reopen` will try again. */
  readonly onGivenUp: () => void
  /** The current session may be replaced again, after a search in vain. */
  readonly onRotationOver: () => void
  /** What a session says, in the order of the audio. `readTo`: how far that had been read by then. */
  readonly onEvent: (live: LiveSession, event: SttEvent, readTo: number) => void
  /** Words are owed that no final has closed. */
  readonly wordsOwed: () => boolean
  /** Resolves in the next pause of the caller's voice; at once in one. */
  readonly pause: () => Promise<void>
  /** Where the caller was silent last, or is; `undefined`: nobody can tell. */
  readonly silence: () => Silence | undefined
}

/** Between two rounds through all routes. */
const REOPEN_DELAY_MS = 10_000
/** How long a replaced session may take to say its last words, and how long a close may take. */
export const DRAIN_MS = 2000
/** A session that dies younger than this counts as a failed try, whatever it said. */
const SHORT_LIFE_MS = 1000
/** A session takes over in a pause of the caller's voice, or after so long: a word that is cut in two is heard by none. */
const MAX_PAUSE_WAIT_MS = 3000
/** So much of a pause is heard by both: a word may have begun that no detector has noticed, or only just. */
const OVERLAP_MS = 200
const NO_SILENCE: Silence = { from: 0, until: -Infinity }
/** Sessions that say they will close are replaced this far apart at least: what they take for their end may be wrong. */
const ROTATION_FLOOR_MS = 10_000

/**
 * The sessions of one call: one that hears, at most one that has been replaced and still owes its last words, and at
 * most one search for the next. See `stt-link.ts` for the rules.
 */
export class SttSessions {
  options: Omit<SttSessionOptions, 'region' | 'format'>
  providers: readonly NamedStt[]
  current: LiveSession | undefined
  readonly #parts: SttSessionsParts
  readonly #abort = new AbortController()
  readonly #closing = new Set<Promise<void>>()
  /** The one that `current` replaced, until it has said its last words. */
  #predecessor: LiveSession | undefined
  readonly #overlapBytes: number
  readonly #frameBytes: number
  #cursor: RouteCursor
  #searching = false
  #onSearched: (() => void) | undefined
  /** When a session that says it will close may be replaced. */
  #rotateFromMs = -Infinity

  constructor(parts: SttSessionsParts) {
    this.#parts = parts
    this.#overlapBytes = wholeBytes(parts.format, OVERLAP_MS)
    this.#frameBytes = frameBytes(parts.format)
    this.providers = parts.providers
    this.options = { callId: parts.callId, hints: parts.hints, signal: this.#abort.signal }
    this.#cursor = createRouteCursor(listSttRoutes(parts.providers, parts.format))
  }

  /** None of the providers has sessions: nothing is looked for, and nothing is wrong. */
  get possible(): boolean {
    return this.providers.some(hasSessions)
  }

  /** Opens a session to hear everything that no final has answered yet. */
  async reopen(): Promise<void> {
    if (this.current) return
    if (!this.possible) return this.#giveUp()
    const live = await this.#search()
    if (live === 'busy') return
    if (this.#over) return void (live && this.#retire(live))
    if (live) this.#adoptAnew(live)
    else this.#restLater()
  }

  /**
   * A new session takes over beside the one that hears, which says its last words. `anew`: the old one has nothing to
   * say, and the new one hears again what it heard in vain.
   */
  async rotate(live: LiveSession, reason: string, anew = false): Promise<void> {
    if (live !== this.current || live.rotating) return
    const next = await this.#search(() => (live.rotating = true), anew ? undefined : live)
    if (next === 'busy') return
    // Asked for its last words it may say them, or die of it: then this one hears them again.
    const saysLastWords = live.finished && live === this.current
    if (this.#over || saysLastWords) return void (next && this.#retire(next))
    if (!next) return this.#rotateLater(live)
    // The old session died while the new one opened: then this one takes over as after a loss.
    if (live !== this.current) return this.#adoptAnew(next)
    this.#parts.telemetry.stt.rotated({ plugin: live.route.plugin, region: live.route.region, reason })
    // Nobody has listened to it as long as the one before it has not said its last words: nothing of it is lost. One
    // that still repeats what others heard would be cut off in the middle of anything.
    if (anew || this.#predecessor || this.#isBehind()) {
      this.#retire(live)
      return this.#adoptAnew(next)
    }
    this.#replace(live)
    this.#predecessor = live
    this.#adopt(next, this.#parts.memory.replay(live.answersTo))
    live.finish()
  }

  /** A session died in mid-call: the next one repeats what was not acknowledged. */
  lost(live: LiveSession, error: ProviderError): void {
    live.failure = error
    if (live !== this.current) return
    const { telemetry, clock } = this.#parts
    telemetry.stt.lost({ plugin: live.route.plugin, region: live.route.region, error })
    const short = clock.nowMs() - live.openedAtMs < SHORT_LIFE_MS
    const mute = live.heardFromMs === live.openedAtMs
    if (short || (mute && !error.retryable)) this.#cursor.failed(error)
    this.#drop(live)
    void this.reopen()
  }

  /** The session said something: its route is good, once it has lived for a while. */
  heardFrom(live: LiveSession, nowMs: number): void {
    live.heardFromMs = nowMs
    if (nowMs - live.openedAtMs >= SHORT_LIFE_MS) this.#cursor.proved()
  }

  /** The session says that it will close. One that closes sooner than it can be replaced is lost, and heard again. */
  closingSoon(live: LiveSession, reason: string, nowMs: number): void {
    if (live !== this.current || live.rotating || live.closing) return
    live.closing = true
    if (nowMs - live.openedAtMs < SHORT_LIFE_MS) {
      this.#cursor.failed(
        new ProviderError('session-limit', `${live.route.plugin}: closes as soon as it opens`),
      )
    }
    const waitMs = this.#rotateFromMs - nowMs
    this.#rotateFromMs = Math.max(nowMs, this.#rotateFromMs) + ROTATION_FLOOR_MS
    if (waitMs <= 0) void this.rotate(live, reason)
    else void delay(this.#parts.clock, waitMs, this.options.signal).then(() => this.rotate(live, reason))
  }

  /** Searches begin at the next route from now on. `false`: there is none, and nothing changes. */
  skipRoute(live: LiveSession): boolean {
    if (listSttRoutes(this.providers, this.#parts.format).length < 2) return false
    const silent = `${live.route.plugin}: has said nothing`
    this.#cursor.failed(new ProviderError('timeout', silent, { retryable: false }))
    return true
  }

  useLanguage(language: string | undefined, providers: readonly NamedStt[]): void {
    this.providers = providers
    const { language: _before, ...others } = this.options
    this.options = language === undefined ? others : { ...others, language }
    this.#cursor.close()
    this.#cursor = createRouteCursor(listSttRoutes(providers, this.#parts.format))
    if (this.current) void this.#followLanguage(this.current)
    else void this.reopen()
  }

  /** Resolves when another session hears, or none will open for now. */
  searched(): Promise<void> {
    return new Promise((resolve) => (this.#onSearched = resolve))
  }

  async close(): Promise<void> {
    this.#abort.abort()
    this.#cursor.close()
    for (const live of [this.#predecessor, this.current]) if (live) this.#retire(live)
    this.current = undefined
    await Promise.all(this.#closing)
  }

  get #over(): boolean {
    return this.#abort.signal.aborted
  }

  #isBehind(): boolean {
    const { readPosition, end } = this.#parts.memory
    return end - readPosition > this.#overlapBytes
  }

  /** It gets nothing more from here on. */
  #replace(live: LiveSession): void {
    const { memory, silence, wordsOwed } = this.#parts
    live.limit = memory.readPosition
    const overlapFrom = live.limit - this.#overlapBytes
    const { from: silentFrom, until } = silence() ?? NO_SILENCE
    const from = until < overlapFrom ? live.limit : Math.max(silentFrom, overlapFrom)
    // Whole frames, as they came.
    live.answersTo = Math.min(live.limit, Math.ceil(from / this.#frameBytes) * this.#frameBytes)
    live.wordsPending = wordsOwed()
  }

  /** One search at a time; a session that hears stays in use meanwhile, until it can be replaced. */
  async #search(onBegin?: () => void, until?: LiveSession): Promise<LiveSession | undefined | 'busy'> {
    if (this.#searching || this.#over) return 'busy'
    this.#searching = true
    onBegin?.()
    const { format, clock, telemetry } = this.#parts
    const live = await findSttSession({
      cursor: this.#cursor,
      options: this.options,
      callFormat: format,
      clock,
      telemetry,
    })
    if (live && until && !this.#predecessor) {
      const pause = Promise.race([this.#parts.pause(), until.ended])
      await settleWithin(clock, MAX_PAUSE_WAIT_MS, pause)
    }
    this.#searching = false
    return live
  }

  #giveUp(): void {
    this.#parts.onGivenUp()
    this.#onSearched?.()
  }

  #restLater(): void {
    this.#giveUp()
    void delay(this.#parts.clock, REOPEN_DELAY_MS, this.options.signal).then(() => {
      this.#cursor.restart()
      return this.reopen()
    })
  }

  /** Nothing would open beside a session that still works: it goes on, and the routes are tried again. */
  async #rotateLater(live: LiveSession): Promise<void> {
    if (live !== this.current) return this.#restLater()
    this.#cursor.restart()
    await delay(this.#parts.clock, REOPEN_DELAY_MS, this.options.signal)
    live.rotating = false
    live.closing = false
    if (live !== this.current) return
    void this.#followLanguage(live)
    this.#parts.onRotationOver()
  }

  /** It hears again what no final has answered, but what the session that was replaced is still to answer. */
  #adoptAnew(live: LiveSession): void {
    this.#adopt(live, this.#parts.memory.replay(this.#predecessor?.limit))
  }

  #adopt(live: LiveSession, base: number): void {
    const nowMs = this.#parts.clock.nowMs()
    live.base = base
    live.openedAtMs = nowMs
    live.heardFromMs = nowMs
    this.current = live
    this.#onSearched?.()
    this.#parts.onCurrent(live, this.#predecessor === undefined)
    void this.#listen(live)
    void this.#followLanguage(live)
  }

  /** The language was switched, maybe while it opened. */
  async #followLanguage(live: LiveSession): Promise<void> {
    if (live.language === this.options.language) return
    if (this.possible) return this.rotate(live, `language:${this.options.language ?? 'as-configured'}`)
    // Nothing opens beside it: utterances are heard one by one once it has said its last words.
    if (live.finished) return
    await settleWithin(this.#parts.clock, MAX_PAUSE_WAIT_MS, this.#parts.pause())
    if (live !== this.current) return
    this.#replace(live)
    this.current = undefined
    this.#parts.onNone()
    live.finish()
    await this.#drain(live)
    await this.reopen()
  }

  async #listen(live: LiveSession): Promise<void> {
    try {
      const said = boundedEvents(live.session.events, { ...this.#parts, plugin: live.route.plugin })
      const old = this.#predecessor
      const ahead = old && readAhead(said)
      // The predecessor's last words come first; if it dies before them, its audio is heard again from a new session.
      if (old && !(await this.#drain(old))) return this.#hearAgain(live, old)
      for await (const { event, readTo } of ahead ?? said) {
        if (live.retired) return
        this.#parts.onEvent(live, event, readTo)
      }
      if (live.retired || live.finished) return
      this.lost(live, new ProviderError('session-limit', `${live.route.plugin}: the session ended by itself`))
    } catch (thrown) {
      const error = asProviderError(thrown, `${live.route.plugin}: session`)
      // One that was asked for its last words is replaced already, or the call is over and it may have owed none.
      if (live.finished && !(live === this.current && this.#parts.wordsOwed())) live.failure = error
      else if (!live.retired) this.lost(live, error)
    } finally {
      live.over()
    }
  }

  /** Waits for the last words of the session that was replaced. `false`: some were owed and never came. */
  async #drain(old: LiveSession): Promise<boolean> {
    const lastWords = `${old.route.plugin}: last words`
    await withDeadline(this.#parts.clock, DRAIN_MS, lastWords, old.ended).catch((late: unknown) => {
      old.failure ??= asProviderError(late, old.route.plugin)
    })
    if (this.#predecessor === old) this.#predecessor = undefined
    this.#retire(old)
    // What ended as it was asked to has said all there was.
    if (!old.failure) this.#parts.onDrained(old)
    return !(old.failure && old.wordsPending)
  }

  /** The successor is sound, but the audio of the words owed must be heard before what it has heard already. */
  #hearAgain(live: LiveSession, old: LiveSession): void {
    if (live !== this.current || live.retired) return
    const { plugin, region } = old.route
    const error = old.failure ?? new ProviderError('timeout', `${plugin}: last words`)
    this.#parts.telemetry.stt.lost({ plugin, region, error })
    this.#drop(live)
    void this.reopen()
  }

  #drop(live: LiveSession): void {
    this.current = undefined
    this.#parts.onNone()
    this.#retire(live)
  }

  #retire(live: LiveSession): void {
    if (live.retired) return
    live.retired = true
    const { clock, telemetry } = this.#parts
    const { audioMs, countedBy } = live.usage
    telemetry.usage.heard(live.route.plugin, audioMs, countedBy)
    const closed = settleWithin(clock, DRAIN_MS, live.close(), (thrown) =>
      telemetry.closeFailed({ stage: 'stt', plugin: live.route.plugin }, thrown),
    )
    this.#closing.add(closed)
    void closed.then(() => this.#closing.delete(closed))
  }
}
