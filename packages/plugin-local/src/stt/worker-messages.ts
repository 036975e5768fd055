import type { ProviderErrorClass, SttEvent } from '@kav/core'
import type { PocketsphinxInstallation } from './find-installation.ts'

/** What a recogniser worker is started with. */
export interface RecogniserWorkerData {
  readonly installation: PocketsphinxInstallation
}

/** How one session recognises; the same for all its utterances. */
export interface RecognitionSettings {
  /** Phrases the conversation expects, as written. */
  readonly phrases: readonly string[]
  /** Silence that ends an utterance. */
  readonly endpointSilenceMs: number
  /**
   * Lowest mean score per 10 ms against the free phone loop; -Infinity accepts everything. Absent: by the size of the
   * vocabulary.
   */
  readonly rejectBelow?: number
  /** Utterances longer than this are cut. */
  readonly maxUtteranceMs: number
  readonly wantsPartials: boolean
}

/** From the media thread. Audio is mu-law at 8 kHz, about 100 ms a message, its buffer transferred. */
export type RecogniserRequest =
  | { readonly type: 'open'; readonly session: number; readonly settings: RecognitionSettings }
  | {
      readonly type: 'audio'
      readonly session: number
      readonly bytes: Uint8Array
      /** Audio that was dropped just before these bytes, so that offsets stay true. */
      readonly skippedBytes: number
    }
  | { readonly type: 'finish'; readonly session: number }
  | { readonly type: 'close'; readonly session: number }
  | { readonly type: 'shutdown' }

/** To the media thread. */
export type RecogniserReply =
  | {
      readonly type: 'opened'
      readonly session: number
      /** Words that no dictionary and no rule could pronounce; phrases with them cannot be heard. */
      readonly unknownWords: readonly string[]
      /** Words whose pronunciation was derived from their spelling. */
      readonly derivedWords: readonly string[]
      readonly vocabulary: number
    }
  | { readonly type: 'taken'; readonly session: number; readonly bytes: number; readonly busyMs: number }
  | { readonly type: 'event'; readonly session: number; readonly event: SttEvent }
  /** An utterance that was heard and not understood: outside the expected phrases. */
  | {
      readonly type: 'rejected'
      readonly session: number
      /** Absent: no words were found at all. */
      readonly margin?: number
      readonly speechMs: number
    }
  | { readonly type: 'ended'; readonly session: number }
  | {
      readonly type: 'failed'
      readonly session: number
      readonly errorClass: ProviderErrorClass
      readonly message: string
    }
  | { readonly type: 'closed'; readonly session: number }
