import type { OperatorAction, OperatorAnswer } from '../../contracts/operator.ts'
import type { TransportCall } from '../../contracts/transport.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { type CallTap, guardTap } from '../call-tap.ts'
import type { VoiceWatch } from '../hearing/voice-watch.ts'
import type { Conversation, HeardSoFar } from '../turns/conversation.ts'
import { type CallMeters, callTotals } from './call-counters.ts'
import type { CallEnd } from './call-end.ts'

/** A running call, as operators steer and see it. */
export interface CallControl {
  /**
   * Does it, or says why not; each is told as an event. Never rejects. What speaks goes through the floor, as all
   * that is said; whoever asks waits for nothing but a transfer.
   *
   * @param by who, for the audit
   */
  act(action: OperatorAction, by: string): Promise<OperatorAnswer>
  look(): CallLook
  /** All counters so far, by the names of the record. */
  counters(): Readonly<Record<string, number>>
  /** The tap sees the audio from here on. Returns what takes it away again; it is closed with the call, or by that. */
  listen(tap: CallTap): () => void
}

/** How a call is at this moment. */
export interface CallLook {
  readonly speaking: 'caller' | 'agent' | 'both' | 'nobody'
  readonly muted: boolean
  /** Frames that wait on the way in and on the way out. */
  readonly rxQueue: number
  readonly txQueue: number
  readonly underruns: number
  readonly heard?: HeardSoFar
}

export interface CallControlParts {
  readonly call: Pick<TransportCall, 'transfer'>
  readonly end: CallEnd
  readonly conversation: Conversation
  readonly meters: CallMeters
  /** Absent: nobody hears when the caller speaks. */
  readonly voice: Pick<VoiceWatch, 'voiced'> | undefined
  /** Of the call: what is put in here sees the audio. */
  readonly taps: CallTap[]
  readonly telemetry: CallTelemetry
}

const DONE: OperatorAnswer = { done: true }

export function createCallControl(parts: CallControlParts): CallControl {
  const { conversation, meters, taps, end } = parts
  const { tx, rx } = meters
  return {
    async act(action, by) {
      const answer = end.isOver() ? OVER : await perform(parts, action, by)
      if (!answer.done) parts.telemetry.operator.refused(action, by, answer.why)
      return answer
    },
    look() {
      const heard = conversation.operator.heardSoFar()
      return {
        speaking: whoSpeaks(parts.voice?.voiced ?? false, tx.floor.active() && !tx.muted()),
        muted: tx.muted(),
        rxQueue: rx.audio.waitingFrames,
        txQueue: tx.queue.depth,
        underruns: tx.worker.counters.underruns,
        ...(heard && { heard }),
      }
    },
    counters: () => callTotals(meters),
    listen(tap) {
      const guarded = guardTap(tap, parts.telemetry)
      taps.push(guarded)
      return () => {
        const index = taps.indexOf(guarded)
        if (index < 0) return
        taps.splice(index, 1)
        guarded.close()
      }
    },
  }
}

async function perform(
  { call, end, conversation, meters, telemetry }: CallControlParts,
  action: OperatorAction,
  by: string,
): Promise<OperatorAnswer> {
  const { operator } = conversation
  const tell = (): void => telemetry.operator.acted(action, by)
  switch (action.type) {
    case 'say':
      return toldIfDone(operator.say(action.text, action.at ?? 'turn'), tell)
    case 'whisper':
      return toldIfDone(operator.whisper(action.text), tell)
    case 'keys':
      return toldIfDone(operator.keys(action.digits), tell)
    case 'interrupt':
      tell()
      operator.interrupt()
      return DONE
    case 'transfer':
      if (!call.transfer) return NO_TRANSFER
      tell()
      return (await end.transfer(action.to)) === undefined ? DONE : NOT_TAKEN
    case 'hang-up':
      tell()
      end.fromOurSide('operator')
      return DONE
    case 'mute':
      tell()
      meters.tx.mute(action.on)
      return DONE
    case 'listen':
      tell()
      return DONE
  }
}

function toldIfDone(answer: OperatorAnswer, tell: () => void): OperatorAnswer {
  if (answer.done) tell()
  return answer
}

function whoSpeaks(caller: boolean, agent: boolean): CallLook['speaking'] {
  if (caller && agent) return 'both'
  if (caller) return 'caller'
  return agent ? 'agent' : 'nobody'
}

const OVER: OperatorAnswer = { done: false, why: 'call-over', message: 'the call is ending' }
const NO_TRANSFER: OperatorAnswer = {
  done: false,
  why: 'cannot-do',
  message: 'the transport of this call cannot transfer',
}
const NOT_TAKEN: OperatorAnswer = {
  done: false,
  why: 'not-taken',
  message: 'the carrier did not take the transfer; the call goes on',
}
