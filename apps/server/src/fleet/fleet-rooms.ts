import type { CallDirectory, FleetPlace, OfferedCall } from '@kav/core'
import { type CallRoom, type CountedRooms, createCallRooms, type OwnRooms } from '../admission/call-rooms.ts'
import { type RingingCalls, ringingRooms } from '../admission/ringing-calls.ts'
import type { MakeRooms } from '../admission/named-rooms.ts'
import type { FleetSettings } from './fleet-settings.ts'

/** The directory of the fleet, and what it is asked to hold calls to. */
export interface Fleet {
  readonly directory: CallDirectory
  readonly limitsFor: FleetSettings['limitsFor']
  /** Calls that this node has placed. */
  readonly ringing: RingingCalls
}

/** Counts the calls of each pipeline here and in the whole fleet. */
export function fleetRooms(fleet: Fleet): MakeRooms {
  return (pipeline, maxCalls) =>
    ringingRooms(createFleetRooms(createCallRooms(maxCalls), pipeline, fleet), fleet.ringing)
}

const NO_LIMITS = { maxCalls: 0, maxCallsOfNumber: 0 }

function createFleetRooms(
  here: OwnRooms,
  pipeline: string,
  { directory, limitsFor }: Omit<Fleet, 'ringing'>,
): CountedRooms {
  const asFleet = (call: OfferedCall) => {
    // The operator's own: of a call that was placed it is the one that is shown.
    const isPlaced = call.pipeline !== undefined
    const number = isPlaced ? call.from : call.to
    return {
      id: call.id,
      pipeline,
      ...(number !== undefined && { number }),
      ...(isPlaced && { direction: 'out' as const }),
    }
  }
  /** The fleet counts by ids: the place of one that had none becomes that of the call. */
  function inOrder(room: CallRoom, order: OfferedCall, place: FleetPlace): CallRoom {
    let current = place
    let state: 'rings' | 'runs' | 'over' = 'rings'
    return {
      taken() {
        state = 'runs'
        current.running()
      },
      release() {
        state = 'over'
        room.release()
        current.release()
      },
      ordered(id) {
        // Counted twice for a moment, and never not at all.
        void Promise.resolve(directory.claim(asFleet({ ...order, id }), NO_LIMITS)).then((next) => {
          place.release()
          if ('refused' in next) return
          current = next
          if (state === 'runs') next.running()
          if (state === 'over') next.release()
        })
      },
    }
  }

  return {
    claim(call) {
      // What is full here need not be asked elsewhere.
      const room = here.claim(call)
      if (room === undefined) return undefined
      const settled = (answer: Awaited<ReturnType<CallDirectory['claim']>>): CallRoom | undefined => {
        if (!('refused' in answer)) return inOrder(room, call, answer)
        room.release()
        return undefined
      }
      const asked = directory.claim(asFleet(call), limitsFor(asFleet(call).number))
      return asked instanceof Promise ? asked.then(settled) : settled(asked)
    },
    async promise(call) {
      const room = here.promise(call)
      const answer = await directory.claim(asFleet(call), NO_LIMITS)
      return 'refused' in answer ? room : both(room, answer)
    },
    adopt: (call) => both(here.adopt(call), directory.add(asFleet(call))),
    get isFull() {
      return here.isFull
    },
    get free() {
      return here.free
    },
  }
}

function both(room: CallRoom, place: FleetPlace): CallRoom {
  return {
    taken: () => place.running(),
    release() {
      room.release()
      place.release()
    },
  }
}
