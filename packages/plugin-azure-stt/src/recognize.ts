import {
  ProviderError,
  asProviderError,
  bytesPerSecond,
  type SttSession,
  type SttSessionOptions,
} from '@kav/core'
import { regionsOf } from './params.ts'
import { openSession, type Shared } from './open-session.ts'

/** Audio of one utterance goes out at once: its connection is for nothing else. */
const THROTTLE_AFTER_MS = 60_000

/**
 * One utterance on a connection of its own, region after region. All its phrases: the SDK's `recognizeOnceAsync`
 * would stop at the first pause. Throws a `ProviderError`; `cancelled` once `signal` aborts.
 */
export async function recognizeUtterance(
  shared: Shared,
  audio: Uint8Array,
  options: Omit<SttSessionOptions, 'region'>,
): Promise<string> {
  let last: ProviderError | undefined
  for (const region of regionsOf(shared.params)) {
    try {
      return await recognizeIn(shared, region, audio, options)
    } catch (thrown) {
      last = asProviderError(thrown, 'Azure Speech recognition of one utterance')
      shared.context.metrics.count('azure_stt_recognize_errors_total', 1, { region, class: last.class })
      if (last.class === 'cancelled') break
    }
  }
  throw last ?? new ProviderError('bad-request', 'Azure Speech: no region configured')
}

async function recognizeIn(
  shared: Shared,
  region: string,
  audio: Uint8Array,
  options: Omit<SttSessionOptions, 'region'>,
): Promise<string> {
  const { params, context } = shared
  const session = await openSession(
    shared,
    { ...options, region },
    { throttleAfterMs: THROTTLE_AFTER_MS, finishLimitMs: params.recognize_timeout_ms },
  )
  const pieceBytes = bytesPerSecond(options.format)
  let late = false
  const stopTimer = context.clock.after(params.recognize_timeout_ms, () => {
    late = true
    void session.close()
  })
  try {
    for (let at = 0; at < audio.length; at += pieceBytes) session.write(audio.subarray(at, at + pieceBytes))
    session.finish()
    const text = await finals(session)
    if (late) {
      throw new ProviderError(
        'timeout',
        `Azure Speech (region ${region}): an utterance was not answered within ${params.recognize_timeout_ms} ms`,
      )
    }
    if (options.signal.aborted) {
      throw new ProviderError('cancelled', `Azure Speech (region ${region}): no longer wanted`)
    }
    return text
  } finally {
    stopTimer()
    await session.close()
  }
}

async function finals(session: SttSession): Promise<string> {
  const texts: string[] = []
  for await (const event of session.events) if (event.type === 'final') texts.push(event.text)
  return texts.join(' ')
}
