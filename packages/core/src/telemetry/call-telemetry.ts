import type { Clock } from '../contracts/clock.ts'
import { bugStack, messageOf, type ProviderError } from '../contracts/errors.ts'
import type { Logger } from '../contracts/logger.ts'
import type { Metrics } from '../contracts/metrics.ts'
import { type Amount, MAX_USAGE_TOKENS } from './amount.ts'
import { CALL_EVENTS, type CallEvent, type CallEventName } from './call-events.ts'
import { latencyOf, type TurnSteps } from './turn-steps.ts'

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

export interface CallTelemetryParts {
  readonly log: Logger
  readonly metrics: Metrics
  readonly clock: Clock
  readonly onEvent?: (event: CallEvent) => void
}

export function createCallTelemetry(parts: CallTelemetryParts): CallTelemetry {
  return new CallTelemetry(parts)
}

/** One method per event: the log line, the metric and the record's entry together. A class: every call has all of them. */
export class CallTelemetry {
  readonly #log: Logger
  readonly #metrics: Metrics
  readonly #clock: Clock
  readonly #onEvent: ((event: CallEvent) => void) | undefined
  readonly #startedMs: number
  /** Told of in this call. */
  readonly #passedOver = new Set<string>()
  readonly #cut = new Set<Amount>()

  constructor({ log, metrics, clock, onEvent }: CallTelemetryParts) {
    this.#log = log
    this.#metrics = metrics
    this.#clock = clock
    this.#onEvent = onEvent
    this.#startedMs = clock.nowMs()
  }

  callStarted(fields: { format: string }, params: Fields): void {
    this.#emit('call_started', fields, params)
  }

  rxStarted(): void {
    this.#emit('rx_started')
  }

  txStarted(): void {
    this.#emit('tx_started')
  }

  sttInitRequested(): void {
    this.#emit('stt_init_requested')
  }

