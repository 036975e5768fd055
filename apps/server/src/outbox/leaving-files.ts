import type { OutboxFolder } from './outbox-folder.ts'
import type { OutboxLog } from './outbox-log.ts'

/** Files of what is no item any more, on their way from the folder. Nothing here rejects. */
export interface LeavingFiles {
  has(name: string): boolean
  remove(name: string): void
  bury(name: string): void
  /** Once more for those that the disk did not let go. */
  again(): void
  /** Resolves when none is on its way. */
  gone(): Promise<unknown>
}

export function createLeavingFiles(folder: OutboxFolder, tell: OutboxLog): LeavingFiles {
  const leaving = new Map<string, 'remove' | 'bury'>()
  const working = new Set<Promise<void>>()

  function leave(name: string, how: 'remove' | 'bury'): void {
    leaving.set(name, how)
    const work = folder[how](name).then(() => void leaving.delete(name), tell.diskFailed)
    working.add(work)
    void work.finally(() => working.delete(work))
  }

  return {
    has: (name) => leaving.has(name),
    remove: (name) => leave(name, 'remove'),
    bury: (name) => leave(name, 'bury'),
    again() {
      for (const [name, how] of [...leaving]) leave(name, how)
    },
    gone: () => Promise.all(working),
  }
}
