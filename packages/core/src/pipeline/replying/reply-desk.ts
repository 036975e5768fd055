import type { Clock } from '../../contracts/clock.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { ReplyAction, ReplyDesk, ReplyDeskHandlers, ReplyEnd } from '../turns/reply-actions.ts'
import type { CurrentVoice } from './current-voice.ts'
import type { FailedStage, FailedTurns } from './failed-turns.ts'
import { dtmfTones } from '../../tools/dtmf-tones.ts'
import { createPreparedReply, type PreparedReply } from './prepared-reply.ts'
import type { ReplyParts } from './reply.ts'
import { createReplyVoice, type ReplyVoice } from './reply-voice.ts'

/** The label of the mark behind the greeting; it came back: the caller has heard it. */
export const GREETING_MARK = 'greeting_end'

export interface ReplyDeskParts extends ReplyDeskHandlers {
  readonly reply: ReplyParts
  /** Whose turn it is to be heard. */
  readonly current: CurrentVoice
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  readonly failures: FailedTurns
  /** What is said when too many have failed. */
  readonly lastWords: string
  /** Too many have: tells of it, before the last words. */
  readonly onGivingUp: (stage: FailedStage) => void
}

export function createReplyDesk(parts: ReplyDeskParts): ReplyDesk {
  const { current, telemetry } = parts
  const { history } = parts.reply
  const prepared = createPreparedReply(parts)
  const judge = createTurnJudge(parts)
  const startTurn = createTurnStarter(parts, prepared, judge)
  const speakText = createTextSpeaker(parts, judge)

  function perform(action: ReplyAction): void {
    switch (action.type) {
      case 'prepare-reply':
        return prepared.prepare(action.text)
      case 'discard-prepared':
        return prepared.discard()
      case 'start-reply':
      case 'restart-reply':
        return startTurn(action)
      case 'correct-history':
        telemetry.turnCorrected(action.turn, action.text)
        return history.correctUser(action.text)
      case 'hold-reply':
        return current.control()?.hold()
      case 'release-reply':
        return current.control()?.release()
      case 'duck-reply':
        return current.duck(true)
      case 'unduck-reply':
        return current.duck(false)
      case 'pause-reply':
        return current.pause()
      case 'resume-reply':
        return current.resume()
      case 'cancel-reply':
        return current.cancel(action.by)
      case 'interrupt':
        return current.interrupt(action.by)
      case 'say':
        return speakText.prompt(
          action.text,
          action.thenHangUp ? { how: 'hang-up', tell: () => undefined } : undefined,
        )
      case 'say-once':
        return speakText.once(action.text)
      case 'press-keys':
        return speakText.press(dtmfTones(action.digits, parts.reply.format))
      case 'give-up':
        return speakText.lastWords()
    }
  }

  return {
    perform,
    greet: speakText.greet,
    speechStarted: (nowMs) => current.speechStarted(nowMs),
    speechEnded(nowMs) {
      prepared.speechEnded(nowMs)
      current.speechEnded(nowMs)
    },
    close() {
      prepared.discard()
      current.close()
    },
  }
}

/** What became of a turn, and with that what follows it: the end that it asked for, silence, or the end of the call. */
type TurnJudge = (
  turn: number,
  verdict: FailedStage | 'worked' | 'open',
) => (thenEnd: ReplyEnd | undefined) => void

function createTurnJudge({ failures, onSilent, onGivingUp, onFailedTooOften }: ReplyDeskParts): TurnJudge {
  return (turn, verdict) => {
    if (verdict === 'worked') failures.worked()
    if (verdict === 'worked' || verdict === 'open' || !failures.failed(turn)) return onSilent
    return (thenEnd) => {
      if (thenEnd) return onSilent(thenEnd)
      onGivingUp(verdict)
      onFailedTooOften()
    }
  }
}

