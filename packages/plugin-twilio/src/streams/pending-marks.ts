/** How a mark came back. */
export type MarkReturn = 'played' | 'cleared' | 'unknown'

/** The marks of one stream that Twilio still owes, in the order they were sent. */
export interface PendingMarks {
  sent(name: string): void
  /** From here on everything pending comes back because of the `clear`, not because it was played. */
  cleared(): void
  returned(name: string): MarkReturn
}

/** Marks come a few a second and return within the far end's buffer; this many means they do not return at all. */
const MAX_PENDING = 4096

/**
 * Twilio returns the marks of discarded audio just like those of played audio. The epoch each mark was sent in tells
 * them apart; it is kept here, not in the mark's name, so that names stay as the pipeline gave them.
 */
export function createPendingMarks(): PendingMarks {
  let pending: { name: string; epoch: number }[] = []
  let epoch = 0
  return {
    sent(name) {
      if (pending.length === MAX_PENDING) pending.shift()
      pending.push({ name, epoch })
    },
    cleared() {
      epoch++
    },
    returned(name) {
      const index = pending.findIndex((mark) => mark.name === name)
      const mark = pending[index]
      if (mark === undefined) return 'unknown'
      pending = index === 0 ? pending.slice(1) : pending.filter((_, other) => other !== index)
      return mark.epoch === epoch ? 'played' : 'cleared'
    },
  }
}
