import type { Clock } from '../contracts/clock.ts'
import { messageOf, type ProviderError } from '../contracts/errors.ts'
import type { Logger } from '../contracts/logger.ts'
import type { Metrics } from '../contracts/metrics.ts'
import { CALL_EVENTS, type CallEvent, type CallEventName } from './call-events.ts'

/** One function per event: the log line, the metric and the record's entry together. */
export type CallTelemetry = ReturnType<typeof createCallTelemetry>

/** The steps of one turn on the monotonic clock; `undefined` where a step did not happen. */
export interface TurnSteps {
  readonly turn: number
  readonly speechEndMs: number
  readonly turnEndMs: number
  readonly firstTokenMs: number | undefined
  readonly firstAudioMs: number | undefined
  readonly firstFrameMs: number | undefined
}

interface Route {
  readonly plugin: string
  readonly region: string | undefined
}

/** Names of provider instances. */
interface Fallback {
  readonly from: string
  readonly to: string
  readonly error: ProviderError
}

type Fields = Readonly<Record<string, unknown>>

export function createCallTelemetry(parts: {
  log: Logger
  metrics: Metrics
  clock: Clock
  onEvent?: (event: CallEvent) => void
}) {
  const { log, metrics, clock, onEvent } = parts
  const startedMs = clock.nowMs()
  /** Told of in this call. */
  const passedOver = new Set<string>()

  function emit(event: CallEventName, fields: Fields = {}, privateFields: Fields = {}, figures = ''): void {
    const kind = CALL_EVENTS[event]
    if (figures === '') metrics.count('call_events_total', 1, { event })
    const hasPrivate = Object.keys(privateFields).length > 0
    log[kind.level](
      { event, ...fields, ...(hasPrivate ? { private: privateFields } : {}) },
      figures === '' ? kind.message : `${kind.message} ${figures}`,
    )
    onEvent?.({ event, atMs: clock.nowMs() - startedMs, fields, private: privateFields })
  }

  const about = (error: ProviderError): Fields => ({
    code: error.code,
    error: error.message,
    retryable: error.retryable,
  })
  const of = (route: Route): Fields => ({
    plugin: route.plugin,
    ...(route.region === undefined ? {} : { region: route.region }),
  })

  return {
    callStarted: (fields: { format: string }, params: Fields) => emit('call_started', fields, params),
    rxStarted: () => emit('rx_started'),
    txStarted: () => emit('tx_started'),

    sttInitRequested: () => emit('stt_init_requested'),
    sttReady(ready: Route & { attempt: number; openMs: number }) {
      metrics.observe('stt_open_ms', ready.openMs, { plugin: ready.plugin })
      emit('stt_ready', { ...of(ready), attempt: ready.attempt, open_ms: Math.round(ready.openMs) })
    },
    sttOpenFailed: (failed: Route & { attempt: number; error: ProviderError }) =>
      emit('stt_open_failed', { ...of(failed), attempt: failed.attempt, ...about(failed.error) }),
    sttOpeningHedged(hedged: Route & { attempt: number }) {
      metrics.count('stt_openings_hedged_total', 1, { plugin: hedged.plugin })
      emit('stt_opening_hedged', { ...of(hedged), attempt: hedged.attempt })
    },
    sttFellBack(fallback: Fallback) {
      metrics.count('stt_fallbacks_total', 1, { from: fallback.from, to: fallback.to })
      emit('stt_fell_back', { from: fallback.from, to: fallback.to, ...about(fallback.error) })
    },
    providerPassedOver(kind: 'stt' | 'llm' | 'tts', { from, to }: { from: string; to: string }) {
      metrics.count('provider_passed_over_total', 1, { kind, from, to })
      const passed = `${kind} ${from} ${to}`
      if (passedOver.has(passed)) return
      passedOver.add(passed)
      emit('provider_passed_over', { kind, from, to })
    },
    sttLost: (lost: Route & { error: ProviderError }) =>
      emit('stt_lost', { ...of(lost), ...about(lost.error) }),
    sttRotated: (rotated: Route & { reason: string }) =>
      emit('stt_rotated', { ...of(rotated), reason: rotated.reason }),
    sttDuplicateFinal: () => emit('stt_duplicate_final'),
    sttRecognizePerUtterance: (fields: { possible: boolean }) => emit('stt_recognize_per_utterance', fields),
    sttUtteranceRecognized: (fields: { plugin: string; audioMs: number }) =>
      emit('stt_utterance_recognized', { plugin: fields.plugin, audio_ms: Math.round(fields.audioMs) }),
    sttUtteranceFailed: (failed: { plugin: string; error: ProviderError }) =>
      emit('stt_utterance_failed', { plugin: failed.plugin, ...about(failed.error) }),
    vadFailed: (error: ProviderError) => emit('vad_failed', about(error)),

    greetingQueued: (text: string) => emit('greeting_queued', {}, { text }),
    greetingEnd: (outcome: string) => emit('greeting_end', { outcome }),
    partial: (text: string) => emit('partial', {}, { text }),
    final: (text: string) => emit('final', {}, { text }),
    turnEnded: (turn: number, text: string) => emit('turn_ended', { turn }, { text }),
    turnCorrected: (turn: number, text: string) => emit('turn_corrected', { turn }, { text }),
    replyStarted: (turn: number) => emit('reply_started', { turn }),
    agentSaid: (turn: number, text: string) => emit('agent_said', { turn }, { text }),
    /** `heard` only where the caller did not hear all of it. */
    replyEnded: (turn: number, outcome: string, heard?: string) =>
      emit('reply_ended', { turn, outcome }, heard === undefined ? {} : { heard }),
    promptEnded: (outcome: string) => emit('prompt_ended', { outcome }),
    paused: (fields: { turn: number; afterSpeechMs: number }, heard: string) =>
      emit('paused', { turn: fields.turn, after_speech_ms: Math.round(fields.afterSpeechMs) }, { heard }),
    noise: () => emit('noise'),
    resumed: (turn: number) => emit('resumed', { turn }),
    preparedDiscarded(tokens: number) {
      metrics.count('llm_prepared_tokens_discarded_total', tokens)
      emit('prepared_discarded', { tokens })
    },
    llmUsage(inputTokens: number, outputTokens: number) {
      metrics.count('llm_input_tokens_total', inputTokens)
      metrics.count('llm_output_tokens_total', outputTokens)
    },
    interrupted: (fields: { turn: number; afterSpeechMs: number }, heard: string) =>
      emit(
        'interrupted',
        { turn: fields.turn, after_speech_ms: Math.round(fields.afterSpeechMs) },
        { heard },
      ),
    dtmf: (digit: string) => emit('dtmf', {}, { digit }),
    keysUnheard: (plugin: string) => emit('keys_unheard', { plugin }),
    toolCalled: (fields: { turn: number; tool: string }) => emit('tool_called', fields),
    // What a service answered may name people: it is as private as what was said.
    toolFailed: (fields: { turn: number; tool: string; error: string }) =>
      emit('tool_failed', { turn: fields.turn, tool: fields.tool }, { error: fields.error }),
    toolDropped: (fields: { turn: number; tool: string }) => emit('tool_dropped', fields),
    llmFailed: (turn: number, error: ProviderError) => emit('llm_failed', { turn, ...about(error) }),
    ttsFailed: (turn: number, error: ProviderError) => emit('tts_failed', { turn, ...about(error) }),
    llmFellBack(fallback: Fallback) {
      metrics.count('llm_fallbacks_total', 1, { from: fallback.from, to: fallback.to })
      emit('llm_fell_back', { from: fallback.from, to: fallback.to, ...about(fallback.error) })
    },
    ttsFellBack(fallback: Fallback) {
      metrics.count('tts_fallbacks_total', 1, { from: fallback.from, to: fallback.to })
      emit('tts_fell_back', { from: fallback.from, to: fallback.to, ...about(fallback.error) })
    },
    ttsStreamFellBack(turn: number, error: ProviderError) {
      metrics.count('tts_stream_fallbacks_total')
      emit('tts_stream_fell_back', { turn, ...about(error) })
    },
    speechCached: (hit: boolean) => metrics.count('speech_cache_total', 1, { outcome: hit ? 'hit' : 'miss' }),
    hangUpRequested: (reason: string) => emit('hang_up_requested', { reason }),
    transferRequested: () => emit('transfer_requested'),
    transferFailed: (error: unknown) => emit('transfer_failed', { error: messageOf(error) }),
    stageFailed: (stage: string, error: unknown) => emit('stage_failed', { stage, error: messageOf(error) }),
    callEnded: (fields: Fields) => emit('call_ended', fields),

    turnLatency(steps: TurnSteps) {
      const sinceSpeech = (atMs: number | undefined): number | undefined =>
        atMs === undefined ? undefined : Math.max(0, Math.round(atMs - steps.speechEndMs))
      const fields = {
        turn: steps.turn,
        turn_end_ms: sinceSpeech(steps.turnEndMs),
        first_token_ms: sinceSpeech(steps.firstTokenMs),
        first_audio_ms: sinceSpeech(steps.firstAudioMs),
        first_frame_ms: sinceSpeech(steps.firstFrameMs),
      }
      for (const [step, value] of Object.entries(fields)) {
        if (step !== 'turn' && value !== undefined)
          metrics.observe('turn_latency_ms', value, { step: step.slice(0, -3) })
      }
      emit('turn_latency', fields)
    },

    /** The once-a-second lines; for people, so the text holds the figures. */
    rxSecond(rx: { fpsIn: number; q: number; drops: number; writeMs: number }) {
      const fields = { fps_in: rx.fpsIn, q: rx.q, drops: rx.drops, write_ms: Number(rx.writeMs.toFixed(2)) }
      const figures = `fps_in=${rx.fpsIn} q=${rx.q} drops=${rx.drops} write_ms=${rx.writeMs.toFixed(1)}`
      emit('rx_second', fields, {}, figures)
    },
    txSecond(tx: { fps: number; q: number; drops: number; underruns: number }) {
      emit('tx_second', { ...tx }, {}, `fps=${tx.fps} q=${tx.q} drops=${tx.drops}`)
    },
  }
}
