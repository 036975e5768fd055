import type { Clock } from '../../contracts/clock.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { CallSettings } from '../call-settings.ts'
import type { RealtimeEvent } from '../../contracts/realtime.ts'
import { createFailedTurns } from '../replying/failed-turns.ts'
import { isAnswer } from './realtime-replies.ts'
import type { RealtimeReply } from './realtime-turns.ts'

/**
 * The end of a speech-to-speech call that nothing comes of: the model is asked to say the last words, and where it
 * cannot the recorded line is played; then the caller is handed over, or the call hung up. Once per call.
 */
export interface RealtimeGiveUp {
  /** A reply is over. Says whether with it too many in a row have failed; one the caller spoke over tells nothing. */
  judge(reply: RealtimeReply, reason: ReplyEndReason): boolean
  /** The last words are due, or were said: nothing else is said or stopped any more. */
  begun(): boolean
  /** Too much has failed. `say` asks the model for the last words. */
  begin(say: (text: string) => void): void
  /** The model is saying them; no more of it comes; the caller has heard them. */
  speaking(): void
  spoken(): void
  heard(): void
  /** The model does not say them. */
  mute(): void
  /**
   * There is no session any more. False: nothing is configured for that, and the call just fails. `instead` happens
   * behind the recorded line where the call is not to be given up.
   */
  sessionDied(instead: () => void): boolean
  close(): void
}

type ReplyEndReason = Extract<RealtimeEvent, { type: 'reply-ended' }>['reason']

/** How long the model may take to the last words, and be silent within them. */
const LAST_WORDS_LIMIT_MS = 5000

export function createRealtimeGiveUp(parts: {
  readonly settings: CallSettings['conversation']['giveUp']
  /** Resolves when the caller has heard it, or nothing can be heard. Absent: there is no recording. */
  readonly playRecorded: (() => Promise<void>) | undefined
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  /** Hands the caller over, or hangs up. */
  readonly onEnd: () => void
}): RealtimeGiveUp {
  const { settings, playRecorded, clock, telemetry } = parts
  const failures = createFailedTurns(settings?.after)
  /** Failures that are of no turn of the caller's, counted downwards. */
  let others = 0
  let begun = false
  let ending = false
  let cancelLimit = (): void => undefined

  function tell(stage: 'model' | 'session'): void {
    begun = true
    const then = settings?.transferTo === undefined ? 'hang_up' : 'transfer'
    telemetry.gaveUp({ failures: failures.inARow(), stage, then })
  }

  function wait(): void {
    cancelLimit()
    if (!ending) cancelLimit = clock.after(LAST_WORDS_LIMIT_MS, mute)
  }

  function end(then: () => void): void {
    cancelLimit()
    if (ending) return
    ending = true
    then()
  }

  function recordedThen(then: () => void): void {
    end(() => void (playRecorded?.() ?? Promise.resolve()).then(then))
  }

  function mute(): void {
    recordedThen(parts.onEnd)
  }

  return {
    judge(reply, reason) {
      if (reply.stopped || begun || reason === 'interrupted') return false
      // Words of the configuration say nothing of its answers.
      if (reason === 'done' && reply.spoke && isAnswer(reply)) failures.worked()
      const silent = reason === 'done' && !reply.spoke && reply.calls === 0 && reply.kind === 'answer'
      if (reason === 'done' && !silent) return false
      // A connection that is lost again and again takes one turn with it, made anew each time.
      const ofTurn = reason !== 'lost' && (isAnswer(reply) || reply.kind === 'fallback')
      return failures.failed(ofTurn ? reply.turn : --others)
    },
    begun() {
      return begun
    },
    begin(say) {
      if (begun) return
      tell('model')
      wait()
      say(settings?.say ?? '')
    },
    speaking: wait,
    spoken: () => cancelLimit(),
    heard: () => end(parts.onEnd),
    mute,
    sessionDied(instead) {
      if (!settings && !playRecorded) return false
      if (settings && !begun) tell('session')
      begun = true
      recordedThen(settings ? parts.onEnd : instead)
      return true
    },
    close() {
      ending = true
      cancelLimit()
    },
  }
}
