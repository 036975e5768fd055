import type { Clock, Logger, Metrics, StoredCall, TransportCall } from '@kav/core'
import {
  type CallFacts,
  type CallRecord,
  type CallRecorder,
  type CallTap,
  createCallRecorder,
  type RedactedEvent,
} from '@kav/core/host'
import { ownMark, type ProcessMark } from '../process/process-mark.ts'
import type { Storage } from '../process/storage.ts'
import type { CallRecording } from '../recording/call-recording.ts'
import { type CallJournal, openCallJournal } from './call-journal.ts'
import { callFileBase, type KeptFiles, keptOf, writeCallFiles } from './call-files.ts'
import type { Uploads } from '../recording/uploads.ts'
import { createPrivateStretches } from '../recording/private-stretches.ts'
import { JOURNAL_VERSION } from './journal-lines.ts'
import {
  type KeptPart,
  type KeptRecord,
  withIncomplete,
  withoutRecording,
  withPanel,
  withUpload,
} from './kept-record.ts'
import { ownerText, storedCall } from './stored-call.ts'
import { tellMissing } from './tell-missing.ts'

/** Keeps what a pipeline keeps of its calls. */
export interface CallKeeper {
  /** From the beginning of a call. */
  open(call: TransportCall, log: Logger, traceId?: string): CallKeeping
  /** Of a call of which there is nothing to be heard. */
  openUnheard(callId: string, log: Logger): CallKeeping
}

/** What is kept of one call, from its first event to its files. */
export interface CallKeeping {
  readonly taps: readonly CallTap[]
  onEvent(event: RedactedEvent): void
  /** What its record has by now. */
  readonly soFar: CallRecorder['soFar']
  /**
   * Writes the call's files; the first outcome counts. `missing` says what of it is not known. Never rejects: what
   * cannot be written is told and counted.
   */
  finish(outcome: CallEnding, missing?: readonly KeptPart[]): Promise<void>
  /** The record waits for the recording no longer. */
  hurry(): void
}

export type CallEnding = Pick<CallRecord, 'durationMs' | 'endedBy' | 'counters'>

export interface CallKeeperOptions {
  readonly dir: string
  readonly pipelineName: string
  /** Of every call of the pipeline. */
  readonly facts: CallFacts
  readonly kept: KeptFiles
  /** What is private is taken out of the calls' texts: their recordings have a tone there. */
  readonly redacted: boolean
  /** `undefined`: no audio is recorded. */
  readonly openRecording: ((parts: { base: string; call: TransportCall }) => CallRecording) | undefined
  /** Absent: recordings stay in the folder. */
  readonly uploads?: Pick<Uploads, 'put'> | undefined
  readonly storage: Storage
  readonly clock: Clock
  readonly metrics: Metrics
  /** Is told of each call before its journal goes: what it takes is safe when it resolves. Never rejects. */
  readonly tellEnded?: ((record: KeptRecord) => Promise<void>) | undefined
  readonly onRecord?: ((record: CallRecord, files: readonly string[]) => void) | undefined
  /** Absent: the pipeline has no store. As of `ServiceParts`. */
  readonly onStored?: ((call: StoredCall) => Promise<boolean>) | undefined
}

/** How often a call's journal and recording say that it is still there; see `WATCH_MS`. */
const ALIVE_EVERY_MS = 10_000

export function createCallKeeper(options: CallKeeperOptions): CallKeeper {
  const keeping = { ...options, owner: ownMark() }
  return {
    open: (call, log, traceId) =>
      openKeeping(
        keeping,
        { callId: call.id, traceId, openRecording: (base) => options.openRecording?.({ base, call }) },
        log,
      ),
    openUnheard: (callId, log) => openKeeping(keeping, { callId }, log),
  }
}

/** Of a call that has just begun. */
const NOT_OVER: CallEnding = { durationMs: 0, endedBy: '', counters: {} }

type KeepingOptions = CallKeeperOptions & { readonly owner: ProcessMark }

