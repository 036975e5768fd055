import type { AudioFormat } from '@kav/core'
import type { FliteSpeech } from '../flite/flite-engine.ts'

/** One clause to speak. A worker is given one at a time. */
export interface SpeakRequest {
  readonly job: number
  readonly text: string
  readonly speech: FliteSpeech
  readonly format: AudioFormat
}

export type SpeakReply =
  /** All audio of the clause in the wanted format; its buffer is transferred. */
  | { readonly job: number; readonly audio: Uint8Array<ArrayBuffer>; readonly busyMs: number }
  | { readonly job: number; readonly fault: string }
