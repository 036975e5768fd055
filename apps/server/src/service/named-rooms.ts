import type { LoadedPipeline } from '@kav/core/host'
import { type CallRooms, createCallRooms } from '../admission/call-rooms.ts'

/** Makes what counts the calls of one pipeline. `maxCalls` is as it is at the time; 0: no limit. */
export type MakeRooms = (name: string, maxCalls: () => number) => CallRooms

/**
 * Rooms of pipelines by their names: calls that end on a file that was replaced take up room of the one that follows,
 * so that a limit holds for the process also while files change.
 */
export function createNamedRooms(
  maxCallsOf: (name: string) => number,
  make: MakeRooms = (_name, maxCalls) => createCallRooms(maxCalls),
): (pipeline: LoadedPipeline) => CallRooms {
  const byName = new Map<string, CallRooms>()
  return ({ config: { name } }) => {
    const rooms = byName.get(name) ?? make(name, () => maxCallsOf(name))
    byName.set(name, rooms)
    return rooms
  }
}
