import type { LineSettings } from './bad-line.ts'

/** A message of the server's. Its audio is mu-law. */
export type FromServer =
  | { readonly type: 'media'; readonly audio: Uint8Array<ArrayBuffer> }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'clear' }

/** What the page tells the engine. */
export type EngineCommand =
  | FromServer
  /** The stream is up: audio goes out from now on. */
  | { readonly type: 'begin' }
  | { readonly type: 'key'; readonly digit: string }
  | { readonly type: 'mute'; readonly on: boolean }
  | { readonly type: 'line'; readonly settings: LineSettings }
  /** How much later than it is played a sound leaves the loudspeaker. */
  | { readonly type: 'latency'; readonly ms: number }
  /** The call is over. */
  | { readonly type: 'end' }

/** What goes to the server, in order, when the line has let it pass. */
export type EngineSend =
  | { readonly type: 'media'; readonly timestampMs: number; readonly audio: Uint8Array<ArrayBuffer> }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'key'; readonly digit: string }

/** How the call stands; counts are of the whole call, levels of the time since the last one. */
export interface EngineReport {
  /** Audio that has left the loudspeaker since the stream began, silence too: the clock of all that is heard. */
  readonly heardMs: number
  readonly bufferedMs: number
  readonly speaking: boolean
  /** dB below full scale; −90 is silence. */
  readonly callerDb: number
  readonly agentDb: number
  /** Silence inside an utterance. */
  readonly underruns: number
  readonly underrunMs: number
  /** Taken back before it was heard. */
  readonly discardedMs: number
  /** For which the buffer had no room. */
  readonly overflowMs: number
  readonly marksPlayed: number
  readonly marksCleared: number
  /** Lost ones counted. */
  readonly callerFrames: number
  readonly lostUp: number
  readonly lostDown: number
  /** From the end of the caller's voice to the agent's first sound after it, at the ear. */
  readonly waitedMs?: number
}

/** What the engine tells the page. */
export type EngineTold =
  | { readonly type: 'send'; readonly message: EngineSend }
  /** All before this mark was heard, or what was not is taken back. */
  | { readonly type: 'mark'; readonly name: string; readonly cleared: boolean }
  | { readonly type: 'report'; readonly report: EngineReport }
