import type { OfferedCall } from '@kav/core'

/** Room that one call takes up wherever calls are counted: in a process, on a machine, in a fleet. */
export interface CallRoom {
  /** The call has come. */
  taken(): void
  release(): void
}

/** Counts the calls of one pipeline against its limit. */
export interface CallRooms {
  /** `undefined`: full. A promise where others are asked; never rejects. */
  claim(call: OfferedCall): CallRoom | undefined | Promise<CallRoom | undefined>
  /** Room for a call that is not to be refused. */
  adopt(call: OfferedCall): CallRoom
  /** Whether it is known here that no call has room. */
  readonly isFull: boolean
  /** For how many there is room here. Absent: no limit, or others count. */
  readonly free?: number | undefined
}

/** Counted here alone: what is asked is answered at once. */
export interface OwnRooms extends CallRooms {
  claim(call: OfferedCall): CallRoom | undefined
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
    adopt: take,
    get isFull() {
      return isFull()
    },
    get free() {
      return maxCalls() > 0 ? Math.max(0, maxCalls() - taken) : undefined
    },
  }
}
