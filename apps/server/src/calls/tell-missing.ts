import type { Logger, Metrics } from '@kav/core'
import type { RecordingOutcome } from '../recording/call-recording.ts'
import type { HiddenSounds } from '../recording/hide-sounds.ts'
import type { WrittenFiles } from './call-files.ts'

/** One line for all of a call that could not be kept, and its count. */
export function tellMissing(parts: {
  log: Logger
  metrics: Metrics
  written: WrittenFiles
  audio: RecordingOutcome | undefined
  hidden: HiddenSounds | undefined
  journalError: string | undefined
}): void {
  const { log, metrics, audio, hidden, journalError } = parts
  const { failed, left } = parts.written
  if (hidden && hidden.outcome !== 'kept')
    log.error(
      { outcome: hidden.outcome, error: hidden.error },
      'RECORD: a recording that may hold something private is not kept',
    )
  const recording = audio?.complete === false ? { recording: audio.told } : {}
  const journal = journalError === undefined ? {} : { journal: journalError }
  if (left.length > 0) metrics.count('call_files_shortened_total')
  if (failed.length > 0) {
    metrics.count('call_files_failed_total', failed.length)
    const files = failed.map(({ file }) => file)
    log.error(
      { files, error: failed[0]!.error, ...recording, ...journal },
      'RECORD: the call’s files could not be written',
    )
  } else if (audio?.complete === false || left.length > 0) {
    const level = audio?.told['error'] === undefined ? 'warn' : 'error'
    log[level]({ ...audio?.told, left, ...journal }, 'RECORD: parts of the call could not be kept')
  } else if (journalError !== undefined) {
    log.warn({ error: journalError }, 'RECORD: the call had no journal')
  }
}
