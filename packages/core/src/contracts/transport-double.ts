import type { AudioFormat } from './audio.ts'

/**
 * The carrier's side of a transport, on this machine: with it `kav verify` and `kav test --live` place their calls
 * through whatever transport a pipeline has. Everything it opens is on loopback, and closed by `close`.
 */
export interface TransportDouble {
  /** In place of the pipeline's: with these the transport asks the double where it would ask its carrier. */
  readonly params: Readonly<Record<string, unknown>>
  /**
   * Places a call to the server at `url` (`http://127.0.0.1:8080`) as the carrier would. Resolves when it is up,
   * rejects when it is refused.
   */
  dial(url: string, caller: DoubleCaller): Promise<DoubleLine>
  close(): Promise<void>
}

/** Who calls, and what they are told. Nothing is told before `dial` has resolved and its caller has had a turn. */
export interface DoubleCaller {
  readonly from: string
  readonly to: string
  /** Audio of the agent as it comes in, in order, chunks of any size, in the line's format. Lent. */
  onAudio(audio: Uint8Array): void
  /** The agent wants to know when all before this was played: `played` is the answer. */
  onMark(name: string): void
  /** What was not played yet is to be thrown away; `played` is told of the marks in it. */
  onClear(): void
  /** The call is over, and not by `hangUp` or `drop`. Told once, and last. */
  onEnd(by: 'agent' | 'transferred' | 'connection-lost'): void
}

/** The caller's end of one call. Whoever holds it plays what it hears, in real time. */
export interface DoubleLine {
  /** `TransportCall.id` of the call. */
  readonly id: string
  /** In both directions. */
  readonly format: AudioFormat
  /** Audio of the caller, some 20 ms at a time and in real time. Lent. Never throws. */
  send(audio: Uint8Array): void
  /** Absent where the network has no keys. */
  press?(digit: string): void
  /** Absent where the network returns no marks. */
  played?(mark: string): void
  /** Ends the call in an orderly way. Resolves when it is over on the wire; at once where it is already. */
  hangUp(): Promise<void>
  /** Cuts the connection without a word. */
  drop(): void
}
