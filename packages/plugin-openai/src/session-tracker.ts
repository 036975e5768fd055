/** The sessions of one provider that are open, to be closed with it. */
export interface SessionTracker<Session> {
  /** The session as it is given out: closing it ends the tracking. */
  track(session: Session): Session
  closeAll(): Promise<void>
}

export function createSessionTracker<Session extends { close(): Promise<void> }>(): SessionTracker<Session> {
  const open = new Set<Session>()
  return {
    track(session) {
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
      await Promise.all([...open].map((session) => session.close()))
    },
  }
}
