import { messageOf, type ProviderError } from '../contracts/errors.ts'
import type { Metrics } from '../contracts/metrics.ts'
import type { SaidTimes } from '../redaction/said-times.ts'
import type { Amount } from './amount.ts'
import { CallUsage } from './call-usage.ts'
import { type CallTelemetryParts, EventWriter, type Fallback, type Fields } from './event-writer.ts'
import type { SoundOf } from './private-sounds.ts'
import { RequestTelemetry } from './request-telemetry.ts'
import { OperatorTelemetry } from './operator-telemetry.ts'
import { SttTelemetry } from './stt-telemetry.ts'
import type { ToldTool } from './told-tool.ts'
import { latencyOf, type TurnSteps } from './turn-steps.ts'

/** Characters of a tool's call and of its result that are told. What is beyond ends in `…`. */
const MAX_TOLD_ARGUMENTS = 2000
const MAX_TOLD_RESULT = 4000

export function createCallTelemetry(parts: CallTelemetryParts): CallTelemetry {
  return new CallTelemetry(parts)
}

/** `afterSpeechMs`: how soon after the caller's voice began the agent fell silent; absent where no voice did it. */
interface StoppedVoice {
  readonly turn: number
  readonly afterSpeechMs: number | undefined
}

function stoppedFields({ turn, afterSpeechMs }: StoppedVoice): Fields {
  return { turn, ...(afterSpeechMs !== undefined && { after_speech_ms: Math.round(afterSpeechMs) }) }
}

/** What a recogniser may say of a final beside its text. */
interface FinalDetails {
  readonly confidence?: number
  readonly alternatives?: readonly string[]
  /** When it was said, of the call's clock. */
  readonly times?: () => SaidTimes
}

/** One method per event: the log line, the metric and the record's entry together. A class: every call has all of them. */
export class CallTelemetry {
  readonly stt: SttTelemetry
  readonly operator: OperatorTelemetry
  readonly requests: RequestTelemetry
  /** Told at the end of the call. */
  readonly usage: CallUsage
  readonly #events: EventWriter
  readonly #metrics: Metrics
  /** Told of in this call. */
  readonly #passedOver: string[] = []
  readonly #cut: Amount[] = []
  /** Words of it were told last. */
  #saidTurn: number | undefined

