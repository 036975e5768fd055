import type { Clock } from '../../contracts/clock.ts'
import { asProviderError } from '../../contracts/errors.ts'
import type { LlmMessage, LlmProvider } from '../../contracts/llm.ts'
import { attempt } from '../../kit/attempt.ts'
import { withDeadline } from '../../kit/deadline.ts'
import { createModelText } from '../../language/model-text/index.ts'
import { lentMessages } from '../../providers/lent-request.ts'
import { withoutOpaque } from '../../providers/opaque-owners.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { HistoryWindow } from './history.ts'

/** What stands for the forgotten part of one call, where one of its models can summarize. */
export interface HistorySummary extends Pick<HistoryWindow, 'onForgotten' | 'summary'> {
  close(): void
}

/** Nobody waits for it: the conversation goes on without. */
const SUMMARY_LIMIT_MS = 60_000
const MAX_SUMMARY_CHARS = 4000
const HEADING = 'Earlier in this call, in short:'

export function createHistorySummary(parts: {
  readonly callId: string
  readonly providers: readonly LlmProvider[]
  readonly language: () => string
  readonly clock: Clock
  readonly telemetry: CallTelemetry
}): HistorySummary {
  const { callId, language, clock, telemetry } = parts
  const provider = parts.providers.find(({ summarize }) => summarize !== undefined)
  /** Forgotten, and not in the summary yet. */
  let waiting: readonly LlmMessage[] = []
  let before = ''
  /** Of what is being summarized. */
  let running: AbortController | undefined
  let closed = false

  async function summarize(signal: AbortSignal): Promise<void> {
    const messages = lentMessages(withoutOpaque(waiting))
    waiting = []
    const request = { callId, language: language(), before, messages, maxChars: MAX_SUMMARY_CHARS }
    const asked = new AbortController()
    const stop = (): void => asked.abort()
    signal.addEventListener('abort', stop)
    try {
      const answer = attempt(() => provider!.summarize!(request, asked.signal))
      const text: unknown = await withDeadline(clock, SUMMARY_LIMIT_MS, 'llm: a summary', answer, signal)
      const words = typeof text === 'string' ? wordsOf(text).trim() : ''
      if (words !== '') before = words.slice(0, MAX_SUMMARY_CHARS)
    } catch (thrown) {
      if (!signal.aborted) telemetry.historySummaryFailed(asProviderError(thrown, 'llm: a summary'))
    } finally {
      signal.removeEventListener('abort', stop)
      stop()
    }
  }

  async function run(): Promise<void> {
    const { signal } = (running = new AbortController())
    while (waiting.length > 0 && !signal.aborted) await summarize(signal)
    running = undefined
  }

  return {
    onForgotten(messages) {
      telemetry.historyForgotten({ messages: messages.length, summarized: provider !== undefined })
      if (!provider) return
      waiting = [...waiting, ...messages]
      if (!running && !closed) void run()
    },
    summary: () => (before === '' ? '' : `${HEADING}\n${before}`),
    close() {
      closed = true
      running?.abort()
    },
  }
}

/** A summary may begin with a thought, as any answer of a model. */
function wordsOf(text: string): string {
  const reader = createModelText({ isDeclared: () => false, hold: true })
  const pieces = [...reader.push(text), ...reader.end()]
  return pieces.map((piece) => (piece.type === 'words' ? piece.text : '')).join('')
}
