import { asProviderError, ProviderError } from '../contracts/errors.ts'
import type { LlmProvider, LlmToolCall } from '../contracts/llm.ts'
import type { CallTelemetry } from '../telemetry/call-telemetry.ts'
import { createClauseCutter } from './clauses.ts'
import type { AgentUtterance, ConversationHistory } from './history.ts'
import { type SpeechParts, speakClause } from './speech.ts'
import { timedIteration } from './timed-iteration.ts'
import { HANG_UP_TOOL, runTool } from './tools.ts'

/**
 * llm -> clauses -> tts -> tx-queue, for one turn. Clauses are spoken in order, each while the model writes on.
 * Ends when the caller has heard everything (the last mark returned), or at once when aborted. Never throws: a
 * failure of the model or the voice is told to telemetry, and the caller hears the fallback line instead.
 */
export interface ReplyParts extends SpeechParts {
  readonly llm: LlmProvider
  readonly history: ConversationHistory
  readonly telemetry: CallTelemetry
  readonly fallbackLine: string
  readonly firstTokenTimeoutMs: number
}

export interface ReplyHandlers {
  /** The model's first text. */
  onFirstToken(): void
  /** The voice's first audio is in the tx-queue. */
  onFirstAudio(): void
  /** The first frame goes out on the wire. */
  onFirstFrame(): void
}

export interface ReplyResult {
  readonly outcome: 'heard' | 'cancelled' | 'failed'
  /** The model asked to end the call. */
  readonly hangUp: boolean
}

/** Rounds of tool calls one reply may take; then it ends with what was said. */
const MAX_TOOL_ROUNDS = 5

export async function runReply(
  turn: number,
  parts: ReplyParts,
  utterance: AgentUtterance,
  handlers: ReplyHandlers,
  signal: AbortSignal,
): Promise<ReplyResult> {
  const { line, telemetry } = parts
  const speaker = createOrderedSpeaker(turn, parts, utterance, handlers, signal)
  let hangUp = false
  let failed = false
  try {
    hangUp = await runModel(turn, parts, speaker, handlers, signal)
  } catch (thrown) {
    const error = asProviderError(thrown, 'llm')
    if (!signal.aborted) {
      failed = true
      telemetry.llmFailed(turn, error)
      speaker.say(parts.fallbackLine)
    }
  }
  await speaker.done()
  if (signal.aborted) return { outcome: 'cancelled', hangUp: false }
  if (!speaker.spoke) return { outcome: 'failed', hangUp }
  const outcome = await line.mark(`reply_end_${turn}`)
  if (outcome === 'cleared') return { outcome: 'cancelled', hangUp: false }
  return { outcome: failed ? 'failed' : 'heard', hangUp }
}

/** The model's part: text goes to the speaker, tool calls are run and answered. Returns whether to hang up. */
async function runModel(
  turn: number,
  parts: ReplyParts,
  speaker: OrderedSpeaker,
  handlers: ReplyHandlers,
  signal: AbortSignal,
): Promise<boolean> {
  let hangUp = false
  for (let round = 0; round < MAX_TOOL_ROUNDS; round++) {
    const calls = await askModel(parts, speaker, handlers, signal)
    if (calls.length === 0 || signal.aborted) return hangUp
    parts.history.toolCalls(calls)
    for (const call of calls) {
      parts.telemetry.toolCalled({ turn, tool: call.name })
      const result = runTool(call)
      if (result.failed) parts.telemetry.toolFailed({ turn, tool: call.name, error: result.content })
      if (result.hangUp) hangUp = true
      parts.history.toolResult(call.id, result.content)
    }
    // Nothing is left to say once the call is to end.
    if (hangUp) return true
  }
  return hangUp
}

async function askModel(
  parts: ReplyParts,
  speaker: OrderedSpeaker,
  handlers: ReplyHandlers,
  signal: AbortSignal,
): Promise<readonly LlmToolCall[]> {
  const { llm, clock, history } = parts
  const calls: LlmToolCall[] = []
  const cutter = createClauseCutter()
  let ended = false
  let text = ''
  const request = {
    callId: parts.callId,
    messages: history.messages(),
    tools: [HANG_UP_TOOL],
    language: parts.language,
  }
  const limits = {
    clock,
    firstMs: parts.firstTokenTimeoutMs,
    idleMs: parts.firstTokenTimeoutMs,
    what: 'llm',
    signal,
  }
  for await (const event of timedIteration(llm.reply(request, signal), limits)) {
    if (event.type === 'text') {
      handlers.onFirstToken()
      text += event.text
      for (const clause of cutter.push(event.text)) speaker.say(clause)
    } else if (event.type === 'tool-call') {
      calls.push({ id: event.id, name: event.name, arguments: event.arguments })
    } else if (event.type === 'end') {
      ended = true
      break
    }
  }
  if (signal.aborted) return []
  for (const clause of cutter.end()) speaker.say(clause)
  if (!ended) throw new ProviderError('network', 'llm: the answer was cut off before its end')
  if (text.trim() === '' && calls.length === 0) throw new ProviderError('bad-data', 'llm: an empty answer')
  return calls
}

/** Speaks clauses one after the other in the order they were given. */
interface OrderedSpeaker {
  say(clause: string): void
  /** Resolves when every clause given so far is queued, skipped or cancelled. */
  done(): Promise<void>
  readonly spoke: boolean
}

function createOrderedSpeaker(
  turn: number,
  parts: ReplyParts,
  utterance: AgentUtterance,
  handlers: ReplyHandlers,
  signal: AbortSignal,
): OrderedSpeaker {
  const { line, telemetry } = parts
  let chain = Promise.resolve()
  let spoke = false
  let clauses = 0

  /** A clause that fails is tried once more if nothing of it was heard yet, then skipped. */
  async function speak(clause: string): Promise<boolean> {
    for (let attempt = 0; attempt < 2; attempt++) {
      let begun = false
      const options = {
        utterance,
        signal,
        onFirstAudio: () => {
          begun = true
          if (!spoke) handlers.onFirstAudio()
          spoke = true
        },
        onFirstFrame: handlers.onFirstFrame,
      }
      try {
        await speakClause(clause, parts, options)
        return true
      } catch (thrown) {
        if (signal.aborted) return false
        telemetry.ttsFailed(turn, asProviderError(thrown, 'tts'))
        if (begun) return false
      }
    }
    return false
  }

  async function sayInTurn(clause: string): Promise<void> {
    if (signal.aborted) return
    telemetry.agentSaid(turn, clause)
    const done = await speak(clause)
    if (!done && !signal.aborted && clause !== parts.fallbackLine) await speak(parts.fallbackLine)
    if (!signal.aborted && spoke) void line.mark(`clause_${turn}_${++clauses}`)
  }

  return {
    say(clause) {
      chain = chain.then(() => sayInTurn(clause))
    },
    done: () => chain,
    get spoke() {
      return spoke
    },
  }
}
