import type { AudioFormat } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { asProviderError } from '../../contracts/errors.ts'
import type { SttSessionOptions } from '../../contracts/stt.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { delay } from '../../kit/deadline.ts'
import { type LiveSession, openLiveSession } from './stt-live-session.ts'
import type { RouteCursor } from './stt-routes.ts'

/** Tries on one route are this far apart. */
export const RETRY_DELAY_MS = 200

/**
 * Goes through the routes from where the cursor stands until a session is up. `undefined`: none is left, or
 * `options.signal` aborted.
 */
export async function findSttSession(parts: {
  cursor: RouteCursor
  options: Omit<SttSessionOptions, 'region' | 'format'>
  callFormat: AudioFormat
  clock: Clock
  telemetry: CallTelemetry
}): Promise<LiveSession | undefined> {
  const { cursor, options, callFormat, clock, telemetry } = parts
  const { signal } = options
  for (let route = cursor.route; route && !signal.aborted; route = cursor.route) {
    if (cursor.backOff) await delay(clock, RETRY_DELAY_MS, signal)
    if (signal.aborted) return undefined
    const startedMs = clock.nowMs()
    const about = { plugin: route.plugin, region: route.region, attempt: cursor.attempt }
    try {
      const live = await openLiveSession({ route, options, callFormat, clock })
      telemetry.sttReady({ ...about, openMs: clock.nowMs() - startedMs })
      return live
    } catch (thrown) {
      if (signal.aborted) return undefined
      const error = asProviderError(thrown, `${route.plugin}: opening a session`)
      telemetry.sttOpenFailed({ ...about, error })
      cursor.failed(error)
    }
  }
  return undefined
}
