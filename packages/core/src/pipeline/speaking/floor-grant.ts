import type { CutBy } from '../../kit/cut.ts'
import type { MarkOutcome } from './tx-control.ts'

/** Who speaks, and how it learns that it may no longer. */
export interface FloorHolder {
  /**
   * The floor is lost: told once, at once, and never for a grant that was given up. Taking the floor from in here
   * gives a grant that is lost already.
   */
  onLost(loss: Loss): void
}

export interface Loss {
  readonly why: 'taken' | 'interrupted' | 'ended'
  /** Who took it. */
  readonly by: CutBy
  /** Position up to which what was written was heard; after `taken`: will be. */
  readonly heardMs: number
  /** Position up to which it went out on the wire; after `taken`: will go out. */
  readonly sentMs: number
}

/** `queued`: copied into the tx-queue. `full`: wait for `room()`. `revoked`: never again, whatever is waited for. */
export type WriteAnswer = 'queued' | 'full' | 'revoked'
export type RunAnswer = 'queued' | 'revoked'

/** The capability to write to the caller, for as long as its holder has the floor. */
export interface FloorGrant {
  /** Queues one 20 ms frame (copied). */
  write(frame: Uint8Array): WriteAnswer
  /** Queues whole frames, end to end, as many as there is room for; returns where it stopped. */
  writeFitting(frames: Uint8Array, frameBytes: number): number
  /**
   * Queues whole frames, end to end, waiting for room as often as need be; one run at a time. An answer that is no
   * promise is given at once. The bytes are lent until it is.
   */
  writeRun(frames: Uint8Array, frameBytes: number): RunAnswer | Promise<RunAnswer>
  /** Resolves when a frame would be taken, or at once when the floor is or gets lost. */
  room(): Promise<'room' | 'revoked'>
  /** Queues a mark behind what was written; resolves when the caller has heard all before it, or never will. */
  mark(label: string): Promise<MarkOutcome>
  /** Queues a cue: resolves when everything written before it has gone out (`played`), or never will. */
  cue(): Promise<MarkOutcome>
  /** Position (ms of voice since the call began) that the next frame written will have. */
  nextPositionMs(): number
  /**
   * When the far end played a stretch of positions, of the call's clock, as far as it was sent; `undefined`: nothing of
   * it was, or that is not known any more.
   */
  readonly playedBetween: (
    fromMs: number,
    toMs: number,
  ) => { readonly fromMs: number; readonly toMs: number } | undefined
  /** The holder has said all it wanted. */
  giveUp(): void
  /** Present once the floor was taken away. */
  readonly lost: Loss | undefined
}

/** The floor's end of a grant. */
export interface RevocableGrant {
  readonly grant: FloorGrant
  revoke(loss: Loss): void
  /** It is lost from the beginning: nobody needs to be told. */
  deny(loss: Loss): void
}

/** What grants write to. */
export interface GrantQueue {
  media(bytes: Uint8Array, from: number, end: number): boolean
  room(): Promise<void>
  /** Whoever waits for room is told that waiting is of no use any more. */
  stopWaiting(): void
  mark(label: string, settle: (outcome: MarkOutcome) => void): void
  cue(settle: (outcome: MarkOutcome) => void): void
  queuedMs(): number
  readonly playedBetween: FloorGrant['playedBetween']
  /** The grant that holds the floor was given up. */
  returned(): void
}

export function createFloorGrant(holder: FloorHolder, queue: GrantQueue): RevocableGrant {
  return new Grant(holder, queue)
}

/** Both ends in one object: whoever holds it as one cannot name the other. */
class Grant implements FloorGrant, RevocableGrant {
  lost: Loss | undefined = undefined
  readonly playedBetween: FloorGrant['playedBetween']
  readonly #holder: FloorHolder
  readonly #queue: GrantQueue
  #live = true

  constructor(holder: FloorHolder, queue: GrantQueue) {
    this.#holder = holder
    this.#queue = queue
    this.playedBetween = queue.playedBetween
  }

  get grant(): FloorGrant {
    return this
  }

  write(frame: Uint8Array): WriteAnswer {
    if (!this.#live) return 'revoked'
    return this.#queue.media(frame, 0, frame.length) ? 'queued' : 'full'
  }

  writeFitting(frames: Uint8Array, frameBytes: number): number {
    return this.#fitting(frames, 0, frameBytes)
  }

  writeRun(frames: Uint8Array, frameBytes: number): RunAnswer | Promise<RunAnswer> {
    const at = this.#fitting(frames, 0, frameBytes)
    if (!this.#live) return 'revoked'
    return at < frames.length ? this.#writeRest(frames, at, frameBytes) : 'queued'
  }

  async room(): Promise<'room' | 'revoked'> {
    if (this.#live) await this.#queue.room()
    return this.#live ? 'room' : 'revoked'
  }

  mark(label: string): Promise<MarkOutcome> {
    if (!this.#live) return Promise.resolve('cleared')
    return new Promise((settle) => this.#queue.mark(label, settle))
  }

  cue(): Promise<MarkOutcome> {
    if (!this.#live) return Promise.resolve('cleared')
    return new Promise((settle) => this.#queue.cue(settle))
  }

  nextPositionMs(): number {
    return this.#queue.queuedMs()
  }

  giveUp(): void {
    if (!this.#live) return
    this.#stop()
    this.#queue.returned()
  }

  revoke(loss: Loss): void {
    this.deny(loss)
    this.#holder.onLost(loss)
  }

  deny(loss: Loss): void {
    this.#stop()
    this.lost = loss
  }

  #fitting(frames: Uint8Array, from: number, frameBytes: number): number {
    let at = from
    while (this.#live && at < frames.length && this.#queue.media(frames, at, at + frameBytes))
      at += frameBytes
    return at
  }

  async #writeRest(frames: Uint8Array, from: number, frameBytes: number): Promise<RunAnswer> {
    for (let at = from; this.#live && at < frames.length; at = this.#fitting(frames, at, frameBytes))
      await this.#queue.room()
    return this.#live ? 'queued' : 'revoked'
  }

  #stop(): void {
    this.#live = false
    this.#queue.stopWaiting()
  }
}
