import { ProviderError } from '../../contracts/errors.ts'
import { dtmfTones } from '../../tools/dtmf-tones.ts'
import { fillTemplate } from '../../language/template.ts'
import type { CallConversation, CallConversationParts } from './call-conversation.ts'
import { endGivenUp } from './call-give-up.ts'
import { createCallLanguage } from './call-language.ts'
import { createCallToolBox } from './call-tools.ts'
import { createRealtimeConversation } from '../realtime/realtime-conversation.ts'
import { createRealtimeGiveUp, type RealtimeGiveUp } from '../realtime/realtime-give-up.ts'
import { createRealtimeLink, realtimeFormat } from '../realtime/realtime-link.ts'
import type { NamedRealtime } from '../realtime/realtime-opening.ts'
import { createRealtimeSpeech } from '../realtime/realtime-speech.ts'
import { playRecordedLine } from '../replying/play-recorded-line.ts'
import { recordedLineIn } from '../replying/recorded-line.ts'
import { createRxPath } from '../hearing/rx-path.ts'

/** rx-queue -> RX worker -> realtime -> tx-queue: one session hears, thinks and speaks. */
export function wireRealtime(parts: CallConversationParts, realtime: NamedRealtime): CallConversation {
  const { call, settings, values, stages, floor, clock, telemetry } = parts
  const { name: plugin, provider } = realtime
  const { language: tag, systemPrompt, greeting, hints } = settings.conversation
  const format = realtimeFormat(realtime, call.format)
  const giveUp = wireGiveUp(parts)
  let dead = false

  /** The caller would talk to nobody: the call ends, with the recorded line or a person where there is one. */
  function failed(error: unknown): void {
    if (dead) return
    dead = true
    const fail = (): void => parts.onFailure('realtime', error)
    if (settings.conversation.giveUp) telemetry.stageFailed('realtime', error)
    if (giveUp.sessionDied(fail)) conversation.close()
    else fail()
  }

  const speech = createRealtimeSpeech({ floor, from: format, to: call.format })
  const language = createCallLanguage({
    first: tag,
    stt: [],
    tts: [],
    languages: new Map(),
    onSwitch: () => undefined,
  })
  const toolBox = createCallToolBox({
    kit: stages.tools,
    call,
    language,
    traceparent: parts.traceparent,
    playTones: speech.playTones,
  })
  const instructions = fillTemplate(systemPrompt, parts.promptValues)
  // No language: the provider is configured for it.
  const options = { callId: call.id, instructions, tools: toolBox.tools, hints, history: [] }

  const rx = createRxPath({
    format: call.format,
    settings,
    clock,
    alarm: parts.rxAlarm,
    createLink: (memory, worker) =>
      createRealtimeLink({
        realtime,
        callFormat: call.format,
        format,
        options,
        memory,
        worker,
        clock,
        telemetry,
        onSession: (session) => conversation.converse(session),
        onFailure: failed,
      }),
  })
  const conversation = createRealtimeConversation({
    plugin,
    detectsTurns: provider.detectsTurns,
    settings,
    greeting: fillTemplate(greeting, values),
    toolBox,
    speech,
    tonesOf: (digits) => dtmfTones(digits, call.format),
    giveUp,
    writtenMs: () => rx.link.writtenMs(),
    clock,
    telemetry,
    onEnd: parts.onEnd,
    onTransfer: parts.onTransfer,
  })
  if (provider.detectsTurns || stages.vad) return { rx, conversation }
  return { rx, conversation: { ...conversation, start: () => failed(deaf(plugin)) } }
}

function wireGiveUp(parts: CallConversationParts): RealtimeGiveUp {
  const { call, settings, stages, floor, clock, telemetry } = parts
  const { giveUp, language } = settings.conversation
  const line = recordedLineIn(stages.recordedLines, language)
  const speaks = { floor, format: call.format, telemetry }
  return createRealtimeGiveUp({
    settings: giveUp,
    playRecorded: line && (() => playRecordedLine(line, LAST_TURN, speaks)),
    clock,
    telemetry,
    onEnd: () => void endGivenUp(giveUp?.transferTo, parts),
  })
}

/** Texts of the configuration count down from -1. */
const LAST_TURN = -1

function deaf(plugin: string): ProviderError {
  const message = `${plugin} does not find the ends of turns by itself: the pipeline needs a vad`
  return new ProviderError('bad-request', message)
}
