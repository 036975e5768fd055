import type { StoredCall } from '@kav/core'

/** Where calls go that run: each to where it began, until its end was told, whatever its pipeline says by then. */
export interface CallPlaces<Place> {
  /** @param now of the call's pipeline */
  of(call: Pick<StoredCall, 'id' | 'startedAtMs' | 'state'>, now: Place | undefined): Place | undefined
}

/** Ends that never come: of calls whose process died, and that nobody could complete. */
const MAX_RUNNING = 20_000

export function createCallPlaces<Place>(): CallPlaces<Place> {
  const running = new Map<string, Place>()
  return {
    of({ id, startedAtMs, state }, now) {
      const name = `${startedAtMs} ${id}`
      const place = running.get(name) ?? now
      running.delete(name)
      if (state !== 'begun' || place === undefined) return place
      const [oldest] = running.keys()
      if (running.size >= MAX_RUNNING && oldest !== undefined) running.delete(oldest)
      running.set(name, place)
      return place
    },
  }
}