function openKeeping(
  options: KeepingOptions,
  {
    callId,
    traceId,
    openRecording,
  }: {
    callId: string
    traceId?: string | undefined
    openRecording?: (base: string) => CallRecording | undefined
  },
  log: Logger,
): CallKeeping {
  const { dir, pipelineName, kept, storage, clock, metrics, onRecord, onStored } = options
  const stored = { words: kept.transcript, owner: ownerText(options.owner) }
  const startedAtWallMs = clock.wallMs()
  const startedMs = clock.nowMs()
  const base = callFileBase(dir, startedAtWallMs, callId)
  const recording = openRecording?.(base)
  const facts = {
    ...options.facts,
    ...(recording && { recording: `${base}.wav` }),
    ...(traceId !== undefined && { traceId }),
  }
  const recorder = createCallRecorder({ ...facts, callId, pipeline: pipelineName, startedAtWallMs })
  const journal = openJournal(options, { base, callId, startedAtWallMs, recording, facts })
  const sounds = recording && options.redacted ? createPrivateStretches() : undefined
  let finished: Promise<void> | undefined
  let cancelAlive = clock.after(ALIVE_EVERY_MS, alive)

  function alive(): void {
    journal?.alive(Math.round(clock.nowMs() - startedMs))
    recording?.advance()
    cancelAlive = clock.after(ALIVE_EVERY_MS, alive)
  }

  async function write(outcome: CallEnding, unknown: readonly KeptPart[]): Promise<void> {
    cancelAlive()
    const audio = await recording?.close()
    const hidden = await recording?.hide(sounds?.stretches() ?? [])
    const isThere = hidden?.outcome === 'kept'
    const isWhole = isThere && audio?.complete === true
    const missing = [...unknown, ...(recording && !isWhole ? (['recording'] as const) : [])]
    const counters = { ...outcome.counters, ...audio?.counters }
    const told = recorder.finish({ ...outcome, counters })
    // Not before it may be heard.
    const uploaded = isThere ? options.uploads?.put(`${base}.wav`) : undefined
    const found = recording && !isThere ? withoutRecording(told) : withUpload(told, uploaded)
    const record = withIncomplete(withPanel(found), missing)
    const written = await writeCallFiles(base, record, kept, storage)
    await options.tellEnded?.(keptOf(record, kept))
    const isStored = (await onStored?.(storedCall(record, { ...stored, state: 'ended' }))) ?? true
    // A record that found no room may find it at the next start, and a disk that hung may work.
    const isDone = written.failed.length === 0 && hidden?.outcome !== 'unsure' && isStored
    await (isDone ? journal?.remove() : journal?.leave())
    tellMissing({ log, metrics, written, audio, hidden, journalError: journal?.error() })
    onRecord?.(record, isThere ? [`${base}.wav`, ...written.files] : written.files)
  }

  return {
    taps: recording ? [recording.tap] : [],
    onEvent(event) {
      recorder.onEvent(event)
      journal?.onEvent(event)
      sounds?.onEvent(event)
      if (event.event === 'call_started')
        void onStored?.(storedCall(recorder.finish(NOT_OVER), { ...stored, state: 'begun' }))
    },
    soFar: recorder.soFar,
    finish: (outcome, missing = []) => (finished ??= write(outcome, missing)),
    hurry: () => recording?.giveUp(),
  }
}

/** `undefined`: nothing is kept of calls, and nobody is told of them. */
function openJournal(
  { kept, pipelineName, redacted, storage, clock, metrics, owner, tellEnded, onStored }: KeepingOptions,
  parts: {
    base: string
    callId: string
    startedAtWallMs: number
    recording: CallRecording | undefined
    facts: CallFacts
  },
): CallJournal | undefined {
  const { base, callId, startedAtWallMs, recording, facts } = parts
  const isKept = kept.transcript || kept.callRecord || recording !== undefined
  if (!isKept && tellEnded === undefined && onStored === undefined) return undefined
  return openCallJournal({
    base,
    head: {
      version: JOURNAL_VERSION,
      callId,
      pipeline: pipelineName,
      startedAtWallMs,
      kept: { transcript: kept.transcript, callRecord: kept.callRecord },
      ...(recording && { audio: recording.format, redacted }),
      facts,
      owner,
    },
    storage,
    clock,
    onError: () => metrics.count('call_journals_failed_total'),
  })
}
