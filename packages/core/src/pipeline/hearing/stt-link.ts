import { type AudioFormat, bytesPerSecond } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { ProviderError } from '../../contracts/errors.ts'
import type { SttEvent, SttWord } from '../../contracts/stt.ts'
import { nowUs, toUs, US_PER_MS } from '../../kit/whole-us.ts'
import { RANK } from '../../providers/provider-health.ts'
import { MAX_USAGE } from '../../telemetry/amount.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { SaidTimes } from '../../redaction/said-times.ts'
import type { AlarmPart, SharedAlarm } from '../shared-alarm.ts'
import type { ArrivalTimes } from '../arrival-times.ts'
import { AnsweredAudio } from './answered-audio.ts'
import type { CallerAudioMemory } from './caller-audio.ts'
import { DeafRoute } from './deaf-route.ts'
import { endOfFinal, type FinalEnd, type FinalEvent, withoutToldAgain } from './final-end.ts'
import type { HearingLink } from './hearing-link.ts'
import { hearLastWords } from './last-words.ts'
import { createOverdueFinal, type OverdueFinal } from './overdue-final.ts'
import { createOwedWords, type OwedWords } from './owed-words.ts'
import type { RxWorker, SttSink } from './rx-worker.ts'
import { saidTimes } from './said-times.ts'
import type { LiveSession } from './stt-live-session.ts'
import type { NamedStt } from './stt-routes.ts'
import { SttSessions } from './stt-sessions.ts'
import { createSttWatchdog, type SttWatchdog } from './stt-watchdog.ts'
import { createUtteranceRecognizer, type UtteranceRecognizer } from './utterance-recognizer.ts'

/**
 * Keeps one recognition open for the whole call, whatever the provider does.
 *
 * - Opened at connect; until then the caller's audio waits in its ring.
 * - A route (provider and region) gets 3 tries 200 ms apart, then the next route. When none is left, utterances cut
 *   by the VAD go to `recognize()`, and the routes are tried again every 10 s.
 * - A session that dies is replaced, and the RX worker repeats the audio since the last final that told its end; what
 *   was told of it already is not told twice (`doubtful-words.ts`).
 * - Before a provider's session limit a new session opens beside the old one, and takes over in a pause if there is
 *   one; the old one's last words are delivered before the new one's first.
 * - A final that does not come is made of the last partial: see `overdue-final.ts`.
 * - A session that is deaf (half-open connections) is found out by `stt-watchdog.ts`, a route whose sessions all are
 *   by `deaf-route.ts`.
 * - A session that dies at once, time and again, is a route that fails: no provider makes the link spin.
 */
export interface SttLink extends HearingLink {
  /**
   * From now on the call is heard by these providers, in this language (`undefined`: the one they are configured for):
   * a new session takes over as in a rotation.
   */
  useLanguage(language: string | undefined, providers: readonly NamedStt[]): void
  /** The session that hears now tells the ends of turns. */
  tellsTurns(): boolean
}

export type SttLinkEvent =
  | Exclude<SttEvent, { type: 'closing' | 'usage' | 'final' }>
  /**
   * `overdue`: the recogniser told no final, and this is its last partial. `times`: when it was said, of the call's
   * clock; to be asked for at once.
   */
  | (Extract<SttEvent, { type: 'final' }> & { readonly overdue?: true; readonly times: () => SaidTimes })

export interface SttLinkParts {
  readonly callId: string
  readonly providers: readonly NamedStt[]
  readonly format: AudioFormat
  readonly hints: readonly string[]
  readonly memory: CallerAudioMemory
  /** It is told of the caller's voice. */
  readonly hasDetector: boolean
  readonly arrivals: Pick<ArrivalTimes, 'between'>
  /** Is told where audio goes, and tells how long it takes. */
  readonly worker: Pick<RxWorker, 'attach' | 'detach' | 'catchUpMs'>
  readonly alarm: SharedAlarm
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  readonly onEvent: (event: SttLinkEvent, nowMs: number) => void
}

