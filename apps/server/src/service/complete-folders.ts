import { type LoadedPipeline, toRedaction } from '@kav/core/host'
import { completeKilledCalls, type KilledCallsOptions } from '../calls/killed-calls.ts'

/**
 * Completes the calls of processes that died, in each folder of records once in the life of this one, however many
 * pipelines keep theirs there and however often files are read anew.
 */
export class CompletedFolders {
  readonly #parts: Omit<KilledCallsOptions, 'dir' | 'kept' | 'redacted'>
  readonly #begun = new Set<string>()

  constructor(parts: Omit<KilledCallsOptions, 'dir' | 'kept' | 'redacted'>) {
    this.#parts = parts
  }

  complete({ config }: LoadedPipeline): void {
    const { dir, transcript, call_record: callRecord } = config.record
    if (this.#begun.has(dir)) return
    this.#begun.add(dir)
    const redacted = toRedaction(config) !== undefined
    void completeKilledCalls({ ...this.#parts, dir, kept: { transcript, callRecord }, redacted })
  }
}
