import type { Clock, OfferedCall } from '@kav/core'
import type { CallRoom, CallRooms, CountedRooms, RingingRoom } from './call-rooms.ts'

/** The one command of nodes about a call that never came to run: the one that holds its room frees it. */
export const PLACED_OVER = 'kav.placed-over'

/** Calls that were placed and ring: each has its room, until it is answered, or over, or has rung for too long. */
export interface RingingCalls {
  hold(room: CallRoom): RingingRoom
  /** It was answered: the room is whose asks. */
  take(callId: string): CallRoom | undefined
  /** It will not come, or has come elsewhere. */
  over(callId: string): void
}

interface Held {
  readonly room: CallRoom
  readonly cancel: () => void
}

/** @param onExpired nobody said what became of a call */
export function createRingingCalls(clock: Clock, onExpired: () => void): RingingCalls {
  const held = new Map<string, Held>()

  function take(callId: string): CallRoom | undefined {
    const found = held.get(callId)
    held.delete(callId)
    found?.cancel()
    return found?.room
  }

  return {
    hold: (room) => ({
      ordered(id, withinMs) {
        room.ordered?.(id)
        const cancel = clock.after(withinMs, () => {
          onExpired()
          take(id)?.release()
        })
        held.set(id, { room, cancel })
      },
      release: () => room.release(),
    }),
    take,
    over: (callId) => take(callId)?.release(),
  }
}

/** Rooms in which calls may ring. One that was placed for a pipeline is never refused when it is answered. */
export function ringingRooms(rooms: CountedRooms, ringing: RingingCalls): CallRooms {
  const held = (room: CallRoom | undefined): RingingRoom | undefined => room && ringing.hold(room)
  return {
    claim: (call: OfferedCall) =>
      call.pipeline === undefined ? rooms.claim(call) : (ringing.take(call.id) ?? rooms.promise(call)),
    ring(call) {
      const asked = rooms.claim(call)
      return asked instanceof Promise ? asked.then(held) : held(asked)
    },
    adopt: (call) => rooms.adopt(call),
    get isFull() {
      return rooms.isFull
    },
    get free() {
      return rooms.free
    },
  }
}
