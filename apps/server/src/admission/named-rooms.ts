import type { CallRooms } from './call-rooms.ts'

/** Makes what counts the calls of one pipeline. `maxCalls` is as it is at the time; 0: no limit. */
export type MakeRooms = (pipeline: string, maxCalls: () => number) => CallRooms

/**
 * Rooms of pipelines by their names: calls that end on a file that was replaced take up room of the one that follows,
 * so that a limit holds also while files change.
 */
export function createNamedRooms(
  make: MakeRooms,
  maxCallsOf: (pipeline: string) => number,
): (pipeline: string) => CallRooms {
  const byName = new Map<string, CallRooms>()
  return (pipeline) => {
    const rooms = byName.get(pipeline) ?? make(pipeline, () => maxCallsOf(pipeline))
    byName.set(pipeline, rooms)
    return rooms
  }
}
