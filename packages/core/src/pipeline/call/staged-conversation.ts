import type { Clock } from '../../contracts/clock.ts'
import type { LlmProvider } from '../../contracts/llm.ts'
import type { TransportCall } from '../../contracts/transport.ts'
import type { OperatorAnswer } from '../../contracts/operator.ts'
import { prepareForSpeech } from '../../language/prepare-for-speech.ts'
import { fillTemplate } from '../../language/template.ts'
import { createLlmInOrder } from '../../providers/llm-in-order.ts'
import type { ProviderInstance } from '../../providers/provider-instance.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { fillerTexts } from './call-texts.ts'
import { endGivenUp } from './call-give-up.ts'
import type { CallLanguage } from './call-language.ts'
import type { CallValues } from './call-texts.ts'
import type { CallSettings } from '../call-settings.ts'
import { createConversationHistory } from '../replying/history.ts'
import { createHistorySummary, type HistorySummary } from '../replying/history-summary.ts'
import { createKeyCollector } from '../turns/key-collector.ts'
import type { ToolBox } from '../../tools/tool-box.ts'
import type { Conversation } from '../turns/conversation.ts'
import type { ReplyParts } from '../replying/reply.ts'
import { createFailedTurns, type FailedTurns } from '../replying/failed-turns.ts'
import { type RecordedLine, recordedLineIn, type RecordedLines } from '../replying/recorded-line.ts'
import { createCurrentVoice, type CurrentVoice } from '../replying/current-voice.ts'
import { createReplyDesk } from '../replying/reply-desk.ts'
import type { EndJudgeParts } from '../turns/end-judge.ts'
import { createTurnLoop, type TurnLoop, type TurnLoopParts } from '../turns/turn-loop.ts'
import type { Floor } from '../speaking/floor.ts'
import type { SpeechCache } from '../replying/speech-cache.ts'
import { createFillerChoice } from '../replying/filler-choice.ts'
import { createPronouncer } from '../replying/pronouncer.ts'
import { createVoiceSource } from '../replying/voice-source.ts'

/** turns -> llm -> tts -> tx-queue. */
export interface StagedConversation
  extends Conversation, Pick<TurnLoop, 'sttEvent'>, Pick<CurrentVoice, 'playTones'> {}

interface StagedConversationParts {
  readonly call: TransportCall
  readonly settings: CallSettings
  readonly values: CallValues
  readonly promptValues: CallValues
  readonly llm: readonly ProviderInstance<LlmProvider>[]
  readonly language: CallLanguage
  readonly toolBox: ToolBox
  readonly floor: Floor
  readonly hasVad: boolean
  readonly echo: TurnLoopParts['echo']
  /** Absent: turns end by words and time. */
  readonly turn?: Pick<EndJudgeParts, 'tap' | 'recentAudio'>
  /** The recogniser that hears the call at this moment tells the ends of turns. */
  readonly tellsTurns: () => boolean
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  readonly speechCache: SpeechCache | undefined
  readonly recordedLines: RecordedLines | undefined
  readonly thinkingSound: RecordedLine | undefined
  readonly onEnd: (reason: 'agent' | 'gave-up') => void
  readonly onTransfer: (to: string) => Promise<string | undefined>
  readonly onFailure: (error: unknown) => void
}

export function createStagedConversation(parts: StagedConversationParts): StagedConversation {
  const { settings, values, language, clock, telemetry } = parts
  const { conversation } = settings
  const { giveUp } = conversation
  const failures = createFailedTurns(giveUp?.after)
  const { reply, forgotten } = createReplyParts(parts, failures)
  const { llm } = reply
  const current = createCurrentVoice({ floor: parts.floor, clock, telemetry })
  const then = giveUp?.transferTo === undefined ? 'hang_up' : 'transfer'
  const loop = createTurnLoop({
    createDesk: (handlers) =>
      createReplyDesk({
        onSpeaking: handlers.onSpeaking,
        onSilent: handlers.onSilent,
        onFailedTooOften: handlers.onFailedTooOften,
        onGaveUp: handlers.onGaveUp,
        reply,
        current,
        clock,
        telemetry,
        failures,
        lastWords: giveUp?.say ?? '',
        onGivingUp: (stage) => telemetry.gaveUp({ failures: failures.inARow(), stage, then }),
      }),
    language: reply.language,
    preemptive: llm.preemptive ?? false,
    settings,
    hasVad: parts.hasVad,
    echo: parts.echo,
    ...(parts.turn && { turn: parts.turn }),
    tellsTurns: parts.tellsTurns,
    asked: reply.history.lastHeard,
    said: reply.history.lastSaid,
    clock,
    telemetry,
    onHangUp: () => parts.onEnd('agent'),
    onTransfer: parts.onTransfer,
    onGiveUp: () => void endGivenUp(giveUp?.transferTo, parts),
    onFailure: parts.onFailure,
  })
  const keys = createKeyCollector({
    ...conversation.dtmf,
    clock,
    onKey: loop.keyPressed,
    onKeys(entry) {
      telemetry.keysTaken(entry)
      loop.keysEntered(entry)
    },
  })

  return {
    ...loop,
    playTones: (frames, signal) => current.playTones(frames, signal),
    operator: {
      say: (text, at) => answered(loop.operatorSays({ text, at })),
      whisper(text) {
        reply.history.note(text)
        return DONE
      },
      interrupt: () => loop.operatorInterrupts(),
      keys: (digits) => answered(loop.operatorSays({ digits, at: 'turn' })),
      heardSoFar: () => current.heardSoFar(),
    },
    start() {
      const greeting = fillTemplate(conversation.greeting, values)
      // With values of the call in it, it is the caller's own, and must not be kept.
      if (greeting !== '') loop.greet(greeting, greeting === conversation.greeting)
      void llm.warm?.()
      for (const { provider } of language.voices()) void warm(() => provider.warm?.(parts.call.id))
    },
    onDtmf(digit) {
      telemetry.dtmf(digit)
      keys.press(digit)
    },
    close() {
      keys.close()
      forgotten.close()
      loop.close()
    },
  }
}

