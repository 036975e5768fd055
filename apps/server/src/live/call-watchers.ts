import type { RedactedEvent } from '@kav/core/host'

export type CallEventListener = (event: RedactedEvent, callId: string) => void

/**
 * Who is told what happens in the calls of this process. Listeners copy and return: they are called by the call itself.
 * Where nobody listens an event costs a comparison, and nothing is allocated.
 */
export interface CallWatchers {
  /** Of every call, from now on. Returns how to stop. */
  watchAll(listener: CallEventListener): () => void
  /** Of one call, from now on. */
  watch(callId: string, listener: CallEventListener): () => void
  tell(event: RedactedEvent, callId: string): void
}

/** @param onFailure one that throws is left out from then on */
export function createCallWatchers(onFailure: (error: unknown) => void): CallWatchers {
  const ofAll = new Set<CallEventListener>()
  const ofOne = new Map<string, Set<CallEventListener>>()

  function tellSet(listeners: Set<CallEventListener>, event: RedactedEvent, callId: string): void {
    for (const listener of listeners) {
      try {
        listener(event, callId)
      } catch (error) {
        listeners.delete(listener)
        onFailure(error)
      }
    }
  }

  return {
    watchAll(listener) {
      ofAll.add(listener)
      return () => void ofAll.delete(listener)
    },
    watch(callId, listener) {
      const listeners = ofOne.get(callId) ?? new Set()
      ofOne.set(callId, listeners.add(listener))
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0 && ofOne.get(callId) === listeners) ofOne.delete(callId)
      }
    },
    tell(event, callId) {
      if (ofAll.size > 0) tellSet(ofAll, event, callId)
      if (ofOne.size === 0) return
      const listeners = ofOne.get(callId)
      if (listeners !== undefined) tellSet(listeners, event, callId)
    },
  }
}