  constructor(parts: CallTelemetryParts) {
    this.#events = new EventWriter(parts)
    this.#metrics = parts.metrics
    this.operator = new OperatorTelemetry(this.#events, parts.metrics)
    this.stt = new SttTelemetry(this.#events, parts.metrics)
    this.requests = new RequestTelemetry(this.#events, parts.clock)
    this.usage = new CallUsage(parts.metrics, (what, limit) => this.amountCut(what, limit))
  }

  callStarted(fields: { format: string }, params: Fields): void {
    this.#events.emit('call_started', fields, params)
  }

  /** In place of all other events of a call that was placed. */
  callUnreached(reason: string, params: Fields): void {
    this.#events.emit('call_unreached', { reason }, params)
  }

  rxStarted(): void {
    this.#events.emit('rx_started')
  }

  txStarted(): void {
    this.#events.emit('tx_started')
  }

  providerPassedOver(kind: 'stt' | 'llm' | 'tts', { from, to }: { from: string; to: string }): void {
    this.#metrics.count('provider_passed_over_total', 1, { kind, from, to })
    const passed = `${kind} ${from} ${to}`
    if (this.#passedOver.includes(passed)) return
    this.#passedOver.push(passed)
    this.#events.emit('provider_passed_over', { kind, from, to })
  }

  turnEndMissed(): void {
    this.#events.emit('turn_end_missed')
  }

  echoFound({ delayMs, levelDb }: { delayMs: number; levelDb: number }): void {
    this.#events.emit('echo_found', { delay_ms: Math.round(delayMs), level_db: Math.round(levelDb) })
  }

  wordsOverheard(text: string): void {
    this.#events.emit('words_overheard', {}, { text })
  }

  vadFailed(error: ProviderError): void {
    this.#events.failed('vad_failed', {}, error)
  }

  turnDetectorFailed(error: ProviderError): void {
    this.#events.failed('turn_detector_failed', {}, error)
  }

  greetingQueued(text: string): void {
    this.#events.emit('greeting_queued', {}, { text })
  }

  /** `heard` as in `replyEnded`. */
  greetingEnd(outcome: string, heard?: string): void {
    this.#events.emit('greeting_end', { turn: 0, outcome }, heardOf(heard))
  }

  partial(text: string): void {
    this.#events.emit('partial', {}, { text })
  }

  final(text: string, { confidence, alternatives, times }: FinalDetails = {}): void {
    const fields = confidence === undefined ? {} : { confidence: Math.round(confidence * 100) / 100 }
    this.#events.emitSaid('final', fields, { text, ...(alternatives?.length && { alternatives }) }, { times })
  }

  /** `speechEndMs`: when the caller's voice ended, of the call's clock. */
  turnEnded(turn: number, text: string, speechEndMs?: number): void {
    this.#events.emit('turn_ended', { turn, ...this.#speechEnd(speechEndMs) }, { text })
  }

  /** `anew`: the reply starts anew, on a voice that ended then. */
  turnCorrected(turn: number, text: string, anew?: { readonly speechEndMs: number | undefined }): void {
    const fields = anew ? { restarted: true, ...this.#speechEnd(anew.speechEndMs) } : {}
    this.#events.emit('turn_corrected', { turn, ...fields }, { text })
  }

  replyStarted(turn: number): void {
    this.#events.emit('reply_started', { turn })
  }

  /** `sound`: when a piece of it was heard, of the call's clock; asked for when the turn is over. */
  agentSaid(turn: number, text: string, sound?: SoundOf): void {
    this.#saidTurn = turn
    this.#events.emitSaid('agent_said', { turn }, { text }, { sound })
  }

  /** `heard` only where the caller did not hear all of it. */
  replyEnded(turn: number, outcome: string, heard?: string): void {
    this.#events.emit('reply_ended', { turn, outcome }, heardOf(heard))
  }

  /** The reply was given up before the caller heard all of it. One of which no words were told is not told of. */
  replyDropped(turn: number, heard: string): void {
    if (this.#saidTurn === turn) this.#events.emit('reply_dropped', { turn }, { heard })
  }

  /** `heard` as in `replyEnded`. */
  promptEnded(turn: number, outcome: string, heard?: string): void {
    this.#events.emit('prompt_ended', { turn, outcome }, heardOf(heard))
  }

  paused(stopped: StoppedVoice, heard: string): void {
    this.#events.emit('paused', stoppedFields(stopped), { heard })
  }

  noise(): void {
    this.#events.emit('noise')
  }

  resumed(turn: number): void {
    this.#events.emit('resumed', { turn })
  }

  /** Without a `turn` it may come in floods: then only the first of the call is told. */
  amountCut(what: Amount, limit: number, turn?: number): void {
    this.#metrics.count('amounts_cut_total', 1, { what })
    if (turn !== undefined) return this.#events.emit('amount_cut', { what, limit, turn })
    if (this.#cut.includes(what)) return
    this.#cut.push(what)
    this.#events.emit('amount_cut', { what, limit })
  }

  historyForgotten(fields: { messages: number; summarized: boolean }): void {
    this.#metrics.count('history_messages_forgotten_total', fields.messages)
    this.#events.emit('history_forgotten', fields)
  }

  historySummaryFailed(error: ProviderError): void {
    this.#events.failed('history_summary_failed', {}, error)
  }

  filler(how: 'spoken' | 'withheld', fields: Fields & { turn: number; waited_ms: number }, text = ''): void {
    this.#metrics.count(`fillers_${how}_total`)
    this.#events.emit(`filler_${how}`, fields, text === '' ? {} : { text })
  }

  preparedDiscarded(tokens: number): void {
    this.#metrics.count('llm_prepared_tokens_discarded_total', tokens)
    this.#events.emit('prepared_discarded', { tokens })
  }

  interrupted({ by, ...stopped }: StoppedVoice & { by: 'caller' | 'operator' }, heard: string): void {
    this.#events.emit('interrupted', { by, ...stoppedFields(stopped) }, { heard })
  }

  marksMissing({ overdueMs, ever }: { overdueMs: number; ever: boolean }): void {
    this.#events.emit('marks_missing', { overdue_ms: Math.round(overdueMs), ever })
  }

  marksBack(): void {
    this.#events.emit('marks_back')
  }

  dtmf(digit: string): void {
    this.#events.emit('dtmf', {}, { digit })
  }

  keysTaken(entry: string): void {
    this.#events.keysTaken(entry)
  }

  keysUnheard(plugin: string): void {
    this.#events.emit('keys_unheard', { plugin })
  }

  /** Returns how to tell what came of it. */
  toolCalled(called: ToldTool, args: string): (outcome: { content: string; failed?: boolean }) => void {
    const startMs = this.#events.nowMs()
    const { fields, named } = toolOf(called)
    this.#events.emitLong('tool_called', fields, named, {
      name: 'arguments',
      text: args,
      maxChars: MAX_TOLD_ARGUMENTS,
    })
    return ({ content, failed = false }) => {
      const ms = Math.round(this.#events.nowMs() - startMs)
      const result = { name: 'result', text: content, maxChars: MAX_TOLD_RESULT }
      this.#events.emitLong('tool_ended', { ...fields, ms, failed }, named, result)
    }
  }

  toolLate({ failed, ...called }: ToldTool & { failed: boolean }, result: string): void {
    const { fields, named } = toolOf(called)
    const told = { name: 'result', text: result, maxChars: MAX_TOLD_RESULT }
    this.#events.emitLong('tool_late', { ...fields, failed }, named, told)
  }

  toolFailed({ error, ...called }: ToldTool & { error: string }): void {
    const { fields, named } = toolOf(called)
    this.#events.emit('tool_failed', fields, { ...named, error })
  }

  toolDropped(called: ToldTool): void {
    const { fields, named } = toolOf(called)
    this.#events.emit('tool_dropped', fields, named)
  }

  llmFailed(turn: number, error: ProviderError): void {
    this.#events.failed('llm_failed', { turn }, error)
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
    this.#events.emit('llm_text_withheld', { provider, thought_chars: thoughtChars, tokens, calls })
    if (unread > 0) this.#events.emit('llm_call_unread', { provider, calls: unread })
    if (leakedChars > 0) this.#events.emit('llm_thought_spoken', { provider, chars: leakedChars })
  }

  ttsFailed(turn: number, error: ProviderError): void {
    this.#events.failed('tts_failed', { turn }, error)
  }

  llmFellBack(fallback: Fallback): void {
    this.#metrics.count('llm_fallbacks_total', 1, { from: fallback.from, to: fallback.to })
    this.#events.failed('llm_fell_back', { from: fallback.from, to: fallback.to }, fallback.error)
  }

  ttsFellBack(fallback: Fallback): void {
    this.#metrics.count('tts_fallbacks_total', 1, { from: fallback.from, to: fallback.to })
    this.#events.failed('tts_fell_back', { from: fallback.from, to: fallback.to }, fallback.error)
  }

  ttsStreamFellBack(turn: number, error: ProviderError): void {
    this.#metrics.count('tts_stream_fallbacks_total')
    this.#events.failed('tts_stream_fell_back', { turn }, error)
  }

  speechCached(hit: boolean): void {
    this.#metrics.count('speech_cache_total', 1, { outcome: hit ? 'hit' : 'miss' })
  }

  hangUpRequested(reason: string): void {
    this.#events.emit('hang_up_requested', { reason })
  }

  /** No voice works: this recording is about to be heard. */
  recordedLine(turn: number, text: string): void {
    this.#metrics.count('recorded_lines_total')
    this.#events.emit('recorded_line', { turn })
    this.agentSaid(turn, text)
  }

  gaveUp(fields: {
    failures: number
    stage: 'model' | 'voice' | 'session'
    then: 'hang_up' | 'transfer'
  }): void {
    this.#metrics.count('gave_up_total', 1, { then: fields.then, stage: fields.stage })
    this.#events.emit('gave_up', fields)
  }

  transferRequested(): void {
    this.#events.emit('transfer_requested')
  }

  transferFailed(error: unknown): void {
    this.#events.emit('transfer_failed', {}, { error: messageOf(error) })
  }

  closeFailed(of: { stage: string; plugin?: string }, error: unknown): void {
    this.#events.emit('close_failed', of, { error: messageOf(error) })
  }

  stageFailed(stage: string, error: unknown): void {
    this.#events.emit('stage_failed', { stage }, { error: messageOf(error) })
  }

  /** Times of the call's clock. */
  voiceHeard(who: 'caller' | 'agent', startMs: number, endMs: number): void {
    const [start_ms, end_ms] = [startMs, endMs].map((ms) => Math.max(0, Math.round(this.#events.atMs(ms))))
    this.#events.emit(`${who}_voice`, { start_ms, end_ms })
  }

  callEnded(fields: Fields): void {
    for (const sum of this.usage.sums) this.#events.emit('usage', sum)
    this.operator.tellLeftOut()
    this.#events.emit('call_ended', fields)
  }

  #speechEnd(speechEndMs: number | undefined): Fields {
    if (speechEndMs === undefined) return {}
    return { speech_end_ms: Math.max(0, Math.round(this.#events.atMs(speechEndMs))) }
  }

  turnLatency(steps: TurnSteps): void {
    const latency = latencyOf(steps)
    for (const [step, value] of Object.entries(latency)) {
      if (value !== undefined) this.#metrics.observe('turn_latency_ms', value, { step: step.slice(0, -3) })
    }
    this.#events.emit('turn_latency', { turn: steps.turn, ...latency })
  }

  /** The once-a-second lines; for people, so the text holds the figures. */
  rxSecond(rx: { fpsIn: number; q: number; drops: number; writeMs: number }): void {
    const fields = { fps_in: rx.fpsIn, q: rx.q, drops: rx.drops, write_ms: Number(rx.writeMs.toFixed(2)) }
    const figures = `fps_in=${rx.fpsIn} q=${rx.q} drops=${rx.drops} write_ms=${rx.writeMs.toFixed(1)}`
    this.#events.emit('rx_second', fields, {}, figures)
  }

  txSecond(tx: { fps: number; q: number; drops: number; underruns: number }): void {
    this.#events.emit('tx_second', { ...tx }, {}, `fps=${tx.fps} q=${tx.q} drops=${tx.drops}`)
  }
}

function heardOf(heard: string | undefined): Fields {
  return heard === undefined ? {} : { heard }
}

function toolOf({ turn, tool, madeUp }: ToldTool): { readonly fields: Fields; readonly named: Fields } {
  return { fields: { turn, tool }, named: madeUp === undefined ? {} : { tool: madeUp } }
}