  sttReady(ready: Route & { attempt: number; openMs: number; partials?: boolean }): void {
    this.#metrics.observe('stt_open_ms', ready.openMs, { plugin: ready.plugin })
    this.#emit('stt_ready', {
      ...of(ready),
      attempt: ready.attempt,
      open_ms: Math.round(ready.openMs),
      ...(ready.partials === false ? { partials: false } : {}),
    })
  }

  sttOpenFailed(failed: Route & { attempt: number; error: ProviderError }): void {
    this.#failed('stt_open_failed', { ...of(failed), attempt: failed.attempt }, failed.error)
  }

  sttOpeningHedged(hedged: Route & { attempt: number }): void {
    this.#metrics.count('stt_openings_hedged_total', 1, { plugin: hedged.plugin })
    this.#emit('stt_opening_hedged', { ...of(hedged), attempt: hedged.attempt })
  }

  sttFellBack(fallback: Fallback): void {
    this.#metrics.count('stt_fallbacks_total', 1, { from: fallback.from, to: fallback.to })
    this.#failed('stt_fell_back', { from: fallback.from, to: fallback.to }, fallback.error)
  }

  providerPassedOver(kind: 'stt' | 'llm' | 'tts', { from, to }: { from: string; to: string }): void {
    this.#metrics.count('provider_passed_over_total', 1, { kind, from, to })
    const passed = `${kind} ${from} ${to}`
    if (this.#passedOver.has(passed)) return
    this.#passedOver.add(passed)
    this.#emit('provider_passed_over', { kind, from, to })
  }

  sttLost(lost: Route & { error: ProviderError }): void {
    this.#failed('stt_lost', of(lost), lost.error)
  }

  sttRotated(rotated: Route & { reason: string }): void {
    this.#emit('stt_rotated', { ...of(rotated), reason: rotated.reason })
  }

  sttFinalUnclear(confidence: number, text: string): void {
    this.#metrics.count('stt_finals_unclear_total')
    this.#emit('stt_final_unclear', { confidence: Math.round(confidence * 100) / 100 }, { text })
  }

  sttFinalMissing({ plugin }: { plugin: string }): void {
    this.#metrics.count('stt_finals_missing_total', 1, { plugin })
    this.#emit('stt_final_missing', { plugin })
  }

  wordsOverheard(text: string): void {
    this.#emit('words_overheard', {}, { text })
  }

  sttDuplicateFinal(): void {
    this.#metrics.count('stt_finals_repeated_total')
    this.#emit('stt_duplicate_final')
  }

  sttRecognizePerUtterance(fields: { possible: boolean }): void {
    this.#emit('stt_recognize_per_utterance', fields)
  }

  sttUtteranceRecognized(fields: { plugin: string; audioMs: number }): void {
    this.#emit('stt_utterance_recognized', { plugin: fields.plugin, audio_ms: Math.round(fields.audioMs) })
  }

  sttUtteranceFailed(failed: { plugin: string; error: ProviderError }): void {
    this.#failed('stt_utterance_failed', { plugin: failed.plugin }, failed.error)
  }

  vadFailed(error: ProviderError): void {
    this.#failed('vad_failed', {}, error)
  }

  turnDetectorFailed(error: ProviderError): void {
    this.#failed('turn_detector_failed', {}, error)
  }

  greetingQueued(text: string): void {
    this.#emit('greeting_queued', {}, { text })
  }

  greetingEnd(outcome: string): void {
    this.#emit('greeting_end', { outcome })
  }

  partial(text: string): void {
    this.#emit('partial', {}, { text })
  }

  final(text: string): void {
    this.#emit('final', {}, { text })
  }

  turnEnded(turn: number, text: string): void {
    this.#emit('turn_ended', { turn }, { text })
  }

  turnCorrected(turn: number, text: string): void {
    this.#emit('turn_corrected', { turn }, { text })
  }

  replyStarted(turn: number): void {
    this.#emit('reply_started', { turn })
  }

  agentSaid(turn: number, text: string): void {
    this.#emit('agent_said', { turn }, { text })
  }

  /** `heard` only where the caller did not hear all of it. */
  replyEnded(turn: number, outcome: string, heard?: string): void {
    this.#emit('reply_ended', { turn, outcome }, heard === undefined ? {} : { heard })
  }

  promptEnded(outcome: string): void {
    this.#emit('prompt_ended', { outcome })
  }

  paused(fields: { turn: number; afterSpeechMs: number }, heard: string): void {
    this.#emit('paused', { turn: fields.turn, after_speech_ms: Math.round(fields.afterSpeechMs) }, { heard })
  }

  noise(): void {
    this.#emit('noise')
  }

  resumed(turn: number): void {
    this.#emit('resumed', { turn })
  }

  /** Without a `turn` it may come in floods: then only the first of the call is told. */
  amountCut(what: Amount, limit: number, turn?: number): void {
    this.#metrics.count('amounts_cut_total', 1, { what })
    if (turn !== undefined) return this.#emit('amount_cut', { what, limit, turn })
    if (this.#cut.has(what)) return
    this.#cut.add(what)
    this.#emit('amount_cut', { what, limit })
  }

  historyForgotten(fields: { messages: number; summarized: boolean }): void {
    this.#metrics.count('history_messages_forgotten_total', fields.messages)
    this.#emit('history_forgotten', fields)
  }

  historySummaryFailed(error: ProviderError): void {
    this.#failed('history_summary_failed', {}, error)
  }

  filler(how: 'spoken' | 'withheld', fields: Fields & { turn: number; waited_ms: number }, text = ''): void {
    this.#metrics.count(`fillers_${how}_total`)
    this.#emit(`filler_${how}`, fields, text === '' ? {} : { text })
  }

  preparedDiscarded(tokens: number): void {
    this.#metrics.count('llm_prepared_tokens_discarded_total', tokens)
    this.#emit('prepared_discarded', { tokens })
  }

  llmUsage(inputTokens: number, outputTokens: number): void {
    for (const [name, tokens] of [
      ['llm_input_tokens_total', inputTokens],
      ['llm_output_tokens_total', outputTokens],
    ] as const) {
      // One that is none would spoil the figure for every call.
      if (Number.isSafeInteger(tokens) && tokens >= 0 && tokens <= MAX_USAGE_TOKENS)
        this.#metrics.count(name, tokens)
      else this.amountCut('usage_tokens', MAX_USAGE_TOKENS)
    }
  }

  interrupted(fields: { turn: number; afterSpeechMs: number }, heard: string): void {
    this.#emit(
      'interrupted',
      { turn: fields.turn, after_speech_ms: Math.round(fields.afterSpeechMs) },
      { heard },
    )
  }

  marksMissing({ overdueMs, ever }: { overdueMs: number; ever: boolean }): void {
    this.#emit('marks_missing', { overdue_ms: Math.round(overdueMs), ever })
  }

  marksBack(): void {
    this.#emit('marks_back')
  }

  dtmf(digit: string): void {
    this.#emit('dtmf', {}, { digit })
  }

  keysUnheard(plugin: string): void {
    this.#emit('keys_unheard', { plugin })
  }

  toolCalled(fields: { turn: number; tool: string }): void {
    this.#emit('tool_called', fields)
  }

  toolLate(fields: { turn: number; tool: string; failed: boolean }): void {
    this.#emit('tool_late', fields)
  }

  toolFailed(fields: { turn: number; tool: string; error: string }): void {
    this.#emit('tool_failed', { turn: fields.turn, tool: fields.tool }, { error: fields.error })
  }

  toolDropped(fields: { turn: number; tool: string }): void {
    this.#emit('tool_dropped', fields)
  }

  llmFailed(turn: number, error: ProviderError): void {
    this.#failed('llm_failed', { turn }, error)
  }

  llmTextWithheld(answer: {
    provider: string
    thoughtChars: number
    tokens: number
    calls: number
    unread: number
    leakedChars: number
  }): void {
    const { provider, thoughtChars, tokens, calls, unread, leakedChars } = answer
    this.#emit('llm_text_withheld', { provider, thought_chars: thoughtChars, tokens, calls })
    if (unread > 0) this.#emit('llm_call_unread', { provider, calls: unread })
    if (leakedChars > 0) this.#emit('llm_thought_spoken', { provider, chars: leakedChars })
  }

  ttsFailed(turn: number, error: ProviderError): void {
    this.#failed('tts_failed', { turn }, error)
  }

  llmFellBack(fallback: Fallback): void {
    this.#metrics.count('llm_fallbacks_total', 1, { from: fallback.from, to: fallback.to })
    this.#failed('llm_fell_back', { from: fallback.from, to: fallback.to }, fallback.error)
  }

  ttsFellBack(fallback: Fallback): void {
    this.#metrics.count('tts_fallbacks_total', 1, { from: fallback.from, to: fallback.to })
    this.#failed('tts_fell_back', { from: fallback.from, to: fallback.to }, fallback.error)
  }

  ttsStreamFellBack(turn: number, error: ProviderError): void {
    this.#metrics.count('tts_stream_fallbacks_total')
    this.#failed('tts_stream_fell_back', { turn }, error)
  }

  speechCached(hit: boolean): void {
    this.#metrics.count('speech_cache_total', 1, { outcome: hit ? 'hit' : 'miss' })
  }

  hangUpRequested(reason: string): void {
    this.#emit('hang_up_requested', { reason })
  }

  /** No voice works: this recording is about to be heard. */
  recordedLine(turn: number, text: string): void {
    this.#metrics.count('recorded_lines_total')
    this.#emit('recorded_line', { turn })
    this.agentSaid(turn, text)
  }

  gaveUp(fields: {
    failures: number
    stage: 'model' | 'voice' | 'session'
    then: 'hang_up' | 'transfer'
  }): void {
    this.#metrics.count('gave_up_total', 1, { then: fields.then, stage: fields.stage })
    this.#emit('gave_up', fields)
  }

  transferRequested(): void {
    this.#emit('transfer_requested')
  }

  transferFailed(error: unknown): void {
    this.#emit('transfer_failed', {}, { error: messageOf(error) })
  }

  closeFailed(of: { stage: string; plugin?: string }, error: unknown): void {
    this.#emit('close_failed', of, { error: messageOf(error) })
  }

  stageFailed(stage: string, error: unknown): void {
    this.#emit('stage_failed', { stage }, { error: messageOf(error) })
  }

  callEnded(fields: Fields): void {
    this.#emit('call_ended', fields)
  }

  turnLatency(steps: TurnSteps): void {
    const latency = latencyOf(steps)
    for (const [step, value] of Object.entries(latency)) {
      if (value !== undefined) this.#metrics.observe('turn_latency_ms', value, { step: step.slice(0, -3) })
    }
    this.#emit('turn_latency', { turn: steps.turn, ...latency })
  }

  /** The once-a-second lines; for people, so the text holds the figures. */
  rxSecond(rx: { fpsIn: number; q: number; drops: number; writeMs: number }): void {
    const fields = { fps_in: rx.fpsIn, q: rx.q, drops: rx.drops, write_ms: Number(rx.writeMs.toFixed(2)) }
    const figures = `fps_in=${rx.fpsIn} q=${rx.q} drops=${rx.drops} write_ms=${rx.writeMs.toFixed(1)}`
    this.#emit('rx_second', fields, {}, figures)
  }

  txSecond(tx: { fps: number; q: number; drops: number; underruns: number }): void {
    this.#emit('tx_second', { ...tx }, {}, `fps=${tx.fps} q=${tx.q} drops=${tx.drops}`)
  }

  /** What a provider says of a fault may repeat what was said to it: its words are as private as the caller's. */
  #failed(event: CallEventName, fields: Fields, error: ProviderError): void {
    const { code, retryable, message } = error
    this.#emit(event, { ...fields, code, retryable, ...bugStack(error) }, { error: message })
  }

  #emit(event: CallEventName, fields: Fields = {}, privateFields: Fields = {}, figures = ''): void {
    const kind = CALL_EVENTS[event]
    if (figures === '') this.#metrics.count('call_events_total', 1, { event })
    const hasPrivate = Object.keys(privateFields).length > 0
    this.#log[kind.level](
      { event, ...fields, ...(hasPrivate ? { private: privateFields } : {}) },
      figures === '' ? kind.message : `${kind.message} ${figures}`,
    )
    this.#onEvent?.({ event, atMs: this.#clock.nowMs() - this.#startedMs, fields, private: privateFields })
  }
}

function of({ plugin, region }: Route): Fields {
  return { plugin, ...(region === undefined ? {} : { region }) }
}