/** Shares of `maxSessionMs`: rotate in a pause from the first on, in any case at the second. */
const ROTATE_IN_PAUSE = 0.79
const ROTATE_FORCED = 0.93

export function createSttLink(parts: SttLinkParts): SttLink {
  const link = new Link(parts)
  return {
    open: () => link.open(),
    voiceStarted: (nowMs) => link.voiceStarted(nowMs),
    voiceStopped: (nowMs, endedMs) => link.voiceStopped(nowMs, endedMs),
    voiceUnknown: () => link.voiceUnknown(),
    useLanguage: (language, providers) => link.sessions.useLanguage(language, providers),
    tellsTurns() {
      return link.sessions.current?.route.provider.detectsTurns === true
    },
    drained: () => link.drained(),
    close: () => link.close(),
  }
}

class Link {
  readonly sessions: SttSessions
  readonly #parts: SttLinkParts
  readonly #owed: OwedWords
  readonly #answers: AnsweredAudio
  readonly #overdue: OverdueFinal
  readonly #watchdog: SttWatchdog
  readonly #deafRoute = new DeafRoute()
  readonly #utterances: UtteranceRecognizer
  /** For what cannot wait for an event: the rotation before a limit, and a write that failed. */
  readonly #alarm: AlarmPart
  readonly #bytesPerMs: number
  /** No route would open: the utterance recogniser hears instead. */
  #collecting = false

