import type { RealtimeSession } from '../../contracts/realtime.ts'
import { catchPromised } from '../../kit/promised-nothing.ts'

/**
 * A session as the rest of the call may use it: whatever a method of the plugin's throws, or rejects with although it
 * promises nothing, is told of and goes no further. `events` is iterated by one who catches.
 */
export function guardSession(session: RealtimeSession, onFailure: (error: unknown) => void): RealtimeSession {
  function guarded<Args extends unknown[]>(
    method: (...args: Args) => unknown,
  ): (...args: Args) => Promise<void> {
    return async (...args) => {
      try {
        await method.apply(session, args)
      } catch (error) {
        onFailure(error)
      }
    }
  }
  /** Per batch of audio: no promise of its own. */
  function write(audio: Uint8Array): void {
    try {
      catchPromised(session.write(audio), onFailure)
    } catch (error) {
      onFailure(error)
    }
  }
  const quietly = <Args extends unknown[]>(method: (...args: Args) => unknown) => {
    const call = guarded(method)
    return (...args: Args): void => void call(...args)
  }
  return {
    events: { [Symbol.asyncIterator]: () => session.events[Symbol.asyncIterator]() },
    write,
    interrupt: quietly(session.interrupt),
    endTurn: quietly(session.endTurn),
    toolResult: quietly(session.toolResult),
    say: quietly(session.say),
    ...(session.enter && { enter: quietly(session.enter) }),
    ...(session.note && { note: quietly(session.note) }),
    ...(session.resume && { resume: quietly(session.resume) }),
    finish: quietly(session.finish),
    // Whoever closes it waits for it, and minds no failure.
    close: async () => session.close(),
  }
}
