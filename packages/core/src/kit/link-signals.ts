import { setMaxListeners } from 'node:events'

export interface LinkedSignal {
  /** Aborts with the first of the others, for its reason; once unlinked, with none of them. */
  readonly signal: AbortSignal
  /** To be called when what the signal was made for is over, whatever became of it. */
  unlink(): void
}

/**
 * One signal of several, as long as it is wanted. `AbortSignal.any` has no end: in Node.js 20 a signal that lives as
 * long as its process remembers each that was ever made of it, and whoever makes one a request is never rid of them.
 */
export function linkSignals(...sources: readonly AbortSignal[]): LinkedSignal {
  const linked = new AbortController()
  const unlink = followSignals(sources, () => linked.abort(sources.find(({ aborted }) => aborted)?.reason))
  return { signal: linked.signal, unlink }
}

/** What the work gives, which has a signal that aborts with any of the sources until it settles. */
export async function underSignals<T>(
  sources: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, unlink } = linkSignals(...sources)
  try {
    return await work(signal)
  } finally {
    unlink()
  }
}

/** What the stream gives, which has such a signal until it ends or is left. */
export async function* streamUnderSignals<T>(
  sources: readonly AbortSignal[],
  stream: (signal: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T, void> {
  const { signal, unlink } = linkSignals(...sources)
  try {
    yield* stream(signal)
  } finally {
    unlink()
  }
}

/** Calls `abort` when any of the signals does; returns what ends that. */
export function followSignals(signals: readonly AbortSignal[], abort: () => void): () => void {
  for (const signal of signals) {
    // A provider has one for its close, and as many requests as there are calls: Node warns of the eleventh.
    setMaxListeners(0, signal)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
  }
  return () => {
    for (const signal of signals) signal.removeEventListener('abort', abort)
  }
}
