import { type Clock, type Logger, messageOf, type Metrics } from '@kav/core'
import { limitLog } from '@kav/core/kit'

/** What became of an item. `elsewhere`: another process took this one for dead, and has it. */
export type ItemEnd = 'delivered' | 'dropped' | 'elsewhere'

/** What an outbox tells of itself. Every item that is in it is told once as it comes and once as it goes. */
export interface OutboxLog {
  accepted(): void
  adopted(count: number): void
  ended(how: ItemEnd): void
  refused(why: string): void
  tryFailed(error: unknown): void
  /** It ended in the folder `dead`. */
  buried(item: string, why: string): void
  diskWorks(): void
  diskFailed(error: unknown): void
  waiting(items: number, bytes: number): void
}

export function createOutboxLog(options: {
  name: string
  dir: string
  log: Logger
  clock: Clock
  metrics: Metrics
}): OutboxLog {
  const { name, dir, clock, metrics } = options
  const log = limitLog({ log: options.log, clock, metrics })
  const outbox = { outbox: name }
  let failing = false
  let diskFails = false
  let told = { items: -1, bytes: -1 }

  return {
    accepted() {
      metrics.count('outbox_accepted_total', 1, outbox)
    },
    adopted(count) {
      metrics.count('outbox_adopted_total', count, outbox)
      log.info({ outbox: name, items: count }, 'OUTBOX: took over what another process left')
    },
    ended(how) {
      metrics.count('outbox_ended_total', 1, { ...outbox, outcome: how })
      if (how === 'dropped') log.warn({ outbox: name, dir }, 'OUTBOX: full, the oldest was dropped')
      if (how !== 'delivered' || !failing) return
      failing = false
      log.info(outbox, 'OUTBOX: what waits is delivered again')
    },
    refused(why) {
      metrics.count('outbox_refused_total', 1, outbox)
      log.error({ outbox: name, error: why }, 'OUTBOX: an item was not taken')
    },
    tryFailed(error) {
      metrics.count('outbox_tries_failed_total', 1, outbox)
      if (failing) return
      failing = true
      log.warn({ outbox: name, error: messageOf(error) }, 'OUTBOX: could not deliver, tries again')
    },
    buried(item, why) {
      metrics.count('outbox_ended_total', 1, { ...outbox, outcome: 'dead' })
      log.error({ outbox: name, file: `${dir}/dead/${item}`, error: why }, 'OUTBOX: gave an item up')
    },
    diskWorks() {
      diskFails = false
    },
    diskFailed(error) {
      metrics.count('outbox_disk_failed_total', 1, outbox)
      if (diskFails) return
      diskFails = true
      log.error(
        { outbox: name, dir, error: messageOf(error) },
        'OUTBOX: the folder cannot be used, what waits is in memory only',
      )
    },
    waiting(items, bytes) {
      if (items === told.items && bytes === told.bytes) return
      told = { items, bytes }
      metrics.gauge('outbox_waiting', items, outbox)
      metrics.gauge('outbox_waiting_bytes', bytes, outbox)
    },
  }
}
