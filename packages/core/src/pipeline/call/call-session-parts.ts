import type { Clock } from '../../contracts/clock.ts'
import type { TransportCall } from '../../contracts/transport.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { CallSettings } from '../call-settings.ts'
import type { CallTap } from '../call-tap.ts'
import type { FrameClock } from '../frame-clock.ts'
import type { SpeechCache } from '../replying/speech-cache.ts'
import type { CallControl } from './call-control.ts'
import type { CallStages, OwnReason } from './call-conversation.ts'
import type { CallOutcome } from './call-end.ts'

/** What one call is started with. */
export interface CallSessionParts {
  readonly call: TransportCall
  readonly settings: CallSettings
  readonly stages: CallStages
  readonly clock: Clock
  readonly frameClock: FrameClock
  readonly telemetry: CallTelemetry
  readonly taps: readonly CallTap[]
  /** W3C, of the call's trace: services that its tools ask go on from there. */
  readonly traceparent?: string | undefined
  /** Keeps speech that is the same on every call. */
  readonly speechCache?: SpeechCache
}

/** A running call. */
export interface CallSession {
  /** Resolves when everything of the call is closed. Never rejects. */
  readonly done: Promise<CallOutcome>
  /** Ends the call from our side; the reason stands in the record. */
  hangUp(reason: OwnReason): void
  /** For operators: what they may do with it, and what they see. */
  readonly control: CallControl
}
