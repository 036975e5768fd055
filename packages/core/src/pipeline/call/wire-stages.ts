import type { CallConversation, CallConversationParts } from './call-conversation.ts'
import { createCallLanguage, type LanguageStages } from './call-language.ts'
import { createCallToolBox } from './call-tools.ts'
import { createStagedConversation } from './staged-conversation.ts'
import { createRxPath } from '../hearing/rx-path.ts'
import { createSttLink, type SttLinkEvent } from '../hearing/stt-link.ts'
import type { ToolCall } from '../../tools/tool-kit.ts'
import type { NamedStt } from '../hearing/stt-routes.ts'

const NO_LANGUAGES: ReadonlyMap<string, LanguageStages> = new Map()

/** rx-queue -> RX worker -> stt -> turns -> llm -> tts -> tx-queue. */
export function wireStages(parts: CallConversationParts): CallConversation {
  const { call, settings, stages, floor, clock, telemetry } = parts
  const { format } = call
  const { stt, llm, tts, languages = NO_LANGUAGES } = stages

  const hints = [...settings.conversation.hints, ...llm.flatMap(({ provider }) => provider.hints ?? [])]
  const onEvent = (event: SttLinkEvent, nowMs: number): void => conversation.sttEvent(event, nowMs)
  const { language: first } = settings.conversation
  const rx = createRxPath({
    format,
    settings,
    clock,
    alarm: parts.rxAlarm,
    lookBackMs: stages.turn?.windowMs,
    createLink: (memory, worker, arrivals) =>
      createSttLink({
        callId: call.id,
        providers: stt,
        format,
        hints,
        clock,
        telemetry,
        onEvent,
        memory,
        hasDetector: stages.vad !== undefined,
        worker,
        arrivals,
        alarm: parts.deadlines,
      }),
  })

  const onSwitch = (tag: string | undefined, providers: readonly NamedStt[]): void =>
    rx.link.useLanguage(tag, providers)
  const language = createCallLanguage({ first, stt, tts, languages, onSwitch })
  const playTones: ToolCall['playTones'] = (frames, signal) => conversation.playTones(frames, signal)
  const conversation = createStagedConversation({
    call,
    settings,
    values: parts.values,
    promptValues: parts.promptValues,
    llm,
    language,
    toolBox: createCallToolBox({
      kit: stages.tools,
      call,
      language,
      traceparent: parts.traceparent,
      playTones,
    }),
    floor,
    hasVad: stages.vad !== undefined,
    echo: parts.echo,
    ...(stages.turn && { turn: { tap: stages.turn, recentAudio: rx.recentAudio } }),
    tellsTurns: () => rx.link.tellsTurns(),
    clock,
    telemetry,
    speechCache: parts.speechCache,
    recordedLines: stages.recordedLines,
    thinkingSound: stages.thinkingSound,
    onEnd: parts.onEnd,
    onTransfer: parts.onTransfer,
    onFailure: (error) => parts.onFailure('conversation', error),
  })
  return { rx, conversation }
}
