import { createFakeClock, createTestLogger, createTestMetrics } from '@kav/core/testing'
import { openOutbox, type OutboxOptions } from '../../src/outbox/outbox.ts'
import { createStorage } from '../../src/process/storage.ts'

export type Note = { readonly n: number; readonly text?: string }

/** An outbox on a real folder and a clock that the test moves. */
export function openTestOutbox(
  dir: string,
  options: Partial<OutboxOptions<Note>> & { time?: ReturnType<typeof createFakeClock> } = {},
) {
  const time = options.time ?? createFakeClock()
  const metrics = createTestMetrics()
  const log = createTestLogger()
  const delivered: number[] = []
  /** What becomes of a try; replaced by the test. */
  const target = { answer: (_note: Note): Promise<void> => Promise.resolve() }
  const storage = createStorage({ clock: time.clock })
  const outbox = openOutbox<Note>({
    name: 'notes',
    dir,
    deliver: async (note) => {
      await target.answer(note)
      delivered.push(note.n)
    },
    clock: time.clock,
    random: () => 0,
    storage,
    metrics,
    log,
    ...options,
  })
  return {
    outbox,
    time,
    metrics,
    log,
    delivered,
    target,
    ended: (outcome: string) => metrics.value('outbox_ended_total', { outcome }),
    /** Resolves when nothing more happens before the clock moves: the disk is a real one, and has its own time. */
    async quiet() {
      for (let calm = 0; calm < 3; calm = storage.pending === 0 ? calm + 1 : 0) await time.settle()
    },
  }
}
