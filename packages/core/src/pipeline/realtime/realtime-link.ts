import { type AudioFormat, durationMs, sameFormat } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { asProviderError, ProviderError } from '../../contracts/errors.ts'
import type { RealtimeSession, RealtimeSessionOptions } from '../../contracts/realtime.ts'
import { createConverter } from '../../audio/convert.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { CallerAudioMemory } from '../hearing/caller-audio.ts'
import { settleWithin } from '../../kit/deadline.ts'
import type { HearingLink } from '../hearing/hearing-link.ts'
import type { RxWorker } from '../hearing/rx-worker.ts'
import { CLOSE_LIMIT_MS, type NamedRealtime, openRealtimeSession } from './realtime-opening.ts'

/**
 * Opens the one session of a speech-to-speech call, in the place of the STT link: the RX worker writes to it, and to
 * nothing else. The session moves between connections by itself; here it is opened and closed.
 */
export interface RealtimeLink extends HearingLink {
  /** Milliseconds of caller audio that the session was given. */
  writtenMs(): number
}

/** After the caller's last audio: for what they said to be written down. Nobody hears any answer. */
const LAST_WORDS_MS = 500

/** The format in which a session of this provider carries the call: the call's own where it can. */
export function realtimeFormat({ name, provider }: NamedRealtime, callFormat: AudioFormat): AudioFormat {
  const format = provider.formats.find((known) => sameFormat(known, callFormat)) ?? provider.formats[0]
  if (!format) throw new ProviderError('bad-request', `${name}: carries no audio format`)
  return format
}

export function createRealtimeLink(parts: {
  realtime: NamedRealtime
  callFormat: AudioFormat
  /** The format of the session's audio. */
  format: AudioFormat
  options: Omit<RealtimeSessionOptions, 'format' | 'signal'>
  memory: CallerAudioMemory
  /** Is told where audio goes. */
  worker: Pick<RxWorker, 'attach' | 'detach'>
  clock: Clock
  telemetry: CallTelemetry
  /** The session takes audio; its events are iterated from here on. Resolves when they have ended. */
  onSession: (session: RealtimeSession) => Promise<void>
  /** No session, or it died for good. */
  onFailure: (error: ProviderError) => void
}): RealtimeLink {
  const { callFormat, format, memory, clock, telemetry } = parts
  const plugin = parts.realtime.name
  const abort = new AbortController()
  let session: RealtimeSession | undefined
  let ended: Promise<void> = Promise.resolve()
  let writtenMs = 0
  let finished = false

  async function open(): Promise<void> {
    try {
      const opened = await openRealtimeSession({ ...parts, signal: abort.signal, onBroken: broken })
      if (!opened) return
      session = opened
      adopt(opened)
    } catch (thrown) {
      parts.onFailure(asProviderError(thrown, `${plugin}: opening a session`))
    }
  }

  function adopt(opened: RealtimeSession): void {
    const converter = createConverter(callFormat, format)
    memory.recogniserOpened()
    parts.worker.attach({
      write(audio) {
        writtenMs += durationMs(callFormat, audio.length)
        opened.write(converter.convert(audio))
        // The session keeps what it may have to repeat.
        memory.acknowledge(memory.readPosition)
      },
      finish() {
        finished = true
        opened.finish()
      },
    })
    ended = parts.onSession(opened).then(
      () => over(new ProviderError('network', `${plugin}: the session ended by itself`)),
      (thrown: unknown) => over(asProviderError(thrown, `${plugin}: session`)),
    )
  }

  /** The call ends, once, and says why. */
  function broken(thrown: unknown): void {
    if (finished || abort.signal.aborted) closeFailed(thrown)
    else parts.onFailure(asProviderError(thrown, `${plugin}: session`))
  }

  function closeFailed(thrown: unknown): void {
    telemetry.closeFailed({ stage: 'realtime', plugin }, thrown)
  }

  /** A session that ends while the call goes on takes the call with it: the caller would talk to nobody. */
  function over(error: ProviderError): void {
    if (!finished && !abort.signal.aborted) parts.onFailure(error)
  }

  return {
    writtenMs() {
      return writtenMs
    },
    open() {
      telemetry.stt.initRequested()
      void open()
    },
    voiceStarted: () => undefined,
    voiceStopped: () => undefined,
    voiceUnknown: () => undefined,
    drained: () => settleWithin(clock, LAST_WORDS_MS, ended),
    async close() {
      abort.abort()
      parts.worker.detach()
      if (!session) return
      await settleWithin(clock, CLOSE_LIMIT_MS, session.close(), closeFailed)
    },
  }
}
