import { linkSignals } from '../link-signals.ts'

/** What is tracked: of the sessions of a contract, whatever else they have. */
export interface TrackedSession {
  close(): Promise<void>
}

/** The sessions of one provider that are open, to be closed with it. */
export interface SessionTracker<Session extends TrackedSession = TrackedSession> {
  /**
   * What `opening` opens, tracked. Its signal aborts with the given one, of who wants the session, and with `closeAll`,
   * until the session is closed: it is the one to hand on.
   */
  open<One extends Session>(signal: AbortSignal, opening: (signal: AbortSignal) => Promise<One>): Promise<One>
  /** The session as it is given out: closing it ends the tracking. */
  track<One extends Session>(session: One): One
  /** Aborts with `closeAll`: for what the provider asks beside its sessions. */
  readonly closed: AbortSignal
  closeAll(): Promise<void>
}

export function createSessionTracker<
  Session extends TrackedSession = TrackedSession,
>(): SessionTracker<Session> {
  const running = new Set<Session>()
  const closing = new AbortController()

  function track<One extends Session>(session: One, onClosed: () => void = () => undefined): One {
    // It was still opening when its provider closed.
    if (closing.signal.aborted) void session.close()
    const tracked: One = {
      ...session,
      close() {
        running.delete(tracked)
        return session.close().finally(onClosed)
      },
    }
    running.add(tracked)
    return tracked
  }

  return {
    async open(signal, opening) {
      const { signal: either, unlink } = linkSignals(signal, closing.signal)
      try {
        return track(await opening(either), unlink)
      } catch (error) {
        unlink()
        throw error
      }
    },
    track: (session) => track(session),
    closed: closing.signal,
    async closeAll() {
      closing.abort()
      await Promise.all([...running].map((session) => session.close()))
    },
  }
}
