import { FRAME_MS } from '@kav/core'
import { createPhoneCallEnd, type PhoneCallEnd } from './end-phone-call.ts'
import type { Paced } from './pacer.ts'
import { createPhoneCallParts, type PhoneCallParts } from './phone-call-parts.ts'
import type { PhoneCall, PhoneCallHandle, PhoneCallOptions, StreamWire } from './phone-call.ts'

/** Starts the call on an open socket: sends `connected` and `start`, and media from the next frame on. */
export function openPhoneCall(wire: StreamWire, options: PhoneCallOptions): PhoneCallHandle {
  const { pacer, startDelayMs = 0 } = options
  const parts = createPhoneCallParts(wire, options)
  const { state, messages, caller, ear, waits } = parts
  const openedMs = state.originMs

  const paced: Paced = {
    get dueMs() {
      if (state.endedBy) return state.closeDeadlineMs
      if (state.slotMs === undefined) return openedMs + startDelayMs
      return state.originMs + Math.min(caller.nextDueMs, ear.playout.nextDueMs)
    },
    onDue(pacerNowMs) {
      if (state.endedBy) {
        wire.terminate()
        ending.settle(1006)
        return
      }
      if (state.slotMs === undefined) begin(parts)
      const nowMs = pacerNowMs - state.originMs
      caller.run(nowMs)
      ear.playout.advance(nowMs)
      waits.check(nowMs)
    },
  }
  const ending = createPhoneCallEnd(parts, paced)

  wire.send(messages.connected())
  if (startDelayMs === 0) begin(parts)
  pacer.join(paced)

  return {
    call: callerControls(parts, ending),
    receive: (data, isBinary) => receive(parts, data, isBinary),
    closed(code) {
      ending.end(code === 1006 ? 'connection-lost' : 'agent')
      ending.settle(code)
    },
  }
}

/** The stream starts: from here on time counts. */
function begin({ wire, options, state, messages, caller, log }: PhoneCallParts): void {
  const { identity, streamSid, pacer } = options
  state.originMs = pacer.clock.nowMs()
  wire.send(messages.start(options.parameters))
  state.slotMs = pacer.claimSlot()
  caller.begin(state.slotMs + FRAME_MS - state.originMs)
  log.tell({ type: 'stream-started', callSid: identity.callSid, streamSid }, 0)
  for (const text of options.violations ?? []) log.violate(text)
  options.statusCallback?.report('stream-started', log.violate)
}

/** A message from the server. */
function receive(parts: PhoneCallParts, data: Buffer, isBinary: boolean): void {
  const { options, state, log, reader, ear, waits } = parts
  const { strict = true } = options
  if (state.endedBy) return
  state.receivedMessages++
  if (isBinary && strict) return log.violate('binary message (Twilio warning 31950)')
  if (state.slotMs === undefined) return log.violate('message before start')
  const message = reader.read(data)
  if (!message) return
  const nowMs = parts.now()
  ear.receive(nowMs, message)
  if (message.type !== 'media') waits.check(nowMs)
}

/** What the caller, the carrier and the network can do to a call. */
function callerControls(parts: PhoneCallParts, ending: PhoneCallEnd): PhoneCall {
  const { wire, options, state, now, finished, messages, log, waits, recording, ear, caller } = parts
  return {
    callSid: options.identity.callSid,
    streamSid: options.streamSid,
    get nowMs() {
      return now()
    },
    get ended() {
      return state.endedBy !== undefined
    },
    get endedBy() {
      return state.endedBy
    },
    finished,
    get sentFrames() {
      return state.sentFrames
    },
    playout: ear.playout,
    timing: ear.timing,
    recording,
    say: (clip) => (state.endedBy ? Promise.resolve(false) : caller.say(clip)),
    loop: (clip) => caller.loop(clip),
    sendDtmf(digit) {
      if (state.endedBy) return
      wire.send(messages.dtmf(digit))
      state.sentDtmf++
      log.tell({ type: 'dtmf-sent', digit })
    },
    goSilent: (forMs) => caller.silenceUntil(forMs === undefined ? Infinity : now() + forMs),
    setJitterMs: (jitterMs) => caller.line.setJitterMs(jitterMs),
    setLateMs: (lateMs) => caller.line.setLateMs(lateMs),
    holdMedia: (holdMs) => caller.line.holdUntil(now() + holdMs),
    until: (condition, waitOptions) => waits.until(condition, waitOptions),
    hangUp: () => ending.stopAndClose('caller'),
    endFromCarrier: (by) => ending.stopAndClose(by),
    dropSocket() {
      if (!ending.end('socket-dropped')) return
      wire.terminate()
      ending.settle(1006)
    },
    endAtTimeLimit: () => ending.stopAndClose('time-limit'),
    tell: (event) => log.tell(event),
  }
}
