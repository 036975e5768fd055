import { bytesPerSecond, frameBytes } from '../contracts/audio.ts'
import type { Clock } from '../contracts/clock.ts'
import type { HangUpReason, TransportCall } from '../contracts/transport.ts'
import { fillTemplate } from '../language/template.ts'
import type { CallTelemetry } from '../telemetry/call-telemetry.ts'
import { createAudioHistory } from './audio-history.ts'
import { callTotals, createSecondReport } from './call-counters.ts'
import type { CallSettings } from './call-settings.ts'
import type { CallTap } from './call-tap.ts'
import { type CallOutcome, endCall } from './call-end.ts'
import { createFallbackLlm, type NamedLlm } from './fallback-llm.ts'
import type { FrameClock } from './frame-clock.ts'
import { createFrameQueue } from './frame-queue.ts'
import { createConversationHistory } from './history.ts'
import { createPlayoutClock } from './playout-clock.ts'
import { createRxIntake } from './rx-intake.ts'
import { createRxWorker } from './rx-worker.ts'
import { createSttLink } from './stt-link.ts'
import type { NamedStt } from './stt-routes.ts'
import { BASIC_TOOL_BOX } from './tool-box.ts'
import { createTurnLoop } from './turn-loop.ts'
import { createTxLine, type OpenMark, type TxControl } from './tx-line.ts'
import { createTxWorker } from './tx-worker.ts'
import type { VadTap } from './vad-tap.ts'
import { createVoiceSource, type NamedTts, type SpeechCache } from './voice-source.ts'
import { createVoiceWatch } from './voice-watch.ts'

/** What a call runs on: providers that exist, shared by all calls. */
export interface CallStages {
  readonly stt: readonly NamedStt[]
  /** In the order they are tried, per reply. */
  readonly llm: readonly NamedLlm[]
  /** In the order they are tried, per clause. */
  readonly tts: readonly NamedTts[]
  readonly vad: VadTap | undefined
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

/** Audio kept for a replay when no final comes. */
const REPLAY_KEPT_MS = 30_000

/** Wires one call's chain in order, and does nothing else. Consumers start before producers. */
export function startCallSession(parts: CallSessionParts): CallSession {
  const { call, settings, stages, clock, frameClock, telemetry, taps } = parts
  const { format } = call
  const byteRate = bytesPerSecond(format)
  telemetry.callStarted({ format: `${format.encoding}/${format.sampleRateHz}` }, call.params)

  // caller -> rx-queue
  const rxQueue = createFrameQueue<never>({
    maxFrames: settings.rxQueue.maxFrames,
    frameBytes: frameBytes(format),
    overflow: 'drop-oldest',
    clock,
  })
  // tx-queue -> caller
  const txQueue = createFrameQueue<TxControl>({
    maxFrames: settings.txQueue.maxFrames,
    frameBytes: frameBytes(format),
    overflow: 'back-pressure',
    clock,
  })
  const playout = createPlayoutClock()
  const openMarks: OpenMark[] = []
  const txWorker = createTxWorker({
    reader: txQueue.reader,
    call,
    settings: settings.txQueue,
    playout,
    openMarks,
    taps,
  })
  const line = createTxLine({ writer: txQueue.writer, stats: txQueue.stats, playout, openMarks, clock })

  const language = (): string => settings.conversation.language
  const llm = createFallbackLlm(stages.llm, { ...settings.conversation, clock, telemetry })

  // rx-queue -> stt
  const audioHistory = createAudioHistory({
    pieceBytes: byteRate,
    maxBytes: (byteRate * REPLAY_KEPT_MS) / 1000,
  })
  const sttLink = createSttLink({
    callId: call.id,
    providers: stages.stt,
    format,
    hints: [...settings.conversation.hints, ...(llm.hints ?? [])],
    language: settings.conversation.language,
    history: audioHistory,
    clock,
    telemetry,
    onEvent: (event, nowMs) => turnLoop.sttEvent(event, nowMs),
  })
  const rxWorker = createRxWorker({
    reader: rxQueue.reader,
    history: audioHistory,
    sink: () => sttLink.sink,
    format,
    settings,
    clock,
  })

  // stt -> turns -> llm -> tts -> tx-queue
  const turnLoop = createTurnLoop({
    reply: {
      ...settings.conversation,
      // The models share the deadline out among themselves; this one is for all of them together.
      firstTokenTimeoutMs: settings.conversation.firstTokenTimeoutMs * stages.llm.length + 1000,
      llm,
      voice: createVoiceSource({
        ...settings.conversation,
        voices: () => stages.tts,
        callId: call.id,
        format,
        language,
        clock,
        telemetry,
        cache: parts.speechCache,
      }),
      toolBox: BASIC_TOOL_BOX,
      history: createConversationHistory(() => fillTemplate(settings.conversation.systemPrompt, call.params)),
      language,
      line,
      clock,
      callId: call.id,
      format,
      telemetry,
    },
    settings,
    hasVad: stages.vad !== undefined,
    clock,
    telemetry,
    onEnd: () => end.fromOurSide('agent'),
    onFailure: (error) => end.failed('turns', error),
  })
  const voice =
    stages.vad &&
    createVoiceWatch({
      tap: stages.vad,
      format,
      hangoverMs: settings.stt.vadHangoverMs,
      clock,
      telemetry,
      onStarted(nowMs) {
        sttLink.voiceStarted(nowMs)
        turnLoop.voiceStarted(nowMs)
      },
      onStopped(nowMs, endedMs) {
        sttLink.voiceStopped(nowMs)
        turnLoop.voiceStopped(endedMs)
      },
    })
  const intake = createRxIntake({ writer: rxQueue.writer, format, voice, taps, clock })
  const meters = {
    intake: intake.counters,
    rxQueue: rxQueue.stats,
    txQueue: txQueue.stats,
    rx: rxWorker,
    tx: txWorker,
    history: audioHistory,
  }
  const secondReport = createSecondReport(meters, telemetry)

  const leaveClock = frameClock.join({
    onTick(nowMs) {
      rxWorker.onTick(nowMs)
      txWorker.onTick(nowMs)
    },
    onFrame(nowMs) {
      txWorker.onFrame(nowMs)
      sttLink.onFrame(nowMs)
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
    producers: [() => turnLoop.close(), () => voice?.close(), () => rxQueue.writer.end()],
    drain: () => sttLink.drained(),
    consumers: [
      () => sttLink.close(),
      () => leaveClock(),
      () => txQueue.writer.end(),
      () => taps.forEach((tap) => tap.close()),
    ],
    counters: () => callTotals(meters),
  })

  telemetry.rxStarted()
  telemetry.txStarted()
  sttLink.open()
  const greeting = fillTemplate(settings.conversation.greeting, call.params)
  if (greeting !== '') turnLoop.greet(greeting)
  void llm.warm?.()
  void Promise.allSettled(stages.tts.map(async ({ provider }) => provider.warm?.(call.id)))
  call.open({
    onMedia: intake.onMedia,
    onDtmf: (digit) => telemetry.dtmf(digit),
    onMark: (name) => txWorker.markReturned(name, clock.nowMs()),
    onHangUp: end.fromTheirSide,
  })
  return { done: end.done, hangUp: end.fromOurSide }
}
