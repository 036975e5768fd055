import type { AudioFormat } from '@kav/core'
import type { CallTap } from '@kav/core/host'
import type { HiddenSounds } from './hide-sounds.ts'
import type { PrivateStretch } from './private-stretches.ts'

/** The recording of a running call. */
export interface CallRecording {
  readonly tap: CallTap
  /** Format of the file. */
  readonly format: AudioFormat
  /** The call goes on, whatever is heard. */
  advance(): void
  /** Closes the file, and waits for it for a while; resolves with what became of it. Never rejects. */
  close(): Promise<RecordingOutcome>
  /** After `close`: makes the file fit to be kept, by a tone over what must not be heard. Never rejects. */
  hide(stretches: readonly PrivateStretch[]): Promise<HiddenSounds>
  /** Waits for the disk no longer. */
  giveUp(): void
}

export interface RecordingOutcome {
  /** Its figures, as the call's record tells them. */
  readonly counters: Readonly<Record<string, number>>
  /** Whether sound of the call is not in it. */
  readonly complete: boolean
  /** What a log line tells of it when it is not complete. */
  readonly told: Readonly<Record<string, unknown>>
}
