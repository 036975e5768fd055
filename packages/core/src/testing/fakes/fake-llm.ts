import type {
  Clock,
  LlmEvent,
  LlmOpaque,
  LlmProvider,
  LlmRequest,
  LlmToolCall,
  LlmUsage,
} from '../../contracts/index.ts'
import { pause } from './pause.ts'

export interface FakeReply {
  /** Tokens as they stream; a string is cut after each space. Absent or empty: an empty answer. */
  readonly text?: string | readonly string[]
  /** Wait before the first event. */
  readonly firstTokenMs?: number
  /** Wait between tokens. */
  readonly tokenMs?: number
  readonly toolCalls?: readonly LlmToolCall[]
  /** Thrown after the text. */
  readonly error?: Error
  /** After the text nothing more comes and the iteration never ends (until aborted). */
  readonly stalls?: boolean
  /** `false`: the iteration ends without an `end` event, as a cut connection does. */
  readonly ends?: boolean
  readonly usage?: Omit<LlmUsage, 'type'>
  /** What it wants to have back with the answer. */
  readonly opaque?: LlmOpaque
  /** Misbehaviour: `reply` itself throws `error`. */
  readonly throwsSynchronously?: boolean
}

export interface FakeLlmScript {
  readonly clock: Clock
  /** One entry a request, the last repeats; or a function of the request and its number (from 0). A string is its text. */
  readonly replies:
    readonly (string | FakeReply)[] | ((request: LlmRequest, index: number) => string | FakeReply)
  readonly hints?: readonly string[]
  readonly preemptive?: boolean
}

export interface FakeLlmRecord {
  readonly request: LlmRequest
  readonly atMs: number
  /** When the signal aborted this request, if it did while the reply was running. */
  readonly abortedAtMs: number | undefined
  /** When the iteration was over, for whatever reason. */
  readonly endedAtMs: number | undefined
}

export interface FakeLlm {
  readonly provider: LlmProvider
  readonly requests: readonly FakeLlmRecord[]
  readonly warmed: number
  readonly closed: boolean
}

export function createFakeLlm(script: FakeLlmScript): FakeLlm {
  const { clock } = script
  const requests: { -readonly [Key in keyof FakeLlmRecord]: FakeLlmRecord[Key] }[] = []
  let warmed = 0
  let closed = false

  function replyTo(request: LlmRequest, index: number): FakeReply {
    const { replies } = script
    const reply =
      typeof replies === 'function' ? replies(request, index) : (replies[index] ?? replies.at(-1) ?? {})
    return typeof reply === 'string' ? { text: reply } : reply
  }

  async function* events(reply: FakeReply, signal: AbortSignal): AsyncGenerator<LlmEvent> {
    const tokens =
      typeof reply.text === 'string' ? (reply.text.match(/\S*\s+|\S+$/g) ?? []) : (reply.text ?? [])
    if (reply.firstTokenMs !== undefined) await pause(clock, reply.firstTokenMs, signal)
    let first = true
    for (const text of tokens) {
      if (!first && reply.tokenMs !== undefined) await pause(clock, reply.tokenMs, signal)
      first = false
      if (signal.aborted) return
      yield { type: 'text', text }
    }
    if (reply.error !== undefined && !signal.aborted) throw reply.error
    for (const call of reply.toolCalls ?? []) {
      if (signal.aborted) return
      yield { type: 'tool-call', ...call }
    }
    if (reply.stalls === true) await pause(clock, Number.POSITIVE_INFINITY, signal)
    if (signal.aborted || reply.ends === false) return
    if (reply.usage !== undefined) yield { type: 'usage', ...reply.usage }
    const reason = (reply.toolCalls ?? []).length > 0 ? 'tool-calls' : 'stop'
    yield { type: 'end', reason, ...(reply.opaque && { opaque: reply.opaque }) }
  }

  async function* recorded(record: (typeof requests)[number], reply: FakeReply, signal: AbortSignal) {
    const onAbort = () => {
      record.abortedAtMs = clock.nowMs()
    }
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      yield* events(reply, signal)
    } finally {
      signal.removeEventListener('abort', onAbort)
      record.endedAtMs = clock.nowMs()
    }
  }

  return {
    provider: {
      ...(script.hints !== undefined && { hints: script.hints }),
      ...(script.preemptive !== undefined && { preemptive: script.preemptive }),
      reply(request, signal) {
        const reply = replyTo(request, requests.length)
        const record = { request, atMs: clock.nowMs(), abortedAtMs: undefined, endedAtMs: undefined }
        requests.push(record)
        if (reply.throwsSynchronously === true) throw reply.error ?? new Error('fake llm: thrown by reply')
        return recorded(record, reply, signal)
      },
      async warm() {
        warmed++
      },
      async close() {
        closed = true
      },
    },
    requests,
    get warmed() {
      return warmed
    },
    get closed() {
      return closed
    },
  }
}
