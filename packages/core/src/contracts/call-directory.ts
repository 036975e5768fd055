/** At once where nobody has to be asked, a promise where somebody has: callers `await` both alike. */
export type Awaitable<T> = T | Promise<T>

/** A call that asks for its place in the fleet. */
export interface FleetCallOffer {
  /** The carrier's own call id. */
  readonly id: string
  readonly pipeline: string
  /**
   * The operator's number that it came in on, or is placed from; `maxCallsOfNumber` counts by it. The other party's
   * number is no business of the directory.
   */
  readonly number?: string
  /** `out`: it was placed from here. Absent: it came in. */
  readonly direction?: 'out'
}

/** How many calls there may be in the whole fleet, promised ones included. 0: no limit. */
export interface FleetLimits {
  readonly maxCalls: number
  /** With the same `number`; for a call without one it says nothing. */
  readonly maxCallsOfNumber: number
}

/** Why a call has no place. */
export interface FleetRefusal {
  readonly refused: 'full'
  readonly by: 'fleet' | 'number'
}

/**
 * The place of one call. Both methods return at once, never throw, and do nothing once it was released, or was taken
 * over: by another place for the same call here, or by the node to which the call came.
 */
export interface FleetPlace {
  /** The call has come, and runs on this node. */
  running(): void
  /** The call is over, or will not come. */
  release(): void
}

export interface FleetCall extends FleetCallOffer {
  /** Name of the node that runs it, or has promised it. */
  readonly node: string
  /** `promised`: the carrier was told to send it. */
  readonly state: 'promised' | 'running'
  /** Since when, in ms since the Unix epoch, by the clock of its node. For people: nothing is decided by it. */
  readonly sinceMs: number
}

/** What became of a call, as far as this node has heard: of running ones only. `found`: its node is heard again. */
export interface FleetEvent {
  readonly type: 'began' | 'ended' | 'lost' | 'found'
  readonly call: FleetCall
}

/** What a call is told to do. `payload` and the answer are what JSON can carry. */
export interface FleetCommand {
  readonly callId: string
  readonly name: string
  readonly payload?: unknown
}

/**
 * Why a command has no answer. `unknown-call`: nobody has such a call. `node-lost`: its node is not there.
 * `no-answer`: its node has not answered in time, and may have done it. `failed`: its handler threw, or there is none.
 * `cut-off`: this node cannot reach others now.
 */
export type CommandFault = 'unknown-call' | 'node-lost' | 'no-answer' | 'failed' | 'cut-off'

export type CommandOutcome =
  | { readonly answered: true; readonly answer: unknown }
  | { readonly answered: false; readonly why: CommandFault; readonly message: string }

/** Does what a command for a call of this node says. What it throws is `failed`, with its message. */
export type CommandHandler = (command: FleetCommand) => Awaitable<unknown>

/** So many at once, and so many a second in the long run. */
export interface Pace {
  readonly burst: number
  readonly perSecond: number
}

/** Whether one more may go now; else ask again after `retryInMs`. */
export type PaceAnswer = { readonly go: true } | { readonly go: false; readonly retryInMs: number }

/** Something that others must come to know, at least once: the record of a call that ended. */
export interface FleetNotice {
  /** What it is, `call-record`: letters, digits and hyphens. */
  readonly kind: string
  /** The same for the same notice: told twice it is kept once. */
  readonly id: string
  /** What JSON can carry. */
  readonly body: unknown
}

/** For `/readyz` and people. */
export interface DirectoryState {
  readonly kind: string
  readonly node: string
  /** `false`: this node hears nothing of the others, and decides alone. */
  readonly connected: boolean
  /** Since when that is so, in ms since the Unix epoch. */
  readonly sinceMs: number
  /** Nodes that are heard, this one included. */
  readonly nodes: number
  readonly running: number
  readonly promised: number
}

/** The longest time for which a key of `once` is remembered. */
export const MAX_ONCE_MS = 3_600_000

/**
 * Who runs which call, in all processes that make up one service: their limits, and the way to any of their calls.
 *
 * A call never depends on it. What runs here is true here and is told to others; whatever has to be asked is asked for
 * a bounded time, after which this node decides alone, by what it heard last, and counts that
 * (`directory_decided_alone_total`). No decision compares the clocks of two machines.
 */
export interface CallDirectory {
  /** This node's name. */
  readonly node: string
  /**
   * A place for a call before it is promised, within `limits`. A call that has a place here already gets it again, in
   * the same state. Settles within a quarter of a second; never rejects.
   */
  claim(call: FleetCallOffer, limits: FleetLimits): Awaitable<FleetPlace | FleetRefusal>
  /** A call that runs here and was promised by anybody, or by nobody: it is never refused. Its promise is over. */
  add(call: FleetCallOffer): FleetPlace
  /** Every call of the fleet that has a place on a node that is heard, in no order. */
  list(): readonly FleetCall[]
  find(callId: string): FleetCall | undefined
  /** Tells the owner of a call to do something. Settles within `timeoutMs`; never rejects. */
  command(command: FleetCommand, timeoutMs: number): Promise<CommandOutcome>
  /** Who does what commands for calls of this node say: one handler, the last one set. */
  onCommand(handler: CommandHandler): void
  /** `listener` hears what becomes of calls from now on, those of this node included. Returns how to stop. */
  watch(listener: (event: FleetEvent) => void): () => void
  /**
   * Whether `key` is used for the first time in the fleet. It is remembered for `forMs` at least (`MAX_ONCE_MS` at
   * most: a longer one throws a RangeError). Settles within a quarter of a second; never rejects.
   */
  once(key: string, forMs: number): Awaitable<boolean>
  /** Whether one more of `key` (calls out of an account) is within the pace of the whole fleet; if so it is counted. */
  pace(key: string, pace: Pace): Awaitable<PaceAnswer>
  /**
   * Hands over a notice. `false`: there was no room, and it is lost but for the counter. `true`: it is tried until it
   * is kept, as long as this process lives.
   */
  tell(notice: FleetNotice): boolean
  state(): DirectoryState
  /** Ends the places that are left, and tells the others that this node is gone. Twice is harmless. */
  close(): Promise<void>
}
