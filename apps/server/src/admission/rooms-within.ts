import type { CallRoom } from './call-rooms.ts'
import type { MakeRooms } from './named-rooms.ts'

/**
 * The same rooms, of all pipelines together no more than `most` at a time: what the process has files open for. One that
 * was placed has been let in before it rang, and one that another process has promised is not to be refused.
 */
export function roomsWithin(make: MakeRooms, most: () => number): MakeRooms {
  let held = 0
  const isFull = (): boolean => held >= most()

  /** A place that is given back once. */
  function hold(): () => void {
    held++
    let isHeld = true
    return () => {
      if (isHeld) held--
      isHeld = false
    }
  }

  function within(room: CallRoom, giveBack: () => void): CallRoom {
    return {
      taken: () => room.taken(),
      release() {
        giveBack()
        room.release()
      },
    }
  }

  return (pipeline, maxCalls) => {
    const rooms = make(pipeline, maxCalls)
    return {
      claim(call) {
        if (call.pipeline === undefined && isFull()) return undefined
        const giveBack = hold()
        const settled = (room: CallRoom | undefined): CallRoom | undefined => {
          if (room !== undefined) return within(room, giveBack)
          giveBack()
          return undefined
        }
        const asked = rooms.claim(call)
        return asked instanceof Promise ? asked.then(settled) : settled(asked)
      },
      ring: (call) => (isFull() ? undefined : rooms.ring(call)),
      adopt: (call) => within(rooms.adopt(call), hold()),
      get isFull() {
        return rooms.isFull || isFull()
      },
      get free() {
        if (isFull()) return 0
        const { free } = rooms
        return free === undefined ? undefined : Math.min(free, most() - held)
      },
    }
  }
}
