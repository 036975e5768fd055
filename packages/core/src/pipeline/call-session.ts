import type { Clock } from '../contracts/clock.ts'
import { formatName } from '../contracts/audio.ts'
import type { HangUpReason, TransportCall } from '../contracts/transport.ts'
import type { CallTelemetry } from '../telemetry/call-telemetry.ts'
import type { ToolKit } from '../tools/tool-kit.ts'
import { callTotals, createSecondReport } from './call-counters.ts'
import { type CallOutcome, endCall } from './call-end.ts'
import { createCallLanguage, type LanguageStages } from './call-language.ts'
import type { CallSettings } from './call-settings.ts'
import { type CallTap, guardTap } from './call-tap.ts'
import { createCallToolBox } from './call-tools.ts'
import { createConversation } from './conversation.ts'
import type { NamedLlm } from './fallback-llm.ts'
import type { FrameClock } from './frame-clock.ts'
import { createRxIntake } from './rx-intake.ts'
import { createRxPath } from './rx-path.ts'
import type { SttLinkEvent } from './stt-link.ts'
import type { NamedStt } from './stt-routes.ts'
import { createTxPath } from './tx-path.ts'
import type { VadTap } from './vad-tap.ts'
import type { NamedTts, SpeechCache } from './voice-source.ts'
import { createVoiceWatch } from './voice-watch.ts'

/** What a call runs on: providers that exist, shared by all calls; lists in the order they are tried. */
export interface CallStages {
  readonly stt: readonly NamedStt[]
  readonly llm: readonly NamedLlm[]
  readonly tts: readonly NamedTts[]
  readonly vad: VadTap | undefined
  /** Languages the call may be switched to. */
  readonly languages?: ReadonlyMap<string, LanguageStages>
  /** Absent: the model may hang up, and nothing else. */
  readonly tools?: ToolKit
}

export interface CallSessionParts {
  readonly call: TransportCall
  readonly settings: CallSettings
  readonly stages: CallStages
  readonly clock: Clock
  readonly frameClock: FrameClock
  readonly telemetry: CallTelemetry
  readonly taps: readonly CallTap[]
  /** Keeps speech that is the same on every call. */
  readonly speechCache?: SpeechCache
}

/** A running call. */
export interface CallSession {
  /** Resolves when everything of the call is closed. Never rejects. */
  readonly done: Promise<CallOutcome>
  /** Ends the call from our side; the reason stands in the record. */
  hangUp(reason: HangUpReason): void
}

/** Wires one call's chain in order, and does nothing else. Consumers start before producers. */
export function startCallSession(parts: CallSessionParts): CallSession {
  const { call, settings, stages, clock, frameClock, telemetry } = parts
  const { format } = call
  const taps = parts.taps.map((tap) => guardTap(tap, (error) => telemetry.stageFailed('tap', error)))
  const { stt, llm, tts, vad, languages = new Map<string, LanguageStages>() } = stages
  telemetry.callStarted({ format: formatName(format) }, call.params)

  // tx-queue -> TX worker -> caller
  const tx = createTxPath({ call, settings: settings.txQueue, clock, taps })

  // rx-queue -> RX worker -> stt
  const hints = [...settings.conversation.hints, ...llm.flatMap(({ provider }) => provider.hints ?? [])]
  const onEvent = (event: SttLinkEvent, nowMs: number): void => conversation.sttEvent(event, nowMs)
  const rx = createRxPath({ callId: call.id, format, settings, stt, hints, clock, telemetry, onEvent })

  // stt -> turns -> llm -> tts -> tx-queue
  const onSwitch = (tag: string, providers: readonly NamedStt[]): void => rx.link.useLanguage(tag, providers)
  const language = createCallLanguage({
    first: settings.conversation.language,
    stt,
    tts,
    languages,
    onSwitch,
  })
  const conversation = createConversation({
    call,
    settings,
    llm,
    language,
    toolBox: createCallToolBox({ kit: stages.tools, call, language, line: tx.line }),
    line: tx.line,
    hasVad: vad !== undefined,
    clock,
    telemetry,
    speechCache: parts.speechCache,
    onEnd: (reason, transferTo) => end.fromOurSide(reason, transferTo),
    onFailure: (error) => end.failed('conversation', error),
  })

  // caller -> rx-queue, with the voice tap beside it
  const voice =
    vad &&
    createVoiceWatch({
      tap: vad,
      format,
      hangoverMs: settings.stt.vadHangoverMs,
      clock,
      telemetry,
      onStarted(nowMs) {
        rx.link.voiceStarted(nowMs)
        conversation.voiceStarted(nowMs)
      },
      onStopped(nowMs, endedMs) {
        rx.link.voiceStopped(nowMs)
        conversation.voiceStopped(endedMs)
      },
    })
  const intake = createRxIntake({ writer: rx.writer, format, voice, taps, clock })

  const meters = { intake: intake.counters, rx, tx }
  const secondReport = createSecondReport(meters, telemetry)
  const leaveClock = frameClock.join({
    onTick(nowMs) {
      rx.worker.onTick(nowMs)
      tx.worker.onTick(nowMs)
    },
    onFrame(nowMs) {
      tx.worker.onFrame(nowMs)
      rx.link.onFrame(nowMs)
      voice?.onFrame(nowMs)
      secondReport.onFrame(nowMs)
    },
    onError: (error) => end.failed('media', error),
  })
  const end = endCall({
    call,
    clock,
    telemetry,
    maxCallMs: settings.conversation.maxCallMs,
    producers: [() => conversation.close(), () => voice?.close(), () => rx.writer.end(), () => tx.end()],
    drain: () => rx.link.drained(),
    consumers: [() => rx.link.close(), leaveClock, () => taps.forEach((tap) => tap.close())],
    counters: () => callTotals(meters),
  })

  telemetry.rxStarted()
  telemetry.txStarted()
  rx.link.open()
  conversation.start()
  call.open({
    onMedia: intake.onMedia,
    onDtmf: conversation.onDtmf,
    onMark: (name) => tx.worker.markReturned(name, clock.nowMs()),
    onHangUp: end.fromTheirSide,
  })
  return { done: end.done, hangUp: end.fromOurSide }
}
