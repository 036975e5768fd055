import { PhoneError } from './phone-error.ts'

export interface WaitOptions {
  readonly timeoutMs: number
  /** What is waited for, as the error tells it: `mark "greeting_end" to be played`. */
  readonly what: string
}

/** Conditions that steps of a script wait for, looked at whenever something happened on the call. */
export interface CallWaits {
  /**
   * Resolves with the first value of `condition` that is not `undefined`. Rejects with `KAV_PHONE_STEP_FAILED` when
   * the time is over or the call has ended; `condition` is asked once more before that.
   */
  until<T>(condition: () => T | undefined, options: WaitOptions): Promise<T>
  check(nowMs: number): void
  /** The call is over: every wait is settled. */
  end(why: string): void
}

interface Wait {
  readonly deadlineMs: number
  /** True once settled. */
  look(): boolean
  fail(why: string): void
}

export function createCallWaits(nowMs: () => number): CallWaits {
  let waits: Wait[] = []
  let ended: string | undefined

  return {
    until: (condition, { timeoutMs, what }) =>
      new Promise((resolve, reject) => {
        const wait: Wait = {
          deadlineMs: nowMs() + timeoutMs,
          look() {
            const value = condition()
            if (value === undefined) return false
            resolve(value)
            return true
          },
          fail: (why) => reject(new PhoneError('KAV_PHONE_STEP_FAILED', `waited for ${what}: ${why}`)),
        }
        if (wait.look()) return
        if (ended !== undefined) wait.fail(ended)
        else waits.push(wait)
      }),
    check(now) {
      if (waits.length === 0) return
      const open = waits
      waits = []
      for (const wait of open) {
        if (wait.look()) continue
        if (now >= wait.deadlineMs) wait.fail('it did not come in time')
        else waits.push(wait)
      }
    },
    end(why) {
      ended = why
      const open = waits
      waits = []
      for (const wait of open) if (!wait.look()) wait.fail(why)
    },
  }
}
