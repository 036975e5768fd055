import type { Logger } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { callsWithin, FILES_AT_REST, openFilesAllowed } from '../process/open-files.ts'

/** What of a pipeline decides how many files a call of it may have open. */
export type CallsOpening = Pick<LoadedPipeline, 'config' | 'stages'>

/**
 * Sockets and files that one call of a pipeline has open at most: the carrier's, one of each provider (some share
 * theirs among calls; none takes more), the recording and the journal.
 */
export function filesPerCall({ config: { record }, stages }: CallsOpening): number {
  const providers = stages.realtime ? 1 : 3
  return 1 + providers + (record.audio ? 1 : 0) + 1
}

/** What a process needs for its calls, and what it has. */
export interface FilesNeeded {
  /** For as many calls as `limits.max_calls` lets one process have; 0 where there is no such limit. */
  readonly needed: number
  readonly perCall: number
  /** For how many calls the files are enough; `undefined` where the system does not say how many there may be. */
  readonly calls: number | undefined
}

/**
 * For each process of those that take the calls. With several, the others have the calls of one that died until
 * another has followed it.
 */
export function filesNeeded(
  pipelines: readonly CallsOpening[],
  { allowed, workers }: { readonly allowed: number | undefined; readonly workers: number },
): FilesNeeded {
  const processes = Math.max(1, workers - 1)
  const forCalls = pipelines.reduce(
    (files, one) => files + Math.ceil(one.config.limits.max_calls / processes) * filesPerCall(one),
    0,
  )
  const perCall = Math.max(...pipelines.map(filesPerCall))
  return {
    needed: forCalls === 0 ? 0 : FILES_AT_REST + forCalls,
    perCall,
    calls: allowed === undefined ? undefined : callsWithin(allowed, perCall),
  }
}

/** What the operator does about too few; in round numbers. */
export function filesFix(needed: number): string {
  const files = Math.max(65_536, 2 ** Math.ceil(Math.log2(needed)))
  return `Raise the limit: ulimit -Hn ${files}, LimitNOFILE=${files} in systemd, --ulimit nofile=${files} in Docker.`
}

/** Says it where `limits.max_calls` asks for more than the process may have open. */
export function tellFewFiles(
  pipelines: readonly CallsOpening[],
  workers: number,
  log: Logger,
  allowed = openFilesAllowed(),
): void {
  const { needed, perCall, calls } = filesNeeded(pipelines, { allowed, workers })
  if (allowed === undefined || needed <= allowed) return
  log.warn(
    { open_files: allowed, needed, files_per_call: perCall, enough_for_calls: calls, fix: filesFix(needed) },
    'SERVER: too few open files for limits.max_calls',
  )
}
