import { writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolderSync } from '@kav/core/kit'
import type { CallResult } from './call-result.ts'
import { loadCallerScript, type CallerScript } from './caller-script.ts'
import { checkWritable } from './file-fault.ts'
import type { PhoneCall } from './phone-call.ts'
import { placeCall, type PlaceCallOptions } from './place-call.ts'
import { prepareScript, runCaller } from './run-caller.ts'

export interface RunCallScriptOptions extends PlaceCallOptions {
  /** A path to a YAML file, or a script already made. */
  readonly script: string | CallerScript
  /** Where the stereo WAV goes (folders are made). Absent: none is written. */
  readonly recordTo?: string
  /** Called once the stream is up, for instance to let a `CarrierApi` end the call. */
  readonly onCall?: (call: PhoneCall) => void
  /** Hangs up when it aborts; the result comes all the same. */
  readonly signal?: AbortSignal
}

/**
 * One whole call: places it, plays the script, waits until it is over, writes the recording. Resolves with
 * everything measured, also when a step failed (`result.script`). Rejects with a `PhoneError` when the script is
 * invalid, nothing can be written to `recordTo`, or the call could not be placed.
 */
export async function runCallScript(options: RunCallScriptOptions): Promise<CallResult> {
  const script = typeof options.script === 'string' ? loadCallerScript(options.script) : options.script
  const prepared = prepareScript(script)
  if (options.recordTo !== undefined) checkWritable(options.recordTo)
  const call = await placeCall({
    ...(script.from !== undefined && { from: script.from }),
    ...(script.to !== undefined && { to: script.to }),
    ...options,
  })
  const hangUp = (): void => call.hangUp()
  options.signal?.addEventListener('abort', hangUp, { once: true })
  if (options.signal?.aborted) hangUp()
  try {
    options.onCall?.(call)
  } catch (thrown) {
    hangUp()
    throw thrown
  }
  const limit = call
    .until(() => (call.ended ? true : undefined), {
      timeoutMs: script.timeoutMs,
      what: 'the end of the call',
    })
    .catch(() => call.endAtTimeLimit())
  const outcome = await runCaller(call, prepared)
  const result = await call.finished
  await limit
  options.signal?.removeEventListener('abort', hangUp)
  if (options.recordTo !== undefined && call.recording) {
    makeFolderSync(dirname(options.recordTo))
    writeFileSync(options.recordTo, call.recording.toWav())
  }
  return { ...result, script: outcome }
}
