import { type AudioFormat, formatName } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { ProviderError } from '../../contracts/errors.ts'
import type { SttSession, SttSessionOptions } from '../../contracts/stt.ts'
import { HEDGE_AFTER_MS, openHedged, type OpeningTries } from '../../providers/hedged-opening.ts'
import { tellOddSession } from '../../providers/session-doubts.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { RouteCursor, SttTry } from './stt-cursor.ts'
import { createLiveSession, type LiveSession } from './stt-live-session.ts'
import { routeName, type SttRoute, withinHintCaps } from './stt-routes.ts'

/** The core's own bound on opening, above the providers' connect deadlines. */
export const OPEN_LIMIT_MS = 5000

/**
 * Goes through the routes by the cursor until a session is up; while one is pending for 1.5 s, the next is tried beside
 * it. `undefined`: none is left, or `options.signal` aborted.
 */
export async function findSttSession(parts: {
  cursor: RouteCursor
  options: Omit<SttSessionOptions, 'region' | 'format'>
  callFormat: AudioFormat
  clock: Clock
  telemetry: CallTelemetry
}): Promise<LiveSession | undefined> {
  const { options, clock } = parts
  const found = await openHedged<SttTry, SttSession>({
    tries: createSttTries(parts),
    limitMs: OPEN_LIMIT_MS,
    doing: ({ route }) => `${routeName(route)} (${formatName(route.format)}): opening a session`,
    clock,
    signal: options.signal,
  })
  return found && createLiveSession(found.opened, found.attempt.route, options.language, parts.callFormat)
}

function createSttTries(parts: {
  cursor: RouteCursor
  options: Omit<SttSessionOptions, 'region' | 'format'>
  telemetry: CallTelemetry
}): OpeningTries<SttTry, SttSession> {
  const { cursor, options, telemetry } = parts
  /** Where the search began, and the last fault there. */
  let first: { readonly route: SttRoute; error?: ProviderError } | undefined

  const about = ({ route, attempt }: SttTry) => ({ plugin: route.plugin, region: route.region, attempt })

  function tellFallback(to: SttRoute): void {
    if (!first || first.route === to) return
    const from = routeName(first.route)
    const error = first.error ?? new ProviderError('timeout', `${from}: not open after ${HEDGE_AFTER_MS} ms`)
    telemetry.stt.fellBack({ from, to: routeName(to), error })
  }

  return {
    take() {
      const attempt = cursor.take()
      if (attempt && !first) {
        first = { route: attempt.route }
        for (const passed of attempt.passedOver)
          telemetry.providerPassedOver('stt', { from: routeName(passed), to: routeName(attempt.route) })
      }
      return attempt
    },
    backOffMs: (attempt) => attempt.backOffMs,
    async open({ route }, signal) {
      const { provider, plugin, format, region } = route
      const session = await provider.openSession({
        ...withinHintCaps(provider, options, telemetry),
        format,
        signal,
        ...(region === undefined ? {} : { region }),
      })
      tellOddSession('stt', provider, session, (odd) => telemetry.stt.sessionOdd(plugin, odd))
      return session
    },
    close: (late) => late.close(),
    hedged: (attempt) => telemetry.stt.openingHedged(about(attempt)),
    won(attempt, openMs) {
      cursor.won(attempt)
      const { partials = true } = attempt.route.provider
      telemetry.stt.ready({ ...about(attempt), openMs, partials })
      tellFallback(attempt.route)
    },
    failed(attempt, error, waitedMs) {
      telemetry.stt.openFailed({ ...about(attempt), error })
      if (first?.route === attempt.route) first.error = error
      cursor.lost(attempt, error, waitedMs)
    },
    // That a caller hangs up says nothing of the provider.
    beaten: (attempt, waitedMs) => cursor.beaten(attempt, options.signal.aborted ? 0 : waitedMs),
  }
}
