import type { Clock } from '../../contracts/clock.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { ReplyHandlers } from './reply.ts'

/** The steps of one turn on the monotonic clock, told once, when its first frame goes out that is no filler. */
export interface TurnLatency {
  /** What the reply reports its steps to. */
  readonly handlers: ReplyHandlers
  /**
   * The turn that the reply answers has ended; a reply may have been begun before. `speechEndMs`: when the caller's
   * voice did; absent where none was heard.
   */
  turnEnded(speechEndMs: number | undefined): void
}

export function createTurnLatency(
  turn: number,
  parts: { clock: Clock; telemetry: CallTelemetry; onSpeaking: () => void },
): TurnLatency {
  const { clock, telemetry } = parts
  const steps = {
    speechEndMs: undefined as number | undefined,
    turnEndMs: clock.nowMs(),
    firstTokenMs: undefined as number | undefined,
    firstAudioMs: undefined as number | undefined,
  }
  let told = false
  return {
    handlers: {
      onFirstToken: () => void (steps.firstTokenMs ??= clock.nowMs()),
      onFirstAudio: () => void (steps.firstAudioMs ??= clock.nowMs()),
      onAnswerFrame() {
        if (!told) telemetry.turnLatency({ turn, ...steps, firstFrameMs: clock.nowMs() })
        told = true
      },
      onFirstFrame: parts.onSpeaking,
    },
    turnEnded(speechEndMs) {
      steps.speechEndMs = speechEndMs
      steps.turnEndMs = clock.nowMs()
    },
  }
}
