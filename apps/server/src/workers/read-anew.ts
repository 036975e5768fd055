import type { Reload } from '../service/service.ts'
import type { WorkerFiles } from './messages.ts'
import type { Worker } from './worker.ts'

/** A worker that has taken the files, and what came of it there. */
export interface Taken {
  readonly worker: Worker
  readonly reload: Reload
}

/** Has workers read files anew. One that dies over it is no failure: nothing of it is left. */
export async function readAnew(
  workers: readonly Worker[],
  files: WorkerFiles,
): Promise<{ readonly taken: readonly Taken[]; readonly failure: { readonly error: unknown } | undefined }> {
  const taken: Taken[] = []
  let failure: { readonly error: unknown } | undefined
  await Promise.all(
    workers.map(async (worker) => {
      try {
        const reload = await worker.peer.ask('reload', files)
        worker.files = files
        taken.push({ worker, reload })
      } catch (error) {
        if (!worker.peer.isGone) failure ??= { error }
      }
    }),
  )
  return { taken, failure }
}
