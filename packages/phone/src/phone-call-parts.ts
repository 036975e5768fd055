import { createAgentEar } from './agent-ear.ts'
import { createCallLog } from './call-log.ts'
import { createCallRecording } from './call-recording.ts'
import type { CallResult } from './call-result.ts'
import { createCallWaits } from './call-waits.ts'
import { createCallerSide } from './caller-side.ts'
import type { PhoneCallOptions, StreamWire } from './phone-call.ts'
import type { CallEnd } from './phone-event.ts'
import { createEchoReader, createServerMessageReader } from './server-messages.ts'
import { createStreamMessages } from './protocol/stream-messages.ts'

/** What changes while a call runs. Times but `originMs` and `closeDeadlineMs` count from the `start` message. */
export interface PhoneCallState {
  /** When the stream started, on the process's clock. */
  originMs: number
  /** Our place among the calls of the process; absent before `start`. */
  slotMs: number | undefined
  endedBy: CallEnd | undefined
  closeCode: number | undefined
  /** On the process's clock: when the server's answer to the closing handshake is given up. */
  closeDeadlineMs: number
  durationMs: number
  /** Audio that was never heard. */
  cutOffBytes: number
  sentFrames: number
  sentDtmf: number
  receivedMessages: number
}

/** Both sides of a call, what is written down of it, and its state. */
export type PhoneCallParts = ReturnType<typeof createPhoneCallParts>

export function createPhoneCallParts(wire: StreamWire, options: PhoneCallOptions) {
  const { identity, streamSid, pacer, strict = true, returnsMarks = true } = options
  const { clock } = pacer
  const state: PhoneCallState = {
    originMs: clock.nowMs(),
    slotMs: undefined,
    endedBy: undefined,
    closeCode: undefined,
    closeDeadlineMs: Infinity,
    durationMs: 0,
    cutOffBytes: 0,
    sentFrames: 0,
    sentDtmf: 0,
    receivedMessages: 0,
  }
  let finish: (result: CallResult) => void = () => undefined
  const finished = new Promise<CallResult>((resolve) => {
    finish = resolve
  })
  const now = (): number => clock.nowMs() - state.originMs
  const messages = createStreamMessages(identity, streamSid)
  const log = createCallLog(now, options.onEvent)
  const { tell, violate } = log
  const recording = options.record === false ? undefined : createCallRecording()
  const ear = createAgentEar({
    tell,
    recording,
    ownLagMs: () => pacer.overdueMs(),
    sendMark(name) {
      if (returnsMarks && !state.endedBy) wire.send(messages.mark(name))
    },
  })
  const caller = createCallerSide({
    tell,
    recording,
    random: options.random ?? Math.random,
    send(timestampMs, payload) {
      wire.send(messages.media(timestampMs, payload))
      state.sentFrames++
    },
  })
  return {
    wire,
    options,
    startedAt: new Date(clock.wallMs()).toISOString(),
    state,
    now,
    finished,
    finish,
    messages,
    log,
    waits: createCallWaits(now),
    recording,
    reader: strict ? createServerMessageReader(streamSid, violate) : createEchoReader(),
    ear,
    caller,
  }
}