/** Starts the one reply to a turn, or starts it anew on other words. */
function createTurnStarter(parts: ReplyDeskParts, prepared: PreparedReply, judge: TurnJudge) {
  const { current, telemetry } = parts
  const { history } = parts.reply
  return ({ type, turn, text }: ReplyAction & { type: 'start-reply' | 'restart-reply' }): void => {
    const again = type === 'restart-reply'
    // What became of the former answer is told before the turn begins anew.
    if (again && current.control()) current.cancel('caller')
    if (again) history.correctUser(text)
    else history.user(text)
    const speechEndMs = prepared.speechEndOf(turn)
    if (again) telemetry.turnCorrected(turn, text, { speechEndMs })
    else telemetry.turnEnded(turn, text, speechEndMs)
    telemetry.replyStarted(turn)
    const { reply } = prepared.take(turn, speechEndMs)
    const isLast = current.begin(turn, reply)
    reply.done.then(
      ({ outcome, thenEnd, verdict }) => {
        const goesOn = judge(turn, verdict)
        if (!isLast()) return
        telemetry.replyEnded(turn, outcome, reply.heardInPart())
        goesOn(thenEnd)
      },
      (error: unknown) => telemetry.stageFailed('reply', error),
    )
  }
}

/** Speaks texts that no model wrote. */
function createTextSpeaker(parts: ReplyDeskParts, judge: TurnJudge) {
  const { current, reply, telemetry, onSpeaking } = parts
  /** They are counted downwards, apart from the turns. */
  let prompts = 0
  const nextPrompt = (): number => -++prompts
  const promptVoice = (turn: number): ReplyVoice =>
    createReplyVoice(turn, { ...reply, entry: reply.history.agent() }, { onFirstFrame: onSpeaking })

  function speak(
    turn: number,
    voice: ReplyVoice,
    { text, fixed }: { readonly text: string; readonly fixed: boolean },
    told: (outcome: string, heard: string | undefined) => void,
    thenEnd?: ReplyEnd,
  ): void {
    const isLast = current.begin(turn, voice)
    voice.say(text, fixed)
    voice.end()
    void voice.done.then((outcome) => {
      told(outcome, voice.heardInPart())
      // That the voice works says nothing of the model.
      const goesOn = judge(turn, voice.words() === 'unspoken' ? 'voice' : 'open')
      if (isLast()) goesOn(outcome === 'cancelled' ? undefined : thenEnd)
    })
  }

  const promptEnded = (turn: number) => (outcome: string, heard: string | undefined) =>
    telemetry.promptEnded(turn, outcome, heard)

  return {
    prompt(text: string, thenEnd: ReplyEnd | undefined): void {
      const turn = nextPrompt()
      speak(turn, promptVoice(turn), { text, fixed: true }, promptEnded(turn), thenEnd)
    },
    /** It is nobody else's: it is not kept for other calls. */
    once(text: string): void {
      const turn = nextPrompt()
      speak(turn, promptVoice(turn), { text, fixed: false }, promptEnded(turn))
    },
    press(frames: readonly Uint8Array[]): void {
      const turn = nextPrompt()
      const voice = promptVoice(turn)
      const isLast = current.begin(turn, voice)
      voice.playTones({ frames, signal: new AbortController().signal, settle: () => undefined })
      voice.end()
      void voice.done.then((outcome) => {
        telemetry.promptEnded(turn, outcome)
        if (isLast()) parts.onSilent(undefined)
      })
    },
    greet(text: string, fixed: boolean): void {
      telemetry.greetingQueued(text)
      // An apology in place of a greeting would puzzle: a greeting that cannot be spoken is left out.
      const { whenMute } = reply
      const voiceParts = {
        ...reply,
        entry: reply.history.agent(),
        fallbackLine: '',
        ...(whenMute && { whenMute: { ...whenMute, recorded: () => undefined } }),
      }
      const voice = createReplyVoice(0, voiceParts, { onFirstFrame: onSpeaking }, GREETING_MARK)
      speak(0, voice, { text, fixed }, (outcome, heard) => telemetry.greetingEnd(outcome, heard))
    },
    /** Where no voice can say them the recorded line is played, and where there is none nothing is. */
    lastWords(): void {
      const turn = nextPrompt()
      const { whenMute } = reply
      const voiceParts = {
        ...reply,
        entry: reply.history.agent(),
        fallbackLine: '',
        ...(whenMute && { whenMute: { ...whenMute, isLast: () => false } }),
      }
      const voice = createReplyVoice(turn, voiceParts, { onFirstFrame: onSpeaking })
      current.begin(turn, voice)
      voice.say(parts.lastWords, true)
      voice.end()
      void voice.done.then((outcome) => {
        telemetry.promptEnded(turn, outcome, voice.heardInPart())
        parts.onGaveUp()
      })
    },
  }
}
