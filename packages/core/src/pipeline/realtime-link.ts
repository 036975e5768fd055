import { type AudioFormat, formatName, sameFormat } from '../contracts/audio.ts'
import type { Clock } from '../contracts/clock.ts'
import { asProviderError, ProviderError } from '../contracts/errors.ts'
import type { RealtimeProvider, RealtimeSession, RealtimeSessionOptions } from '../contracts/realtime.ts'
import { createConverter } from '../audio/convert.ts'
import type { CallTelemetry } from '../telemetry/call-telemetry.ts'
import type { AudioHistory } from './audio-history.ts'
import { delay, settleWithin, withDeadline } from './deadline.ts'
import type { SttLink } from './stt-link.ts'
import { RETRY_DELAY_MS } from './stt-search.ts'
import { TRIES_PER_ROUTE } from './stt-routes.ts'
import type { SttSink } from './rx-worker.ts'

export interface NamedRealtime {
  readonly plugin: string
  readonly provider: RealtimeProvider
}

/**
 * Opens the one session of a speech-to-speech call, in the place of the STT link: the RX worker writes to it, and to
 * nothing else. The session moves between connections by itself; here it is opened (3 tries at 200 ms) and closed.
 */
export interface RealtimeLink extends Omit<SttLink, 'useLanguage'> {
  /** The format of the session's audio. */
  readonly format: AudioFormat
  readonly session: RealtimeSession | undefined
}

const OPEN_LIMIT_MS = 10_000
const CLOSE_LIMIT_MS = 2000

export function createRealtimeLink(parts: {
  realtime: NamedRealtime
  callFormat: AudioFormat
  options: Omit<RealtimeSessionOptions, 'format' | 'signal'>
  history: AudioHistory
  clock: Clock
  telemetry: CallTelemetry
  /** The session takes audio; its events are iterated from here on. Resolves when they have ended. */
  onSession: (session: RealtimeSession) => Promise<void>
  /** No session, or it died for good. */
  onFailure: (error: ProviderError) => void
}): RealtimeLink {
  const { realtime, callFormat, history, clock, telemetry } = parts
  const { plugin, provider } = realtime
  const format = provider.formats.find((known) => sameFormat(known, callFormat)) ?? provider.formats[0]
  if (!format) throw new ProviderError('bad-request', `${plugin}: carries no audio format`)
  const abort = new AbortController()
  let session: RealtimeSession | undefined
  let sink: SttSink | undefined
  let ended: Promise<void> = Promise.resolve()

  async function open(): Promise<void> {
    for (let attempt = 1; !abort.signal.aborted; attempt++) {
      const startedMs = clock.nowMs()
      try {
        const opening = openInTurn()
        const doing = `${plugin} (${formatName(format!)}): opening a session`
        session = await withDeadline(clock, OPEN_LIMIT_MS, doing, opening, abort.signal)
        telemetry.sttReady({ plugin, region: undefined, attempt, openMs: clock.nowMs() - startedMs })
        return adopt(session)
      } catch (thrown) {
        const error = asProviderError(thrown, `${plugin}: opening a session`)
        if (abort.signal.aborted) return
        telemetry.sttOpenFailed({ plugin, region: undefined, attempt, error })
        if (!error.retryable || attempt === TRIES_PER_ROUTE) return parts.onFailure(error)
        await delay(clock, RETRY_DELAY_MS, abort.signal)
      }
    }
  }

  /** A provider that throws synchronously is one that rejects; a session that comes too late is closed. */
  async function openInTurn(): Promise<RealtimeSession> {
    const opened = await provider.openSession({ ...parts.options, format: format!, signal: abort.signal })
    if (abort.signal.aborted) void settleWithin(clock, CLOSE_LIMIT_MS, opened.close())
    return opened
  }

  function adopt(opened: RealtimeSession): void {
    const converter = createConverter(callFormat, format!)
    sink = {
      write(audio) {
        opened.write(converter.convert(audio))
        // The session keeps what it may have to repeat.
        history.trim(history.readPosition)
      },
      finish: () => opened.finish(),
    }
    ended = parts.onSession(opened).catch((thrown: unknown) => {
      if (!abort.signal.aborted) parts.onFailure(asProviderError(thrown, `${plugin}: session`))
    })
  }

  return {
    format,
    get session() {
      return session
    },
    get sink() {
      return sink
    },
    open() {
      telemetry.sttInitRequested()
      void open()
    },
    onFrame: () => undefined,
    voiceStarted: () => undefined,
    voiceStopped: () => undefined,
    drained: () => settleWithin(clock, CLOSE_LIMIT_MS, ended),
    async close() {
      abort.abort()
      if (session) await settleWithin(clock, CLOSE_LIMIT_MS, session.close())
    },
  }
}