/** What every reply of the call is made with; and what the history has forgotten, to be closed with the call. */
function createReplyParts(
  parts: StagedConversationParts,
  failures: FailedTurns,
): { reply: ReplyParts; forgotten: HistorySummary } {
  const { call, settings, language, clock, telemetry } = parts
  const { conversation } = settings
  const llm = createLlmInOrder(parts.llm, {
    firstTokenTimeoutMs: conversation.firstTokenTimeoutMs,
    clock,
    onFallback: (fallback) => telemetry.llmFellBack(fallback),
    onPassedOver: (by) => telemetry.providerPassedOver('llm', by),
    onWithheld: (withheld) => telemetry.llmTextWithheld(withheld),
    onUsage: (plugin, usage) => telemetry.usage.thought('llm', plugin, usage),
    watch: (turn) => telemetry.requests.watch('llm', turn),
  })
  const pronouncer = createPronouncer(conversation.speechText, () => language.tag())
  const voice = createVoiceSource({
    firstAudioTimeoutMs: conversation.firstAudioTimeoutMs,
    callId: call.id,
    format: call.format,
    clock,
    telemetry,
    language: () => language.override(),
    voices: () => language.voices(),
    pronouncer,
    cache: parts.speechCache,
  })
  const forgotten = createHistorySummary({
    callId: call.id,
    providers: parts.llm.map(({ provider }) => provider),
    language: () => language.tag(),
    clock,
    telemetry,
  })
  const speakable = (text: string): string => prepareForSpeech(text, { urls: conversation.speechText.urls })
  const reply: ReplyParts = {
    callId: call.id,
    format: call.format,
    clock,
    telemetry,
    fallbackLine: conversation.fallbackLine,
    tools: conversation.tools,
    maxReplyChars: conversation.maxReplyChars,
    language: () => language.tag(),
    // The models have the deadline one after the other; this one is for all of them together.
    firstTokenTimeoutMs: conversation.firstTokenTimeoutMs * parts.llm.length + 1000,
    llm,
    voice,
    speakable,
    inWords: pronouncer.inWords,
    toolBox: parts.toolBox,
    filler: conversation.filler && {
      afterMs: conversation.filler.afterMs,
      choice: createFillerChoice(() => fillerTexts(conversation, language.tag()).map(speakable)),
      waits: parts.llm[0]!.waits,
      sound: parts.thinkingSound,
    },
    history: createConversationHistory(() => fillTemplate(conversation.systemPrompt, parts.promptValues), {
      onForgotten: forgotten.onForgotten,
      summary: forgotten.summary,
      maxTokens: conversation.historyMaxTokens,
    }),
    floor: parts.floor,
    whenMute: {
      recorded: () => recordedLineIn(parts.recordedLines, language.tag()),
      isLast: failures.isLast,
    },
  }
  return { reply, forgotten }
}

const DONE: OperatorAnswer = { done: true }

function answered(taken: boolean): OperatorAnswer {
  if (taken) return DONE
  return {
    done: false,
    why: 'too-many',
    message: 'too much waits to be said, or the last words are being said',
  }
}

/** A warm-up that fails, in whatever way, is no fault. */
async function warm(attempt: () => Promise<void> | undefined): Promise<void> {
  try {
    await attempt()
  } catch {
    // The first clause will tell.
  }
}
