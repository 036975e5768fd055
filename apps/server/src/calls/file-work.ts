import { type Logger, messageOf } from '@kav/core'
import { attempt } from '@kav/core/kit'
import type { CallEnding, CallKeeping } from './call-keeper.ts'
import type { KeptPart } from './kept-record.ts'

/** The files of calls that are over, on their way to the disk. */
export interface FileWork {
  write(keeping: CallKeeping, log: Logger, ending: CallEnding, missing?: readonly KeptPart[]): void
  /** Resolves when none is on its way. */
  kept(): Promise<void>
  /** Records wait for recordings no longer. */
  hurry(): void
}

export function createFileWork(): FileWork {
  const working = new Map<CallKeeping, Promise<void>>()
  return {
    write(keeping, log, ending, missing) {
      // Whatever goes wrong after a call must not reach the process.
      const told = attempt(() => keeping.finish(ending, missing)).catch((error: unknown) =>
        log.error({ error: messageOf(error) }, 'CALL: closing failed'),
      )
      working.set(keeping, told)
      void told.finally(() => working.delete(keeping))
    },
    async kept() {
      while (working.size > 0) await Promise.all(working.values())
    },
    hurry() {
      for (const keeping of working.keys()) keeping.hurry()
    },
  }
}
