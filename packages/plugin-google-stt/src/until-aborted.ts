import { ProviderError } from '@kav/core'

/** The work's result; rejects with `cancelled` as soon as the signal aborts, whatever becomes of the work. */
export async function untilAborted<T>(signal: AbortSignal, doing: string, work: Promise<T>): Promise<T> {
  let onAbort: () => void = () => undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(new ProviderError('cancelled', `Google Speech-to-Text ${doing}: no longer wanted`))
    }
  })
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  // Whichever loses the race may still reject.
  work.catch(() => undefined)
  aborted.catch(() => undefined)
  try {
    return await Promise.race([aborted, work])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
