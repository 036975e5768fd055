import type { AudioFormat } from '../../contracts/audio.ts'
import { asProviderError, type ProviderError } from '../../contracts/errors.ts'
import type { SttSession } from '../../contracts/stt.ts'
import { createConverter } from '../../audio/convert.ts'
import type { SttSink } from './rx-worker.ts'
import type { SttRoute } from './stt-routes.ts'

/** One open session and what the link knows of it. As a sink it takes the call's own format. */
export interface LiveSession extends SttSink {
  readonly session: SttSession
  readonly route: SttRoute
  readonly language: string | undefined
  /** Position in the call's audio of the first byte written to it. */
  base: number
  /** Position after the last byte it will get, once a successor took over. */
  limit: number
  openedAtMs: number
  /** When the provider last said anything; `openedAtMs` until then. */
  heardFromMs: number
  /** Words are owed: a partial stands that no final has closed yet, or voice was left unanswered at its replacement. */
  wordsPending: boolean
  /** A successor is opening. */
  rotating: boolean
  /** No event of it counts any more. */
  retired: boolean
  readonly finished: boolean
  /** It ended by an error, or threw where the contract says it never does. */
  failure: ProviderError | undefined
  /** Resolves when its events have ended. */
  readonly ended: Promise<void>
  over(): void
  close(): Promise<void>
}

export function createLiveSession(
  session: SttSession,
  route: SttRoute,
  language: string | undefined,
  callFormat: AudioFormat,
): LiveSession {
  const converter = createConverter(callFormat, route.format)
  let finished = false
  let over: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    over = resolve
  })
  function failed(doing: string, thrown: unknown): void {
    live.failure ??= asProviderError(thrown, `${route.plugin}: ${doing}`)
  }
  const live: LiveSession = {
    session,
    route,
    language,
    base: 0,
    limit: Infinity,
    openedAtMs: 0,
    heardFromMs: 0,
    wordsPending: false,
    rotating: false,
    retired: false,
    failure: undefined,
    ended,
    over: () => over(),
    get finished() {
      return finished
    },
    write(audio) {
      const converted = converter.convert(audio)
      if (converted.length === 0 || live.failure) return
      try {
        session.write(converted)
      } catch (thrown) {
        failed('write', thrown)
      }
    },
    finish() {
      if (finished) return
      finished = true
      const tail = converter.flush()
      if (live.failure) return
      try {
        if (tail.length > 0) session.write(tail)
        session.finish()
      } catch (thrown) {
        failed('finish', thrown)
      }
    },
    close: async () => session.close(),
  }
  return live
}
