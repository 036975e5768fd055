/** How long the server takes to answer at all, in ms: the stream itself has no question that is answered at once. */
export function watchRoundTrip(onMeasured: (ms: number) => void): () => void {
  const end = new AbortController()
  async function measure(): Promise<void> {
    const startedMs = performance.now()
    try {
      await fetch('/livez', { method: 'HEAD', cache: 'no-store', signal: end.signal })
      onMeasured(performance.now() - startedMs)
    } catch {
      // What is lost shows by the stream.
    }
  }
  void measure()
  const timer = setInterval(() => void measure(), EVERY_MS)
  return () => {
    clearInterval(timer)
    end.abort()
  }
}

const EVERY_MS = 2000
