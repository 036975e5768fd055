import { ProviderError, type PluginContext, type SttSession, type SttSessionOptions } from '@kav/core'
import type { ErrorPlace } from './azure-errors.ts'
import type { Credentials } from './credentials.ts'
import { credentialsDiffer, type ResolvedParams } from './params.ts'
import { startSession } from './session.ts'
import { MAX_HINTS, sessionLanguages } from './speech-config.ts'
import { loadSpeechSdk } from '@kav/azure-speech'

/** What all sessions of a provider share. */
export interface Shared {
  readonly params: ResolvedParams
  readonly context: PluginContext
  readonly credentials: Credentials
  /** Sessions that are open, to be closed with the provider. */
  readonly open: Set<SttSession>
}

/** How fast a session may go and how long it may take. */
export interface Pace {
  readonly throttleAfterMs: number
  /** After `finish`, how long the last words may take. */
  readonly finishLimitMs: number
}

/** Below the 2 s that the core waits for the last words. */
const FINISH_LIMIT_MS = 1800

/** Opens one recogniser. Resolves when its connection is up; rejects with a `ProviderError`. */
export async function openSession(
  shared: Shared,
  options: SttSessionOptions,
  pace: Pace = { throttleAfterMs: shared.params.throttle_after_ms, finishLimitMs: FINISH_LIMIT_MS },
): Promise<SttSession> {
  const { params, context, credentials } = shared
  const region = options.region ?? params.region
  const languages = sessionLanguages(params, options)
  const place: ErrorPlace = {
    doing: 'recognition',
    region,
    language: languages.join(' or '),
    ownKey: credentialsDiffer(params),
  }
  throwIfAborted(options.signal, region)
  const hints = chooseHints(shared, options)
  const [sdk, credential] = await Promise.all([loadSpeechSdk(), credentials.get(region)])
  throwIfAborted(options.signal, region)

  let onOver: () => void = () => undefined
  const { session, opened } = startSession({
    sdk,
    params,
    context,
    credential,
    secrets: () => credentials.secrets,
    place,
    callId: options.callId,
    ask: { region, languages, hints, throttleAfterMs: pace.throttleAfterMs },
    finishLimitMs: pace.finishLimitMs,
    signal: options.signal,
    onOver: () => onOver(),
  })
  onOver = () => shared.open.delete(session)
  shared.open.add(session)
  try {
    await opened
  } catch (error) {
    shared.open.delete(session)
    throw error
  }
  context.metrics.count('azure_stt_sessions_total', 1, { region })
  context.log.debug({ call: options.callId, region, languages }, 'Azure recognition open')
  return session
}

function throwIfAborted(signal: AbortSignal, region: string): void {
  if (!signal.aborted) return
  throw new ProviderError('cancelled', `Azure Speech recognition (region ${region}): no longer wanted`)
}

function chooseHints(shared: Shared, options: SttSessionOptions): readonly string[] {
  const { params, context } = shared
  const hints = [...new Set([...params.hints, ...options.hints])]
  const left = hints.length - MAX_HINTS
  if (left <= 0) return hints
  context.metrics.count('azure_stt_hints_dropped_total', left)
  context.log.warn({ call: options.callId, left }, 'Hints over the limit left out')
  return hints.slice(0, MAX_HINTS)
}
