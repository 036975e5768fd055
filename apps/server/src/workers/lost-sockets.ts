import type { Logger, Metrics } from '@kav/core'
import { limitLog } from '@kav/core/kit'
import { systemClock } from '../system-clock.ts'

/** What Node says in the parent when a process had no file left for a socket that was given to it three times. */
const NOT_RECEIVED = 'SentHandleNotReceivedWarning'

/**
 * Counts sockets that a worker could not take: the system closes them, and their far ends hear of it at once. Returns
 * what ends it.
 */
export function countLostSockets(log: Logger, metrics: Metrics): () => void {
  const limited = limitLog({ log, clock: systemClock, metrics })
  const onWarning = ({ name }: Error): void => {
    if (name !== NOT_RECEIVED) return
    metrics.count('worker_sockets_lost_total')
    limited.error(
      { fix: 'Raise the limit of open files (ulimit -Hn, LimitNOFILE=), or lower limits.max_calls.' },
      'WORKER: has no file left for a call, and lost it',
    )
  }
  process.on('warning', onWarning)
  return () => void process.off('warning', onWarning)
}
