import { type ApiError, isApiError } from './api-error.ts'
import { request } from './request.ts'
import { createSseParser } from './sse-parser.ts'

export interface Watcher {
  /** `data` as JSON has it. A stream that comes back begins with its snapshot again. */
  onEvent(event: string, data: unknown): void
  /** `lost`: the stream broke and is opened again; nothing is known meanwhile. */
  onState(state: 'open' | 'lost'): void
  /** It was refused and is not asked for again. */
  onRefused(error: ApiError): void
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000

/** Watches events of the server until `signal` is aborted, through every loss of the line. */
export async function watch(path: string, watcher: Watcher, signal: AbortSignal): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS
  while (!signal.aborted) {
    try {
      const { body } = await request(path, { signal })
      watcher.onState('open')
      pauseMs = FIRST_PAUSE_MS
      const parse = createSseParser(({ event, data }) => watcher.onEvent(event, JSON.parse(data)))
      if (body !== null) await readText(body, parse)
    } catch (error) {
      if (signal.aborted) return
      if (isApiError(error) && error.status >= 400 && error.status < 500) return watcher.onRefused(error)
    }
    if (signal.aborted) return
    watcher.onState('lost')
    await pause(pauseMs, signal)
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
  }
}

async function readText(body: ReadableStream<Uint8Array>, onText: (text: string) => void): Promise<void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    onText(decoder.decode(value, { stream: true }))
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
