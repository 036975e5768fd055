/** The sessions of one provider that are open, to be closed with it. */
export interface SessionTracker<Session> {
  /** The session as it is given out: closing it ends the tracking. */
  track(session: Session): Session
  closeAll(): Promise<void>
}

export function createSessionTracker<Session extends { close(): Promise<void> }>(): SessionTracker<Session> {
  const open = new Set<Session>()
  let closed = false
  return {
    track(session) {
      // It was still opening when its provider closed.
      if (closed) void session.close()
      const tracked: Session = {
        ...session,
        close() {
          open.delete(tracked)
          return session.close()
        },
      }
      open.add(tracked)
      return tracked
    },
    async closeAll() {
      closed = true
      await Promise.all([...open].map((session) => session.close()))
    },
  }
}
