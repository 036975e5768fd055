import { type LoadedPipeline, toRedaction } from '@kav/core/host'
import type { KeptFiles } from '../calls/call-files.ts'
import type { KeptRecord } from '../calls/kept-record.ts'
import { completeKilledCalls, type KilledCallsOptions } from '../calls/killed-calls.ts'
import { storedCall } from '../calls/stored-call.ts'
import type { ServiceParts } from './service-parts.ts'

type CompletingParts = Omit<KilledCallsOptions, 'dir' | 'kept' | 'redacted' | 'onCompleted'> &
  Pick<ServiceParts, 'onStored'>

/**
 * Completes the calls of processes that died, in each folder of records once in the life of this one, however many
 * pipelines keep theirs there and however often files are read anew.
 */
export class CompletedFolders {
  readonly #parts: CompletingParts
  readonly #begun = new Set<string>()

  constructor(parts: CompletingParts) {
    this.#parts = parts
  }

  complete({ config }: LoadedPipeline): void {
    const { dir, transcript, call_record: callRecord } = config.record
    if (this.#begun.has(dir)) return
    this.#begun.add(dir)
    const onCompleted = async (record: KeptRecord, kept: KeptFiles): Promise<boolean> => {
      // A journal without its head does not say whose it is.
      const pipeline = record.pipeline === '' ? config.name : record.pipeline
      const state = record.endedBy === 'killed' ? 'torn' : 'ended'
      const stored = storedCall(record, { state, words: kept.transcript, owner: '' })
      return (await this.#parts.onStored?.(pipeline, stored)) ?? true
    }
    const redacted = toRedaction(config) !== undefined
    void completeKilledCalls({ ...this.#parts, dir, kept: { transcript, callRecord }, redacted, onCompleted })
  }
}
