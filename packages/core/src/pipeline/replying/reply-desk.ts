import type { Clock } from '../../contracts/clock.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { type Reply, type ReplyParts, startReply } from './reply.ts'
import { createReplyVoice, type ReplyVoice } from './reply-voice.ts'
import type { ReplyDesk, ReplyDeskHandlers, ReplyEnd } from '../turns/reply-actions.ts'

/** The label of the mark behind the greeting; it came back: the caller has heard it. */
export const GREETING_MARK = 'greeting_end'

/** What is being made or heard: a model's reply, or a text from the configuration. */
interface Speaking {
  readonly turn: number
  readonly control: Pick<Reply, 'release' | 'hold' | 'pause' | 'resume' | 'cancel'>
}

interface Prepared {
  readonly reply: Reply
  readonly times: TurnTimes
}

/** The latency breakdown of one turn, on the monotonic clock. */
interface TurnTimes {
  speechEndMs: number
  turnEndMs: number
  firstTokenMs: number | undefined
  firstAudioMs: number | undefined
}

export function createReplyDesk(
  parts: ReplyDeskHandlers & {
    reply: ReplyParts
    clock: Clock
    telemetry: CallTelemetry
  },
): ReplyDesk {
  const { clock, telemetry } = parts
  const { history, line } = parts.reply
  let speaking: Speaking | undefined
  let prepared: Prepared | undefined
  /** What was heard of the paused reply, and how soon after the caller's voice began it fell silent. */
  let pausedAt: { readonly heard: string; readonly afterSpeechMs: number } | undefined
  let turn = 0
  /** Texts of the configuration are counted downwards, apart from the turns. */
  let prompts = 0
  let speechStartMs = 0
  let speechEndMs = 0

  function makeReply(forTurn: number, pendingUser?: string): Prepared {
    const times: TurnTimes = {
      speechEndMs,
      turnEndMs: clock.nowMs(),
      firstTokenMs: undefined,
      firstAudioMs: undefined,
    }
    let told = false
    const handlers = {
      onFirstToken: () => void (times.firstTokenMs ??= clock.nowMs()),
      onFirstAudio: () => void (times.firstAudioMs ??= clock.nowMs()),
      onFirstFrame: () => {
        if (!told) telemetry.turnLatency({ turn: forTurn, ...times, firstFrameMs: clock.nowMs() })
        told = true
        parts.onSpeaking()
      },
    }
    return { reply: startReply(forTurn, parts.reply, handlers, pendingUser), times }
  }

  function startTurn(forTurn: number, text: string, again: boolean): void {
    if (again) history.correctUser(text)
    else history.user(text)
    if (again) telemetry.turnCorrected(forTurn, text)
    else telemetry.turnEnded(forTurn, text)
    telemetry.replyStarted(forTurn)
    turn = forTurn
    const made = prepared ?? makeReply(forTurn)
    prepared = undefined
    made.times.speechEndMs = speechEndMs
    made.times.turnEndMs = clock.nowMs()
    const current: Speaking = { turn: forTurn, control: made.reply }
    speaking = current
    made.reply.release()
    made.reply.done.then(
      ({ outcome, thenEnd }) => {
        if (speaking !== current) return
        speaking = undefined
        telemetry.replyEnded(forTurn, outcome)
        parts.onSilent(thenEnd)
      },
      (error: unknown) => telemetry.stageFailed('reply', error),
    )
  }

  /** Speaks a text that no model wrote. */
  function speak(
    text: string,
    fixed: boolean,
    forTurn: number,
    voice: ReplyVoice,
    told: (outcome: string) => void,
    thenEnd?: ReplyEnd,
  ): void {
    const current: Speaking = { turn: forTurn, control: voice }
    speaking = current
    voice.release()
    voice.say(text, fixed)
    voice.end()
    void voice.done.then((outcome) => {
      told(outcome)
      if (speaking !== current) return
      speaking = undefined
      parts.onSilent(outcome === 'cancelled' ? undefined : thenEnd)
    })
  }

  function discardPrepared(): void {
    if (!prepared) return
    telemetry.preparedDiscarded(prepared.reply.tokens)
    prepared.reply.cancel()
    prepared = undefined
  }

  /** The only step back: the voice stops, the tx-queue is emptied, `clear` goes out, the history is cut. */
  function silence(): string {
    const sentMs = line.sentMs
    const heardMs = line.interrupt()
    return speaking?.control.pause(heardMs, sentMs) ?? ''
  }

  function fallSilent(): { heard: string; afterSpeechMs: number } {
    return { heard: silence(), afterSpeechMs: clock.nowMs() - speechStartMs }
  }

  /** The caller took the word for good: what they heard of the reply is settled. */
  function interrupted({ heard, afterSpeechMs } = fallSilent()): void {
    if (speaking) telemetry.interrupted({ turn: speaking.turn, afterSpeechMs }, heard)
    cancel()
  }

  function cancel(): void {
    speaking?.control.cancel()
    speaking = undefined
    pausedAt = undefined
  }

  return {
    perform(action) {
      switch (action.type) {
        case 'prepare-reply':
          prepared = makeReply(turn + 1, action.text)
          return
        case 'discard-prepared':
          return discardPrepared()
        case 'start-reply':
          return startTurn(action.turn, action.text, false)
        case 'restart-reply':
          silence()
          cancel()
          return startTurn(action.turn, action.text, true)
        case 'correct-history':
          telemetry.turnCorrected(action.turn, action.text)
          return history.correctUser(action.text)
        case 'hold-reply':
          return speaking?.control.hold()
        case 'release-reply':
          return speaking?.control.release()
        case 'pause-reply':
          pausedAt = fallSilent()
          return telemetry.paused({ turn, afterSpeechMs: pausedAt.afterSpeechMs }, pausedAt.heard)
        case 'resume-reply':
          pausedAt = undefined
          telemetry.resumed(turn)
          return speaking?.control.resume()
        case 'cancel-reply':
          if (pausedAt !== undefined) return interrupted(pausedAt)
          silence()
          return cancel()
        case 'interrupt':
          return interrupted()
        case 'say':
          prompts++
          return speak(
            action.text,
            true,
            -prompts,
            createReplyVoice(
              -prompts,
              { ...parts.reply, entry: history.agent() },
              { onFirstFrame: parts.onSpeaking },
            ),
            telemetry.promptEnded,
            action.thenHangUp ? { how: 'hang-up', tell: () => undefined } : undefined,
          )
      }
    },
    greet(text, fixed) {
      telemetry.greetingQueued(text)
      // An apology in place of a greeting would puzzle: a greeting that cannot be spoken is left out.
      const voiceParts = { ...parts.reply, entry: history.agent(), fallbackLine: '' }
      const voice = createReplyVoice(0, voiceParts, { onFirstFrame: parts.onSpeaking }, GREETING_MARK)
      speak(text, fixed, 0, voice, telemetry.greetingEnd)
    },
    speechStarted(nowMs) {
      speechStartMs = nowMs
    },
    speechEnded(nowMs) {
      speechEndMs = nowMs
    },
    close() {
      discardPrepared()
      // The caller is gone in the middle of it: the record tells what they heard.
      if (speaking)
        telemetry.replyEnded(speaking.turn, 'cut', speaking.control.pause(line.heardMs, line.sentMs))
      cancel()
    },
  }
}
