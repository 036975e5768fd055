import { signal, type ReadonlySignal } from '@preact/signals'
import { type ApiError, isApiError } from '../api/api-error.ts'

export interface AskedAgain<Answer> {
  readonly answer: ReadonlySignal<Answer | undefined>
  /** Of the last time that it was asked for; what was answered before stays. */
  readonly problem: ReadonlySignal<ApiError | undefined>
}

/** Asks at once and then again and again, one after the other, until `end` is aborted; not while nobody looks. */
export function askAgain<Answer>(
  ask: () => Promise<Answer>,
  everyMs: number,
  end: AbortSignal,
): AskedAgain<Answer> {
  const answer = signal<Answer | undefined>(undefined)
  const problem = signal<ApiError | undefined>(undefined)
  let isAsking = false

  async function once(): Promise<void> {
    if (isAsking || end.aborted) return
    isAsking = true
    try {
      const next = await ask()
      if (end.aborted) return
      answer.value = next
      problem.value = undefined
    } catch (error) {
      if (end.aborted) return
      if (!isApiError(error)) throw error
      problem.value = error
    } finally {
      isAsking = false
    }
  }

  void once()
  const timer = setInterval(() => document.hidden || void once(), everyMs)
  const onSeen = (): void => void (document.hidden || once())
  document.addEventListener('visibilitychange', onSeen)
  end.addEventListener('abort', () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', onSeen)
  })
  return { answer, problem }
}
