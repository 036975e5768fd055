import { formatName } from '../../contracts/audio.ts'
import { nowUs } from '../../kit/whole-us.ts'
import { callTotals, createSecondReport } from './call-counters.ts'
import { beginCall, type WiredCall, type WiredParts } from './begin-call.ts'
import { listenForEcho } from './call-echo.ts'
import { endCall } from './call-end.ts'
import { createCallControl } from './call-control.ts'
import type { CallConversationParts } from './call-conversation.ts'
import type { CallSession, CallSessionParts } from './call-session-parts.ts'
import { openLine } from './open-line.ts'
import { guardTap } from '../call-tap.ts'
import { createSharedAlarm } from '../shared-alarm.ts'
import { wireRealtime } from './wire-realtime.ts'
import { createRxIntake } from '../hearing/rx-intake.ts'
import { wireStages } from './wire-stages.ts'
import { wireVoice } from './wire-voice.ts'
import { textsOfCall } from './call-texts.ts'
import { createTxPath } from '../speaking/tx-path.ts'

export const startCallSession = (parts: CallSessionParts): CallSession => beginCall(parts, wireCall)

/** Wires one call's chain in order, and does nothing else. Consumers start before producers. */
function wireCall(parts: WiredParts): WiredCall {
  const { call, stages, clock, seat, telemetry } = parts
  const { settings, linesAreOwn, recorded, ...values } = textsOfCall(parts.settings, call, clock)
  const echo = listenForEcho(parts)
  const taps = [...parts.taps, ...(echo ? [echo] : [])].map((tap) => guardTap(tap, telemetry))
  telemetry.callStarted({ format: formatName(call.format) }, recorded)

  // The call is visited when one of its alarms is due, and at no other time.
  const lineFailed = (error: unknown): void => end.failed('media', error)
  const deadlines = createSharedAlarm(seat.deadline, clock)

  // tx-queue -> TX worker -> caller
  const tx = createTxPath({
    call,
    settings: settings.txQueue,
    duckDb: -settings.conversation.bargeIn.duckDb,
    background: stages.background,
    clock,
    alarm: seat.tx,
    taps,
    onHeard: (startMs, endMs) => telemetry.voiceHeard('agent', startMs, endMs),
    markNews: telemetry,
    onFailure: lineFailed,
  })

  // rx-queue -> RX worker -> stt -> turns -> llm -> tts -> tx-queue, or one session for all of stt, llm and tts
  const between: CallConversationParts = {
    call,
    settings,
    ...values,
    stages,
    echo,
    floor: tx.floor,
    rxAlarm: seat.rx,
    deadlines,
    clock,
    telemetry,
    traceparent: parts.traceparent,
    speechCache: linesAreOwn ? undefined : parts.speechCache,
    onEnd: (reason) => end.fromOurSide(reason),
    onTransfer: (to) => end.transfer(to),
    onFailure: (stage, error) => end.failed(stage, error),
  }
  const { rx, conversation } = stages.realtime ? wireRealtime(between, stages.realtime) : wireStages(between)

  // caller -> rx-queue, with the voice tap beside it
  const voice = stages.vad && wireVoice({ tap: stages.vad, ...between, rx, conversation })
  const intake = createRxIntake({ ...rx, format: call.format, voice: voice?.stream, taps, clock })

  const meters = { intake: intake.counters, rx, tx }
  const secondReport = createSecondReport(meters, telemetry, deadlines)
  const end = endCall({
    call,
    clock,
    telemetry,
    maxCallMs: settings.conversation.maxCallMs,
    // First nobody may speak any more, and whoever did learns what was heard of it.
    producers: [() => tx.end(), () => conversation.close(), () => voice?.close(), () => rx.end()],
    drain: () => rx.link.drained(),
    consumers: [() => rx.link.close(), () => seat.leave(), () => taps.forEach((tap) => tap.close())],
    counters: () => callTotals(meters),
  })

  try {
    telemetry.rxStarted()
    telemetry.txStarted()
    secondReport.start(nowUs(clock))
    rx.link.open()
    conversation.start()
    openLine({ call, intake, tx, conversation, end, clock, telemetry, onFault: lineFailed })
  } catch (error) {
    end.failed('start', error)
  }
  const control = createCallControl({ call, end, conversation, meters, voice, taps, telemetry })
  return { done: end.done, hangUp: end.fromOurSide, control, lineFailed }
}
