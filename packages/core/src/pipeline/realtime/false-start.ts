import type { Clock } from '../../contracts/clock.ts'

/** Takes up a reply that was stopped by a sound behind which came neither words nor a turn. */
export interface FalseStart {
  /** A sound has stopped a reply. */
  stopped(): void
  /** The caller is speaking, as far as is known. */
  sound(): void
  /** Nobody speaks any more. */
  quiet(): void
  /** It was the caller after all, or somebody speaks: there is nothing to take up. */
  forget(): void
}

export function createFalseStart(parts: {
  /** Silence after which it was a noise. */
  falseStartMs: number
  clock: Clock
  onNoise: () => void
}): FalseStart {
  let due = false
  let cancel = (): void => undefined

  function forget(): void {
    cancel()
    due = false
  }

  return {
    stopped() {
      due = true
    },
    sound: () => cancel(),
    quiet() {
      cancel()
      if (!due) return
      cancel = parts.clock.after(parts.falseStartMs, () => {
        due = false
        parts.onNoise()
      })
    },
    forget,
  }
}
