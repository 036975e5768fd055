import { mapValues } from '../kit/map-values.ts'
import type { CallSettings } from '../pipeline/call-settings.ts'
import type { PipelineConfig } from './schema/pipeline.ts'

/** What one call needs of its pipeline file. */
export function toCallSettings(config: PipelineConfig): CallSettings {
  const { conversation, tools } = config
  const hearing = hearingStage(config).params
  const rx = config['rx-queue']
  const tx = config['tx-queue']
  return {
    pipeline: config.name,
    rxQueue: { maxFrames: rx.maxsize, catchupRate: rx.CATCHUP_RATE, resyncMs: rx.RESYNC_MS },
    txQueue: { maxFrames: tx.maxsize, leadMs: tx.LEAD_MS, sendMaxFrames: tx.SEND_MAXSIZE },
    stt: {
      batchMs: hearing.BATCH_MS,
      partialDebounceMs: hearing.PARTIAL_DEBOUNCE_MS,
      timeoutMs: hearing.TIMEOUT_MS,
      vadHangoverMs: hearing.VAD_HANGOVER_MS,
    },
    conversation: {
      greeting: conversation.greeting,
      systemPrompt: conversation.system_prompt,
      // The rules of the conversation follow the language that is heard, unless told otherwise.
      language: conversation.language ?? languageOf(hearing) ?? 'en-US',
      ...(conversation.time_zone !== undefined && { timeZone: conversation.time_zone }),
      hints: conversation.hints,
      bargeIn: toBargeIn(config),
      turns: {
        by: conversation.turns.by,
        sttWaitMs: conversation.turns.stt_wait_ms,
        adaptive: conversation.turns.adaptive,
        sureWaitMs: conversation.turns.sure_wait_ms,
        unfinishedWaitMs: conversation.turns.unfinished_wait_ms,
        numberWaitMs: conversation.turns.number_wait_ms,
        patienceMs: conversation.turns.patience_ms,
        preemptive: conversation.turns.preemptive,
        noiseAfterMs: conversation.turns.noise_after_ms,
      },
      unclear: {
        minConfidence: conversation.unclear.min_confidence,
        line: conversation.unclear.line ?? conversation.fallback_line,
      },
      idle: {
        afterMs: conversation.idle.after_ms,
        prompts: conversation.idle.prompts,
        farewell: conversation.idle.farewell,
        holdMs: conversation.idle.hold_ms,
        ...(conversation.idle.by_question && { byQuestion: toByQuestion(conversation.idle.by_question) }),
      },
      dtmf: {
        interrupts: conversation.dtmf.interrupts,
        terminator: conversation.dtmf.terminator === 'none' ? '' : conversation.dtmf.terminator,
        interDigitMs: conversation.dtmf.inter_digit_ms,
        maxDigits: conversation.dtmf.max_digits,
      },
      tools: {
        fillerAfterMs: tools.filler.after_ms,
        fillerTexts: tools.filler.after_ms === 0 ? [] : tools.filler.texts,
        maxRounds: tools.max_rounds,
      },
      ...(conversation.filler && { filler: toFiller(conversation.filler) }),
      speechText: {
        replacements: conversation.pronunciation,
        urls: conversation.spoken_urls,
        spokenForm: conversation.spoken_form,
      },
      fallbackLine: conversation.fallback_line,
      transferFailedLine: conversation.transfer_failed_line,
      ...(conversation.give_up && { giveUp: toGiveUp(conversation.give_up) }),
      maxReplyChars: conversation.max_reply_chars,
      historyMaxTokens: conversation.history_max_tokens,
      firstTokenTimeoutMs: conversation.first_token_timeout_ms,
      firstAudioTimeoutMs: conversation.first_audio_timeout_ms,
      maxCallMs: conversation.max_call_ms,
    },
  }
}

function toGiveUp({
  after,
  say,
  then,
  to,
}: NonNullable<PipelineConfig['conversation']['give_up']>): NonNullable<
  CallSettings['conversation']['giveUp']
> {
  return { after, say, ...(then === 'transfer' && to !== undefined && { transferTo: to }) }
}

function toByQuestion(
  by: NonNullable<PipelineConfig['conversation']['idle']['by_question']>,
): NonNullable<CallSettings['conversation']['idle']['byQuestion']> {
  const { yes_no: yesNo, ...others } = by
  const named = { ...others, ...(yesNo && { 'yes-no': yesNo }) }
  return mapValues(named, ({ after_ms: afterMs, prompts }) => ({
    ...(afterMs !== undefined && { afterMs }),
    ...(prompts && { prompts }),
  }))
}

function toFiller({
  after_ms: afterMs,
  texts,
}: NonNullable<PipelineConfig['conversation']['filler']>): NonNullable<
  CallSettings['conversation']['filler']
> {
  return { ...(typeof afterMs === 'number' && { afterMs }), ...(texts && { texts }) }
}

/** Who is soft first may be silent later; a speech-to-speech model's voice is not made softer. */
function minSpeechMs({ conversation, realtime }: PipelineConfig): number {
  const { min_speech_ms: written, duck_db: duckDb } = conversation.barge_in
  return written ?? (realtime !== undefined || duckDb === 0 ? 200 : 900)
}

/** The stage that holds the core's four numbers. */
function hearingStage({ stt, realtime }: PipelineConfig): NonNullable<PipelineConfig['stt' | 'realtime']> {
  const stage = realtime ?? stt
  if (stage) return stage
  throw new Error('a checked pipeline has an stt or a realtime stage')
}

/** The `language` of the stt's own params, where it has one. */
function languageOf(params: Readonly<Record<string, unknown>>): string | undefined {
  const { language } = params
  return typeof language === 'string' && language !== '' ? language : undefined
}

/** When the caller takes the word, by the file. */
function toBargeIn(config: PipelineConfig): CallSettings['conversation']['bargeIn'] {
  const bargeIn = config.conversation.barge_in
  return {
    mode: bargeIn.mode,
    minSpeechMs: minSpeechMs(config),
    minWords: bargeIn.min_words,
    quieterDb: bargeIn.quieter_db,
    echo: bargeIn.echo,
    duckDb: bargeIn.duck_db,
    falseStartMs: bargeIn.false_start_ms,
    greeting: bargeIn.greeting,
    ...(bargeIn.backchannels && { backchannels: bargeIn.backchannels }),
  }
}
