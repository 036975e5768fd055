import type { Clock } from '../../contracts/clock.ts'
import type { CallSettings } from '../call-settings.ts'

/** Asks a caller who says nothing, one prompt after the other; after the last one the call is given up. */
export interface IdlePrompts {
  /** Both sides are silent from now on. */
  arm(): void
  /** One of them speaks. */
  stop(): void
  /** The caller said something: the prompts begin anew. */
  restart(): void
}

export function createIdlePrompts(parts: {
  settings: CallSettings['conversation']['idle']
  clock: Clock
  onPrompt: (text: string) => void
  /** `farewell` may be empty. */
  onGiveUp: (farewell: string) => void
}): IdlePrompts {
  const { settings, clock } = parts
  let asked = 0
  let cancel = (): void => undefined

  function tell(): void {
    const prompt = settings.prompts[asked++]
    if (prompt === undefined) parts.onGiveUp(settings.farewell)
    else parts.onPrompt(prompt)
  }

  return {
    arm() {
      cancel()
      if (settings.afterMs > 0) cancel = clock.after(settings.afterMs, tell)
    },
    stop: () => cancel(),
    restart() {
      asked = 0
    },
  }
}
