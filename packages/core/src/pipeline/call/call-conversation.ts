import type { Clock } from '../../contracts/clock.ts'
import type { LlmProvider } from '../../contracts/llm.ts'
import type { HangUpReason, TransportCall } from '../../contracts/transport.ts'
import type { ProviderInstance } from '../../providers/provider-instance.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { ToolKit } from '../../tools/tool-kit.ts'
import type { Alarm } from '../frame-clock.ts'
import type { SharedAlarm } from '../shared-alarm.ts'
import type { LanguageStages } from './call-language.ts'
import type { CallSettings } from '../call-settings.ts'
import type { CallValues } from './call-texts.ts'
import type { Conversation } from '../turns/conversation.ts'
import type { NamedRealtime } from '../realtime/realtime-opening.ts'
import type { EchoEar } from '../hearing/echo/echo-ear.ts'
import type { RxPath } from '../hearing/rx-path.ts'
import type { NamedStt } from '../hearing/stt-routes.ts'
import type { Floor } from '../speaking/floor.ts'
import type { Background } from '../speaking/background.ts'
import type { TurnTap } from '../hearing/turn-tap.ts'
import type { VadTap } from '../hearing/vad-tap.ts'
import type { RecordedLine, RecordedLines } from '../replying/recorded-line.ts'
import type { SpeechCache } from '../replying/speech-cache.ts'
import type { NamedTts } from '../replying/voice-source.ts'

/** What a call runs on: providers that exist, shared by all calls; lists in the order they are tried. */
export interface CallStages {
  readonly stt: readonly NamedStt[]
  readonly llm: readonly ProviderInstance<LlmProvider>[]
  readonly tts: readonly NamedTts[]
  /** Present: hears, thinks and speaks in place of stt, llm and tts, which are empty then. */
  readonly realtime?: NamedRealtime
  readonly vad: VadTap | undefined
  /** Absent: turns end by words and time. */
  readonly turn?: TurnTap
  /** Languages the call may be switched to. */
  readonly languages?: ReadonlyMap<string, LanguageStages>
  /** What is played when no voice works. Absent: nothing is. */
  readonly recordedLines?: RecordedLines
  /** What is played while an answer is late. Absent: nothing is. */
  readonly thinkingSound?: RecordedLine
  /** What is heard under the agent's voice and in its silence. Absent: nothing is. */
  readonly background?: Background
  /** Absent: the model may hang up, and nothing else. */
  readonly tools?: ToolKit
}

/** From the rx-queue to the tx-queue, by whatever stages: what hears the caller, and what answers. */
export interface CallConversation {
  readonly rx: RxPath
  readonly conversation: Conversation
}

/** Why we may end a call: one that is handed over is ended by the transport. */
export type OwnReason = Exclude<HangUpReason, 'transferred'>

export interface CallConversationParts {
  readonly call: TransportCall
  readonly settings: CallSettings
  /** For what is spoken, and for the model's prompt. */
  readonly values: CallValues
  readonly promptValues: CallValues
  readonly stages: CallStages
  /** Knows the agent's own voice where it comes back. */
  readonly echo: EchoEar | undefined
  readonly floor: Floor
  /** Visits the RX worker. */
  readonly rxAlarm: Alarm
  /** For what is due in the call besides audio. */
  readonly deadlines: SharedAlarm
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  readonly speechCache: SpeechCache | undefined
  readonly traceparent?: string | undefined
  /** The conversation is over and its last words were heard. */
  readonly onEnd: (reason: OwnReason) => void
  /** Hands the caller over. Resolves with what the model is told when that failed, with nothing once the call is over. */
  readonly onTransfer: (to: string) => Promise<string | undefined>
  /** A stage broke: the call ends, not the process. */
  readonly onFailure: (stage: string, error: unknown) => void
}
