import { ProviderError, type PluginContext, type RealtimeSessionOptions } from '@kav/core'
import { openConfiguredSocket } from './configured-socket.ts'
import type { OnOddEvent } from './odd-events.ts'
import type { RealtimeParams } from './realtime-params.ts'
import type { RealtimeSocket } from './realtime-socket.ts'
import type { ServerEvent } from './server-event.ts'
import type { SpeechLife } from './speech-life.ts'
import { speechSessionUpdate } from './speech-session-update.ts'

const CONNECT_MS = 5_000

/** The connections of one session: the one in use, and one opened ahead that waits for the running reply to end. */
export interface SpeechLines {
  readonly current: RealtimeSocket | undefined
  readonly spare: RealtimeSocket | undefined
  /** A connection that has taken the settings. Rejects with a `ProviderError`. */
  open(): Promise<RealtimeSocket>
  /** It went away before anybody had taken it into use. */
  isLost(line: RealtimeSocket): boolean
  use(line: RealtimeSocket): void
  keep(line: RealtimeSocket): void
  /** Takes the spare into use, and closes the one that was. */
  change(): void
  /** Closes the one in use. */
  drop(): void
  /** Closes one that nobody took into use. */
  discard(line: RealtimeSocket): void
  /** Resolves when none is left, none that was being opened or closed either. */
  closeAll(): Promise<void>
}

export interface SpeechLinesParts {
  readonly params: RealtimeParams
  readonly context: PluginContext
  readonly options: RealtimeSessionOptions
  readonly doing: string
  readonly life: SpeechLife
  /** The newest connection has its session: the server says until when, in Unix seconds as they were sent. */
  onCreated(expiresAtS: unknown): void
  /** From the connection in use. */
  onEvent(event: ServerEvent): void
  /** From any connection. */
  readonly onOdd: OnOddEvent
  /** The connection in use is gone. */
  onLost(error: ProviderError): void
}

export function createSpeechLines(parts: SpeechLinesParts): SpeechLines {
  const lost = new WeakSet<RealtimeSocket>()
  let current: RealtimeSocket | undefined
  let spare: RealtimeSocket | undefined

  /** What is still being opened or closed. */
  const underWay = new Set<Promise<unknown>>()

  function watch(work: Promise<unknown>): void {
    const settled = work.catch(() => undefined).finally(() => underWay.delete(settled))
    underWay.add(settled)
  }

  function close(line: RealtimeSocket | undefined): void {
    if (line) watch(line.close())
  }

  async function openOne(): Promise<RealtimeSocket> {
    let own: RealtimeSocket | undefined = undefined
    let early: ProviderError | undefined
    const isOurs = (): boolean => own !== undefined && own === current
    own = await connect(parts, {
      onEvent(event) {
        if (event.type === 'session.created') parts.onCreated(event.session?.expires_at)
        else if (isOurs()) parts.onEvent(event)
      },
      onLost(error) {
        early = error
        if (own) lost.add(own)
        if (isOurs()) parts.onLost(error)
        else if (own === spare) spare = undefined
      },
    })
    if (early) throw early
    return own
  }

  return {
    get current() {
      return current
    },
    get spare() {
      return spare
    },
    open() {
      const opening = openOne()
      watch(opening)
      return opening
    },
    isLost: (line) => lost.has(line),
    use(line) {
      current = line
    },
    keep(line) {
      spare = line
    },
    change() {
      close(current)
      current = spare
      spare = undefined
    },
    drop() {
      close(current)
      current = undefined
    },
    discard: close,
    async closeAll() {
      await Promise.all([current?.close(), spare?.close()])
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

/** Opens one connection within its time, while the session lives. */
async function connect(
  { params, context, options, doing, life, onOdd }: SpeechLinesParts,
  handlers: { onEvent(event: ServerEvent): void; onLost(error: ProviderError): void },
): Promise<RealtimeSocket> {
  const attempt = new AbortController()
  const giveUp = (): void => attempt.abort()
  life.ending.addEventListener('abort', giveUp, { once: true })
  const stopWaiting = life.after(CONNECT_MS, giveUp)
  try {
    return await openConfiguredSocket(
      {
        params,
        query: { model: params.model },
        doing,
        clock: context.clock,
        signal: attempt.signal,
        onOdd,
        ...handlers,
      },
      speechSessionUpdate(params, options),
    )
  } catch (thrown) {
    if (life.isOver || !attempt.signal.aborted) throw thrown
    throw new ProviderError('timeout', `${doing}: no session within ${CONNECT_MS} ms`)
  } finally {
    stopWaiting()
    life.ending.removeEventListener('abort', giveUp)
  }
}

export function lostAtOnce(doing: string): ProviderError {
  return new ProviderError('network', `${doing}: lost as soon as it was open`)
}
