import type { CallEvent, LoadedPipeline } from '@kav/core/host'
import { type CallResult, type CallerScript, runCallScript } from '@kav/phone'
import type { CallEvidence } from './checklist.ts'
import { watchMachine } from '../machine-watch.ts'
import { type DeadEnd, watchForDeadEnd } from './dead-end.ts'
import { openTestLine } from './test-line.ts'

export interface TestCallOptions {
  readonly pipeline: LoadedPipeline
  readonly script: CallerScript
  /** Stereo WAV of what the caller said and heard. */
  readonly recordTo?: string
  readonly onEvent?: (event: CallEvent) => void
}

/**
 * Runs the pipeline on a free port of this machine and places one call to it, the way the carrier does: voice
 * webhook, TwiML, media stream, and the carrier's own API for the hang-up. Returns what both ends know of it. The caller
 * hangs up as soon as a stage has no provider left that works: nothing that the script waits for would come.
 */
export async function placeTestCall(
  options: TestCallOptions,
): Promise<CallEvidence & { files: readonly string[] }> {
  const events: CallEvent[] = []
  const stop = new AbortController()
  let deadEnd: DeadEnd | undefined
  const watch = watchForDeadEnd((found) => {
    deadEnd = found
    stop.abort()
  })
  const line = await openTestLine({
    pipeline: options.pipeline,
    onEvent(event) {
      events.push(event)
      watch(event)
      options.onEvent?.(event)
    },
  })
  const machine = watchMachine()
  try {
    const phone: CallResult = await runCallScript({
      ...line.dial,
      script: options.script,
      signal: stop.signal,
      onCall: (call) => line.carrier.add(call),
      ...(options.recordTo === undefined ? {} : { recordTo: options.recordTo }),
    })
    const { record, files } = await line.kept
    const lateness = await machine.stop()
    const { errorLines } = line
    return {
      phone,
      events,
      record,
      errorLines,
      ...(lateness && { machine: lateness }),
      ...(deadEnd && { deadEnd }),
      files,
    }
  } finally {
    await Promise.all([machine.stop(), line.close()])
  }
}
