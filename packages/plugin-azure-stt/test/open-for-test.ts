import {
  MULAW_8K,
  ProviderError,
  type SttEvent,
  type SttProvider,
  type SttSession,
  type SttSessionOptions,
} from '@kav/core'
import { testContext, type TestContext } from '@kav/core/testing'
import { onTestFinished } from 'vitest'
import plugin, { type AzureSttParams } from '../src/index.ts'
import {
  numberedFrames,
  openSpeechServer,
  type RecognitionScript,
  type SpeechServer,
  type SpeechServerOptions,
} from '../src/testing/index.ts'

export const KEY = 'very-secret-key-0123456789'

/** Every frame is a word, so a transcript shows each frame that was lost or heard twice. */
export const UNDERSTAND: RecognitionScript = { understand: { framesPerWord: 1, wordsPerFinal: 20 } }

export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index)
export const words = (from: number, to: number): string[] => range(from, to).map((index) => `w${index}`)

/** A speech server that closes with the test. */
export async function serve(options: SpeechServerOptions = {}): Promise<SpeechServer> {
  const server = await openSpeechServer(options)
  onTestFinished(() => server.close())
  return server
}

/** A provider that closes with the test. */
export function provide(
  params: Partial<AzureSttParams>,
  context: TestContext = testContext(),
): { provider: SttProvider; context: TestContext } {
  const provider = plugin.create({ language: 'he-IL', key: KEY, ...params }, context)
  onTestFinished(() => provider.close())
  return { provider, context }
}

export function open(provider: SttProvider, options: Partial<SttSessionOptions> = {}): Promise<SttSession> {
  return provider.openSession({
    callId: 'test',
    format: MULAW_8K,
    hints: [],
    signal: new AbortController().signal,
    ...options,
  })
}

/** A session's events as they come. */
export interface Hearing {
  readonly events: readonly SttEvent[]
  readonly over: Promise<void>
  readonly error: unknown
  /** Every word of every final. */
  words(): string[]
  until(condition: (events: readonly SttEvent[]) => boolean): Promise<void>
}

export function hear(session: SttSession): Hearing {
  const events: SttEvent[] = []
  const waiting = new Set<() => void>()
  let error: unknown
  const over = (async () => {
    try {
      for await (const event of session.events) {
        events.push(event)
        for (const check of waiting) check()
      }
    } catch (thrown) {
      error = thrown
    }
  })()
  return {
    events,
    over,
    get error() {
      return error
    },
    words: () => events.flatMap((event) => (event.type === 'final' ? event.text.split(' ') : [])),
    until: (condition) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!condition(events)) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
  }
}

/** Writes numbered frames, two a write. */
export function write(session: SttSession, from: number, to: number): void {
  for (let at = from; at < to; at += 2) session.write(numberedFrames(at, Math.min(at + 2, to)))
}

export async function failure(promise: Promise<unknown>): Promise<ProviderError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof ProviderError) return error
    throw error
  }
  throw new Error('expected a ProviderError')
}