  constructor(parts: SttLinkParts) {
    this.#parts = parts
    this.#bytesPerMs = bytesPerSecond(parts.format) / 1000
    this.#alarm = parts.alarm.part(() => this.#look())
    this.#owed = createOwedWords({
      ...parts,
      alarm: parts.alarm.part((nowUs) => this.#owed.onDue(nowUs / US_PER_MS)),
    })
    this.#answers = new AnsweredAudio({ ...parts, owed: this.#owed })
    this.#overdue = createOverdueFinal(
      parts.alarm.part(() => this.#overdue.onDue()),
      (text, position) => this.#takeFinal(text, position),
    )
    this.#watchdog = createSttWatchdog({
      alarm: parts.alarm.part((nowUs) => this.#watchdog.onDue(nowUs / US_PER_MS)),
      partialOpen: () => this.#owed.partialOpen(),
      onDeaf: (silentMs) => this.#deaf(silentMs),
      onMute: (nextRoute) => this.#mute(nextRoute),
      wordsInVoice: () => this.#utterances.wordsSince(this.#answers.toldTo),
    })
    this.sessions = new SttSessions({
      ...parts,
      onCurrent: (live, again) => this.#hearBy(live, again),
      onDrained: (live) => this.#answers.bySession(live),
      onNone: () => this.#hearByNobody(),
      onGivenUp: () => this.#collect(),
      onRotationOver: () => this.#look(),
      onEvent: (live, event, readTo) => this.#heard(live, event, readTo),
      wordsOwed: () => this.#owesWords(),
      pause: () => this.#owed.pause(),
      silence: () => this.#owed.silence(),
    })
    this.#utterances = createUtteranceRecognizer({
      ...parts,
      providers: () => this.sessions.providers,
      options: () => this.sessions.options,
      onText: (text, from, end) => this.#recognised(text, from, end),
    })
  }

  open(): void {
    this.#parts.telemetry.stt.initRequested()
    void this.sessions.reopen()
  }

  voiceStarted(nowMs: number): void {
    this.#owed.voiceStarted(nowMs)
    this.#overdue.voiceStarted()
    this.#watchdog.voiceStarted(nowMs)
    this.#utterances.voiceStarted()
  }

  voiceStopped(nowMs: number, endedMs: number): void {
    this.#owed.voiceStopped(nowMs, endedMs)
    this.#overdue.voiceStopped(nowMs)
    this.#watchdog.voiceStopped(nowMs)
    this.#utterances.voiceStopped()
    this.#look()
  }

  voiceUnknown(): void {
    this.#owed.voiceUnknown()
  }

  drained(): Promise<void> {
    return hearLastWords({
      ...this.#parts,
      sessions: this.sessions,
      owed: this.#owed,
      byUtterance: () => (this.#collecting ? this.#lastUtterance() : undefined),
    })
  }

  #lastUtterance(): Promise<void> {
    this.#utterances.end()
    return this.#utterances.idle()
  }

  #owesWords(): boolean {
    return this.#owed.partialOpen() || this.#owed.unansweredVoice()
  }

  async close(): Promise<void> {
    this.#utterances.stop()
    this.#alarm.never()
    this.#parts.worker.detach()
    await this.sessions.close()
  }

  #hearBy(live: LiveSession, again: boolean): void {
    if (this.#collecting) this.#utterances.stop()
    this.#collecting = false
    const nowMs = this.#parts.clock.nowMs()
    this.#answers.heardFrom(live, again)
    this.#owed.heardBy('session', nowMs)
    this.#overdue.forget()
    this.#watchdog.sessionOpened(nowMs)
    live.onFailure = () => this.#alarm.at(nowUs(this.#parts.clock))
    this.#attach(live)
    this.#look()
  }

  #hearByNobody(): void {
    this.#owed.heardByNobody()
    this.#parts.worker.detach()
  }

  #collect(): void {
    if (this.#collecting) return
    this.#collecting = true
    if (this.#utterances.possible()) this.#owed.heardBy('utterances', this.#parts.clock.nowMs())
    this.#tellCollecting()
    this.#utterances.start({ voiceActive: this.#owed.voice(), unansweredVoice: this.#owed.unansweredVoice() })
    // With nobody to recognise it the audio waits in the ring for the next session.
    if (this.#utterances.possible()) this.#attach(this.#utterances.sink)
  }

  #tellCollecting(): void {
    const { telemetry } = this.#parts
    const [first] = this.sessions.providers
    if (this.sessions.possible || !first || !this.#utterances.possible()) {
      telemetry.stt.recognizePerUtterance({ possible: this.#utterances.possible() })
    } else
      telemetry.stt.ready({ plugin: first.name, region: undefined, attempt: 1, openMs: 0, partials: false })
  }

  #attach(sink: SttSink): void {
    this.#parts.memory.recogniserOpened()
    this.#parts.worker.attach(sink)
  }

  #heard(live: LiveSession, event: SttEvent, readTo: number): void {
    // What is billed says nothing of what is heard.
    if (event.type === 'usage') {
      if (!live.billed(event.audioMs)) this.#parts.telemetry.amountCut('usage_audio_ms', MAX_USAGE)
      return
    }
    const nowMs = this.#parts.clock.nowMs()
    this.sessions.heardFrom(live, nowMs)
    this.#watchdog.heardFrom(nowMs)
    if (event.type === 'closing') return this.sessions.closingSoon(live, event.reason, nowMs)
    if (event.type === 'final') return this.#heardFinal(live, event, readTo, nowMs)
    if (event.type === 'partial') this.#heardPartial(live, event, readTo, nowMs)
    else this.#parts.onEvent(event, nowMs)
    this.#look()
  }

  #heardPartial(
    live: LiveSession,
    event: Extract<SttEvent, { type: 'partial' }>,
    readTo: number,
    nowMs: number,
  ): void {
    const text = live.again?.inPartial(event.text) ?? event.text
    this.#deafRoute.words(live.route, text, readTo)
    this.#owed.partial(text, nowMs)
    this.#overdue.partial(text, readTo, nowMs)
    live.wordsPending = text !== ''
    if (text === event.text) this.#parts.onEvent(event, nowMs)
    else if (text !== '') this.#parts.onEvent({ type: 'partial', text }, nowMs)
  }

  #heardFinal(live: LiveSession, event: FinalEvent, readTo: number, nowMs: number): void {
    const heardTo = Math.min(readTo, live.limit)
    const end = endOfFinal(live, event, { ...this.#parts, heardTo })
    this.#deafRoute.words(live.route, event.text, end.at)
    const final = end.time === 'repeated' ? event : withoutToldAgain(live, event)
    if (this.#saidBefore(live, final.text, end, nowMs) || (final.text === '' && event.text !== ''))
      return this.#parts.telemetry.stt.duplicateFinal()
    live.wordsPending = this.#owed.unansweredVoice()
    this.#parts.onEvent({ ...final, times: () => this.#times(end.at, live.base, final.words) }, nowMs)
    this.#look()
  }

  #times(end: number, base: number, words?: readonly SttWord[]): SaidTimes {
    const { arrivals, memory } = this.#parts
    return saidTimes({ end, base, words, bytesPerMs: this.#bytesPerMs }, arrivals, memory)
  }

  /** The segment was answered: by its final, or by the last partial that was taken for it. */
  #saidBefore(live: LiveSession, text: string, end: FinalEnd, nowMs: number): boolean {
    const taken = this.#overdue.taken()
    const known = this.#overdue.final(text)
    const isNew = end.time === 'none' || (end.time === 'ahead' && end.at > this.#parts.memory.acknowledged)
    if (isNew) this.#answers.byFinal(live, text, end, nowMs)
    // What it says otherwise than the partial corrects that.
    return taken ? known : !isNew
  }

  /** No final came for these words, which end before `position`. */
  #takeFinal(text: string, position: number): void {
    const live = this.sessions.current
    if (!live || live.finished) return
    const nowMs = this.#parts.clock.nowMs()
    this.#parts.telemetry.stt.finalMissing({ plugin: live.route.plugin })
    this.#answers.byPartial(live, position, nowMs)
    live.wordsPending = false
    this.#parts.onEvent({ type: 'final', text, overdue: true, times: () => this.#times(position, 0) }, nowMs)
    this.#look()
  }

  /** The utterance recogniser has words of this stretch. */
  #recognised(heard: string, from: number, end: number): void {
    const { clock, onEvent, telemetry } = this.#parts
    const nowMs = clock.nowMs()
    const text = this.#answers.byUtterance(heard, from, end, nowMs)
    if (text === '') return telemetry.stt.duplicateFinal()
    onEvent({ type: 'final', text, times: () => this.#times(end, 0) }, nowMs)
  }

  #deaf(silentMs: number): void {
    const live = this.sessions.current
    if (!live || live.finished) return
    const message = `${live.route.plugin}: silent through ${silentMs} ms of speech`
    this.sessions.lost(live, new ProviderError('timeout', message, { retryable: true }))
  }

  #mute(nextRoute: boolean): void {
    const live = this.sessions.current
    if (!live || live.finished) return
    // Other calls may know already that it hears nothing.
    const elsewhere = nextRoute || live.route.health.rank() !== RANK.well
    if (elsewhere && this.sessions.skipRoute(live))
      this.#deafRoute.suspect(live.route, this.#parts.memory.readPosition)
    else if (nextRoute) return
    void this.sessions.rotate(live, 'silent-through-speech', true)
  }

  /** What is due for the session that hears: its replacement before a limit, or after a write that failed. */
  #look(): void {
    const live = this.sessions.current
    if (!live) return this.#alarm.never()
    if (live.failure) return this.sessions.lost(live, live.failure)
    const limitMs = live.route.provider.maxSessionMs
    if (limitMs === undefined || live.rotating || live.finished) return
    const pause = !this.#owed.voice() && !this.#owed.partialOpen()
    const dueMs = live.openedAtMs + limitMs * (pause ? ROTATE_IN_PAUSE : ROTATE_FORCED)
    if (this.#parts.clock.nowMs() < dueMs) return this.#alarm.at(toUs(dueMs))
    void this.sessions.rotate(live, 'session-limit')
  }
}
