import { join } from 'node:path'
import { type Clock, type Logger, messageOf, type Metrics } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { openOutbox, type Outbox } from '../outbox/outbox.ts'
import { Undeliverable } from '../outbox/outbox-limits.ts'
import type { Storage } from '../process/storage.ts'
import { createKnownPlaces, type FoundPlace, type KnownPlaces } from './known-places.ts'

/** Takes recordings away from where they were brought. */
export interface Removals extends Pick<KnownPlaces, 'find'> {
  /**
   * `gone`: nothing is there any more. `waits`: the place is away, and it is tried again, by whatever process.
   * `out of reach`: no pipeline brings recordings there, or there is no room for what waits. Never rejects.
   *
   * @param key the name of the file, `2026-11-23T04-37-46-123Z_CA123.wav`: nothing else is taken away
   */
  remove(address: string, key: string): Promise<Removal>
  /** From now on these pipelines, too. */
  use(loaded: readonly LoadedPipeline[]): void
  /** What waits is for the next process. Never rejects. */
  close(withinMs: number): Promise<void>
}

export type Removal = 'gone' | 'waits' | 'out of reach'

interface RemovalsParts {
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

interface Item {
  readonly address: string
  readonly key: string
}

const REMOVE_LIMIT_MS = 10_000
/** A place that was away a moment ago is not asked for each of many recordings. */
const AWAY_MS = 30_000
/** Somebody was promised that it goes. */
const LIMITS = {
  deliverLimitMs: REMOVE_LIMIT_MS,
  maxItems: 100_000,
  maxAgeMs: 365 * 24 * 3_600_000,
  whenFull: 'refuse',
} as const
const NOBODYS = 'no pipeline brings recordings there'

export function openRemovals(parts: RemovalsParts): Removals {
  const { clock, log, metrics } = parts
  const places = createKnownPlaces()
  const outboxes = new Map<string, Outbox<Item>>()
  const awayUntilMs = new Map<FoundPlace['place'], number>()

  async function deliver({ address, key }: Item, signal: AbortSignal): Promise<void> {
    const found = await places.find(address, key)
    if (found === undefined) throw new Undeliverable(NOBODYS)
    await found.place.remove(key, signal)
    metrics.count('recordings_removed_total')
  }

  async function isRemoved({ place }: FoundPlace, key: string): Promise<boolean> {
    if ((awayUntilMs.get(place) ?? 0) > clock.nowMs()) return false
    try {
      await place.remove(key, AbortSignal.timeout(REMOVE_LIMIT_MS))
      metrics.count('recordings_removed_total')
      return true
    } catch (error) {
      awayUntilMs.set(place, clock.nowMs() + AWAY_MS)
      log.warn({ error: messageOf(error) }, 'RECORDING: one cannot be taken away now, it is tried again')
      return false
    }
  }

  function outOfReach(place: string, error: string): 'out of reach' {
    metrics.count('recordings_out_of_reach_total')
    log.error({ place, error }, 'RECORDING: one that must go is out of reach')
    return 'out of reach'
  }

  return {
    find: places.find,
    async remove(address, key) {
      let found: FoundPlace | undefined
      try {
        found = await places.find(address, key)
      } catch (error) {
        return outOfReach(address, messageOf(error))
      }
      if (found === undefined) return outOfReach(address, NOBODYS)
      if (await isRemoved(found, key)) return 'gone'
      const isTaken = outboxes.get(found.dir)?.put({ address, key }) === true
      return isTaken ? 'waits' : outOfReach(address, 'there is no room for what waits')
    },
    use(loaded) {
      places.use(loaded)
      // What processes left that are gone is taken up from here on.
      for (const dir of places.dirs)
        if (!outboxes.has(dir)) {
          const own = { name: 'removals', dir: removalsOutbox(dir), limits: LIMITS, deliver }
          outboxes.set(dir, openOutbox<Item>({ ...parts, ...own }))
        }
    },
    async close(withinMs) {
      await Promise.all([...outboxes.values()].map((outbox) => outbox.close(withinMs)))
      await places.close()
    },
  }
}

/** Where what is to be taken away waits, in a folder of records. The same in every process. */
const removalsOutbox = (dir: string): string => join(dir, '.uploads', 'removals')
