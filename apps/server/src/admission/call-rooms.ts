import type { OfferedCall } from '@kav/core'

/** Room that one call takes up wherever calls are counted: in a process, on a machine, in a fleet. */
export interface CallRoom {
  /** The call has come. */
  taken(): void
  release(): void
  /** The carrier has taken the order of a call that had no id before. Absent where ids are of no matter. */
  ordered?(id: string): void
}

/** Room for a call that rings at the far end: held from before the carrier is asked until somebody answers. */
export interface RingingRoom {
  /** The carrier has taken the order: `id` is the call's. It rings for `withinMs` at most. */
  ordered(id: string, withinMs: number): void
  /** It was not ordered. */
  release(): void
}

/** Counts the calls of one pipeline against its limit. */
export interface CallRooms {
  /** `undefined`: full. A promise where others are asked; never rejects. */
  claim(call: OfferedCall): CallRoom | undefined | Promise<CallRoom | undefined>
  /** The same for a call that is about to be ordered. Its `id` is of nobody's but this room's. */
  ring(call: OfferedCall): RingingRoom | undefined | Promise<RingingRoom | undefined>
  /** Room for a call that is not to be refused. */
  adopt(call: OfferedCall): CallRoom
  /** Whether it is known here that no call has room. */
  readonly isFull: boolean
  /** For how many there is room here. Absent: no limit, or others count. */
  readonly free?: number | undefined
}

/** What counts, before it is known which calls ring. */
export interface CountedRooms extends Pick<CallRooms, 'claim' | 'adopt' | 'isFull' | 'free'> {
  /** Room for a call that was placed and has been answered: it is not to be refused, and its stream is still to come. */
  promise(call: OfferedCall): CallRoom | Promise<CallRoom>
}

/** Counted here alone: what is asked is answered at once. */
export interface OwnRooms extends CountedRooms {
  claim(call: OfferedCall): CallRoom | undefined
  promise(call: OfferedCall): CallRoom
}

/** @param maxCalls as it is at the time; 0: no limit. */
export function createCallRooms(maxCalls: () => number): OwnRooms {
  let taken = 0
  const take = (): CallRoom => {
    taken++
    let held = true
    return {
      taken: () => undefined,
      release() {
        if (held) taken--
        held = false
      },
    }
  }
  const isFull = (): boolean => maxCalls() > 0 && taken >= maxCalls()
  return {
    claim: () => (isFull() ? undefined : take()),
    promise: take,
    adopt: take,
    get isFull() {
      return isFull()
    },
    get free() {
      return maxCalls() > 0 ? Math.max(0, maxCalls() - taken) : undefined
    },
  }
}
