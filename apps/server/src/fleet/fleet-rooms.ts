import type { CallDirectory, FleetPlace, OfferedCall } from '@kav/core'
import { type CallRoom, type CallRooms, createCallRooms, type OwnRooms } from '../admission/call-rooms.ts'
import type { MakeRooms } from '../admission/named-rooms.ts'
import type { FleetSettings } from './fleet-settings.ts'

/** The directory of the fleet, and what it is asked to hold calls to. */
export interface Fleet {
  readonly directory: CallDirectory
  readonly limitsFor: FleetSettings['limitsFor']
}

/** Counts the calls of each pipeline here and in the whole fleet. */
export function fleetRooms(fleet: Fleet): MakeRooms {
  return (pipeline, maxCalls) => createFleetRooms(createCallRooms(maxCalls), pipeline, fleet)
}

function createFleetRooms(here: OwnRooms, pipeline: string, { directory, limitsFor }: Fleet): CallRooms {
  const asFleet = (call: OfferedCall) => {
    // The operator's own: of a call that was placed it is the one that is shown.
    const number = call.pipeline === undefined ? call.to : call.from
    return { id: call.id, pipeline, ...(number !== undefined && { number }) }
  }
  return {
    claim(call) {
      // What is full here need not be asked elsewhere.
      const room = here.claim(call)
      if (room === undefined) return undefined
      const settled = (answer: Awaited<ReturnType<CallDirectory['claim']>>): CallRoom | undefined => {
        if (!('refused' in answer)) return both(room, answer)
        room.release()
        return undefined
      }
      const asked = directory.claim(asFleet(call), limitsFor(asFleet(call).number))
      return asked instanceof Promise ? asked.then(settled) : settled(asked)
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
