import type { Clock } from '../../contracts/clock.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { ToolBox } from '../../tools/tool-box.ts'
import type { CallSettings } from '../call-settings.ts'
import type { RealtimeGiveUp } from './realtime-give-up.ts'
import type { RealtimeSpeech } from './realtime-speech.ts'

/** What a conversation with a speech-to-speech model stands on. */
export interface RealtimeConversationParts {
  readonly plugin: string
  /** The model finds the ends of turns. */
  readonly detectsTurns: boolean
  readonly settings: CallSettings
  /** Filled in for this call; empty: the caller speaks first. */
  readonly greeting: string
  readonly toolBox: ToolBox
  readonly speech: RealtimeSpeech
  /** Touch tones as the call's frames. */
  readonly tonesOf: (digits: string) => readonly Uint8Array[]
  readonly giveUp: RealtimeGiveUp
  /** Milliseconds of caller audio that the session was given. */
  readonly writtenMs: () => number
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  readonly onEnd: (reason: 'agent') => void
  /** As `CallConversationParts.onTransfer`. */
  readonly onTransfer: (to: string) => Promise<string | undefined>
}
