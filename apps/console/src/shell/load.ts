import { useEffect, useState } from 'preact/hooks'
import { type ApiError, isApiError } from '../api/api-error.ts'

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'loaded'; readonly value: T }
  | { readonly state: 'failed'; readonly error: ApiError }

/** Asks anew when `key` changes; what was asked before is given up, and shown until the new answer is there. */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' })
  useEffect(() => {
    const end = new AbortController()
    load(end.signal).then(
      (value) => !end.signal.aborted && setLoaded({ state: 'loaded', value }),
      (error: unknown) => {
        if (end.signal.aborted) return
        if (!isApiError(error)) throw error
        setLoaded({ state: 'failed', error })
      },
    )
    return () => end.abort()
  }, [key])
  return loaded
}
