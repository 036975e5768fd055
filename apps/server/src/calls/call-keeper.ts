import type { Logger, Metrics } from '@kav/core'
import type { CallRecord } from '@kav/core/host'
import type { Storage } from '../process/storage.ts'
import { callFileBase, type KeptFiles, writeCallFiles } from './call-files.ts'

/** Keeps what is left of a call when it is over. */
export interface CallKeeper {
  /** Path of the call's files without an ending. */
  baseOf(startedAtWallMs: number, callId: string): string
  /** Never rejects: what cannot be written is told and counted. */
  keep(base: string, record: CallRecord, audio: boolean, log: Logger): Promise<void>
}

export function createCallKeeper(options: {
  dir: string
  kept: KeptFiles
  storage: Storage
  metrics: Metrics
  onRecord?: ((record: CallRecord, files: readonly string[]) => void) | undefined
}): CallKeeper {
  const { dir, kept, storage, metrics, onRecord } = options
  return {
    baseOf: (startedAtWallMs, callId) => callFileBase(dir, startedAtWallMs, callId),
    async keep(base, record, audio, log) {
      const { files, failed } = await writeCallFiles(base, record, kept, storage)
      if (failed.length > 0) {
        metrics.count('call_files_failed_total', failed.length)
        log.error(
          { files: failed.map(({ file }) => file), error: failed[0]!.error },
          'RECORD: the call’s files could not be written',
        )
      }
      onRecord?.(record, audio ? [`${base}.wav`, ...files] : files)
    },
  }
}
