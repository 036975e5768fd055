import { AsyncLocalStorage } from 'node:async_hooks'
import { statSync } from 'node:fs'
import type { Clock } from '../contracts/index.ts'
import { framesOf } from '../contracts/stack-frames.ts'

/**
 * Importing a plugin does nothing by contract; one with a heavy SDK on a slow disk takes a second or two, and on a
 * machine that has no time for it ten times as long.
 */
export const IMPORT_LIMIT_MS = 30_000

/** The import did not settle in time. */
export class ImportHangs extends Error {
  override readonly name = 'ImportHangs'
  /** `busy`: it computes. `waits`: it may go on; nobody waits for it. */
  readonly how: 'busy' | 'waits'

  constructor(how: 'busy' | 'waits') {
    super('not settled')
    this.how = how
  }
}

/** Something imported has called `process.exit`. */
export class ImportExits extends Error {
  override readonly name = 'ImportExits'
  /** Where, as a stack tells it. */
  readonly frames: readonly string[]

  constructor(exitCode: number | string) {
    super(`process.exit(${exitCode})`)
    this.frames = framesOf(this)
  }
}

/** Imports a module of strangers: one that hangs is given up, and one that ends the process is refused that. */
export function importModule(load: () => Promise<unknown>, clock: Clock | undefined): Promise<unknown> {
  return withoutExit(
    () =>
      new Promise((resolve, reject) => {
        const cancel = clock?.after(IMPORT_LIMIT_MS, () => reject(new ImportHangs('waits')))
        // While the last file that Node 20 looked at is a pipe (an env file from a shell, standard output), its module
        // resolution follows no links, and a linked plugin gets a second copy of the core.
        statSync('.', { throwIfNoEntry: false })
        load()
          .then(resolve, reject)
          .finally(() => cancel?.())
      }),
  )
}

const importing = new AsyncLocalStorage<true>()
let exit = process.exit
let running = 0

/** Only for what `run` starts: whoever else ends the process meanwhile does. */
async function withoutExit<T>(run: () => Promise<T>): Promise<T> {
  if (running++ === 0) {
    exit = process.exit
    process.exit = exitUnlessImporting
  }
  try {
    return await importing.run(true, run)
  } finally {
    if (--running === 0) {
      process.exit = exit
      // Following every promise of the process costs each of them a little.
      importing.disable()
    }
  }
}

const exitUnlessImporting: typeof process.exit = (code) => {
  if (importing.getStore() !== true) return exit.call(process, code)
  throw new ImportExits(code ?? process.exitCode ?? 0)
}
