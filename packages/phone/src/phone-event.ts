import type { ClipMeaning } from './clip.ts'

/**
 * Who or what ended a call.
 *
 * | value           | meaning                                                                               |
 * |-----------------|---------------------------------------------------------------------------------------|
 * | caller          | the caller hung up                                                                    |
 * | agent           | the server closed the socket, or asked the carrier's API to complete the call         |
 * | transferred     | the server gave the call other instructions through the carrier's API                 |
 * | socket-dropped  | the script cut the connection                                                         |
 * | connection-lost | the connection broke without a closing handshake                                      |
 * | time-limit      | the call took longer than the script allows                                           |
 */
export type CallEnd = 'caller' | 'agent' | 'transferred' | 'socket-dropped' | 'connection-lost' | 'time-limit'

/** Something that happened on a call, told as it happens. Times count from the `start` message. */
export type PhoneEvent = { readonly atMs: number } & (
  | { readonly type: 'stream-started'; readonly callSid: string; readonly streamSid: string }
  /** A step of the script begins. */
  | { readonly type: 'step'; readonly index: number; readonly text: string }
  /** `voicedStartMs`, `voicedEndMs`: the voice within the clip, which begins with and ends in some silence. */
  | {
      readonly type: 'caller-speech-started'
      readonly clip: string
      readonly voicedStartMs: number
      readonly meant?: ClipMeaning
    }
  | { readonly type: 'caller-speech-ended'; readonly clip: string; readonly voicedEndMs: number }
  | { readonly type: 'dtmf-sent'; readonly digit: string }
  | { readonly type: 'agent-speech-started' }
  /** First sample of this speech that can be heard (above −36 dBFS). */
  | { readonly type: 'agent-audible' }
  | { readonly type: 'agent-speech-stopped' }
  | {
      readonly type: 'mark-returned'
      readonly name: string
      readonly label: string
      readonly cleared: boolean
    }
  | { readonly type: 'clear'; readonly discardedMs: number }
  /** `ownLagMs`: how late the phone itself was at that moment; a gap no longer than that may be its own. */
  | { readonly type: 'underrun'; readonly gapMs: number; readonly ownLagMs: number }
  /** A breach of the protocol; told once for each different text. */
  | { readonly type: 'violation'; readonly text: string }
  | { readonly type: 'ended'; readonly by: CallEnd; readonly closeCode?: number }
)

export type PhoneEventType = PhoneEvent['type']
/** An event before it has its time. */
export type PhoneEventBody = PhoneEvent extends infer Event
  ? Event extends PhoneEvent
    ? Omit<Event, 'atMs'>
    : never
  : never
