import {
  MULAW_8K,
  ProviderError,
  type AudioFormat,
  type Clock,
  type SttHintCaps,
  type SttProvider,
  type SttSessionOptions,
} from '../../contracts/index.ts'
import { createFakeSttSession, type FakeSttSession, type FakeSttSessionScript } from './fake-stt-session.ts'
import { pause } from './pause.ts'

/** How one attempt to open goes. `{}` opens at once. */
export interface FakeSttOpening {
  /** `Infinity` never opens (until aborted). */
  readonly afterMs?: number
  readonly error?: Error
  /** Throws in `openSession` itself instead of rejecting: a provider that misbehaves. */
  readonly throwsSynchronously?: boolean
}

export interface FakeSttScript extends FakeSttSessionScript {
  readonly clock: Clock
  readonly accepts?: readonly AudioFormat[]
  /** False: it hears utterance by utterance alone. */
  readonly sessions?: boolean
  readonly regions?: readonly string[]
  readonly hintCaps?: SttHintCaps
  readonly needsHints?: boolean
  /** It judges turns. */
  readonly detectsTurns?: boolean
  readonly maxSessionMs?: number
  /**
   * One opening for every attempt; or a list, one entry an attempt, after which it opens at once; or a function of
   * the attempt's number (from 0) and its options.
   */
  readonly opening?:
    | FakeSttOpening
    | readonly FakeSttOpening[]
    | ((attempt: number, options: SttSessionOptions) => FakeSttOpening)
  /** Script of each session by its number (from 0), over the one given here. */
  readonly session?: (index: number) => FakeSttSessionScript
  /** Present: the provider has `recognize`, answered by this. */
  readonly recognize?: (audio: Uint8Array, callId: string) => string | Promise<string>
}

export interface FakeStt {
  readonly provider: SttProvider
  /** Sessions that opened, in order. */
  readonly sessions: readonly FakeSttSession[]
  /** Every attempt to open, also those that failed. */
  readonly attempts: readonly { readonly atMs: number; readonly options: SttSessionOptions }[]
  /** Audio of each `recognize`. */
  readonly recognized: readonly Uint8Array[]
  readonly closed: boolean
}

export function createFakeStt(script: FakeSttScript): FakeStt {
  const { clock, opening, recognize } = script
  const sessions: FakeSttSession[] = []
  const attempts: { atMs: number; options: SttSessionOptions }[] = []
  const recognized: Uint8Array[] = []
  let closed = false

  function openingOf(attempt: number, options: SttSessionOptions): FakeSttOpening {
    if (typeof opening === 'function') return opening(attempt, options)
    if (Array.isArray(opening)) return (opening as readonly FakeSttOpening[])[attempt] ?? {}
    return (opening as FakeSttOpening | undefined) ?? {}
  }

  async function open(how: FakeSttOpening, options: SttSessionOptions) {
    if (how.afterMs !== undefined) await pause(clock, how.afterMs, options.signal)
    if (options.signal.aborted) throw new ProviderError('cancelled', 'fake stt: cancelled while opening')
    if (how.error !== undefined) throw how.error
    const session = createFakeSttSession({ ...script, ...script.session?.(sessions.length) }, options)
    sessions.push(session)
    return session.session
  }

  return {
    provider: {
      accepts: script.accepts ?? [MULAW_8K],
      ...(script.regions !== undefined && { regions: script.regions }),
      ...(script.sessions !== undefined && { sessions: script.sessions }),
      ...(script.hintCaps !== undefined && { hintCaps: script.hintCaps }),
      ...(script.needsHints !== undefined && { needsHints: script.needsHints }),
      ...(script.detectsTurns !== undefined && { detectsTurns: script.detectsTurns }),
      ...(script.maxSessionMs !== undefined && { maxSessionMs: script.maxSessionMs }),
      openSession(options) {
        const how = openingOf(attempts.length, options)
        attempts.push({ atMs: clock.nowMs(), options })
        if (how.throwsSynchronously === true) throw how.error ?? new Error('fake stt: thrown by openSession')
        return open(how, options)
      },
      ...(recognize !== undefined && {
        async recognize(audio: Uint8Array, options: Omit<SttSessionOptions, 'region'>) {
          recognized.push(new Uint8Array(audio))
          return recognize(audio, options.callId)
        },
      }),
      async close() {
        closed = true
      },
    },
    sessions,
    attempts,
    recognized,
    get closed() {
      return closed
    },
  }
}
