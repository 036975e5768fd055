import type { ArrivalTiming } from './arrival-timing.ts'
import type { CallRecording } from './call-recording.ts'
import type { CallResult } from './call-result.ts'
import type { WaitOptions } from './call-waits.ts'
import type { Clip } from './clip.ts'
import type { Pacer } from './pacer.ts'
import type { CallEnd, PhoneEvent, PhoneEventBody } from './phone-event.ts'
import type { Playout } from './protocol/playout.ts'
import type { StatusCallback } from './status-callback.ts'
import type { CallIdentity } from './voice-webhook.ts'

/** The socket as the call uses it. `send` never throws. */
export interface StreamWire {
  send(text: string): void
  /** Closes with the handshake. */
  close(): void
  /** Cuts the connection. */
  terminate(): void
}

export interface PhoneCallOptions {
  readonly identity: CallIdentity
  readonly streamSid: string
  readonly parameters: Readonly<Record<string, string>>
  readonly pacer: Pacer
  readonly setup: { readonly webhookMs: number; readonly connectMs: number }
  /** Keeps both channels (16 KB a second). Default true. */
  readonly record?: boolean
  /** Checks every message from the server. Off only for a bare echo server. Default true. */
  readonly strict?: boolean
  /** Time between `connected` and `start`; Twilio has none. */
  readonly startDelayMs?: number
  /** `false`: a far end that knows media alone, and sends no mark back. Its own record is kept all the same. */
  readonly returnsMarks?: boolean
  readonly violations?: readonly string[]
  readonly random?: () => number
  /** Where Twilio reports the stream's start and stop; the address to use, not the one of the TwiML. */
  readonly statusCallback?: StatusCallback
  /** Called as things happen. A throw is ignored. */
  readonly onEvent?: (event: PhoneEvent) => void
}

/** A live call, from the caller's side. Every time counts from the `start` message. */
export interface PhoneCall {
  readonly callSid: string
  readonly streamSid: string
  readonly nowMs: number
  readonly ended: boolean
  readonly endedBy: CallEnd | undefined
  /** Settles when the call is over, always with the result. */
  readonly finished: Promise<CallResult>
  /** Media messages handed to the socket so far. */
  readonly sentFrames: number
  readonly playout: Playout
  readonly timing: ArrivalTiming
  /** Absent when recording is off. */
  readonly recording: CallRecording | undefined
  /** Speaks after what is already queued. Resolves true when the last frame was sent, false when the call ended. */
  say(clip: Clip): Promise<boolean>
  /** Says a clip over and over until told otherwise. */
  loop(clip: Clip | undefined): void
  sendDtmf(digit: string): void
  /** Sends no media at all, for this long or until the next `say`. Timestamps go on. */
  goSilent(forMs?: number): void
  setJitterMs(jitterMs: number): void
  setLateMs(lateMs: number): void
  /** Holds media back this long, then sends it at once. */
  holdMedia(holdMs: number): void
  until<T>(condition: () => T | undefined, options: WaitOptions): Promise<T>
  /** The caller hangs up: `stop`, then the socket closes. */
  hangUp(): void
  /** The carrier ends the stream because the server asked for it by REST: `stop`, then the socket closes. */
  endFromCarrier(by: 'agent' | 'transferred'): void
  /** Cuts the TCP connection without a word. */
  dropSocket(): void
  /** Ends a call that takes too long. */
  endAtTimeLimit(): void
  /** For the timeline. */
  tell(event: PhoneEventBody): void
}

/** The call and the two ends that whoever owns the socket feeds. */
export interface PhoneCallHandle {
  readonly call: PhoneCall
  receive(data: Buffer, isBinary: boolean): void
  closed(closeCode: number): void
}
