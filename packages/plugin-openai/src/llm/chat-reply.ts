import { providerErrorOf } from '../provider-error.ts'
import { countOf, fieldsOf } from '../foreign-fields.ts'
import { answerPieces } from './answer-stream.ts'
import { readChatChunk } from './chat-chunk.ts'
import { chatRequest } from './chat-request.ts'
import { createKeptThought, type KeptThought, withThought } from './kept-thought.ts'
import type { ReplyOrder, ReplyPart, TokenUsage } from './reply-source.ts'
import { createToolCallAssembly, type ToolCallAssembly } from './tool-call-assembly.ts'

/** After the end of the answer only the token counts are still to come; a server that keeps the line open has none. */
const TAIL_MS = 300

type Finish = ReplyPart & { readonly type: 'finish' }

/**
 * One answer by Chat Completions (`POST /chat/completions`, server-sent events). Tool calls come out whole, when the
 * finish reason says that they are. Token counts come once, the last that the server told: some tell running totals.
 */
export async function* chatReply(order: ReplyOrder): AsyncGenerator<ReplyPart, void> {
  const { watch, doing } = order
  const request = order.client.chat.completions.create(chatRequest(order), { signal: watch.signal })
  const { body } = await request.asResponse()
  const thought = createKeptThought()
  const assembly = createToolCallAssembly()
  let reason: string | undefined
  let isDone = false
  let hasThought = false
  let usage: unknown
  try {
    for await (const piece of watch.pieces(answerPieces(body, doing))) {
      if (piece.type === 'done') {
        // Read to its end: the connection is kept for the next turn.
        isDone = true
        watch.arrived()
        watch.limitIdle(TAIL_MS)
        continue
      }
      const chunk = readChatChunk(piece.value, doing)
      usage = chunk.usage ?? usage
      isDone ||= piece.whole && chunk.finishReason === undefined
      if (chunk.text !== '' || chunk.calls.length > 0 || chunk.finishReason) watch.arrived()
      if (thought.add(chunk.message) && !hasThought) {
        hasThought = true
        yield { type: 'thought' }
      }
      if (chunk.text !== '') yield { type: 'text', text: chunk.text }
      for (const delta of chunk.calls) assembly.add(delta)
      if (!chunk.finishReason || reason) continue
      reason = chunk.finishReason
      watch.limitIdle(TAIL_MS)
      throwGivenUp(reason, doing)
      if (!cutsCalls(reason)) yield* callsOf(assembly, thought, order)
    }
  } catch (thrown) {
    // What breaks after the answer is complete has cost nothing.
    if (!(reason || isDone) || GIVEN_UP.has(reason ?? '')) {
      yield* usageOf(usage)
      throw thrown
    }
  }
  const finish = finishOf(reason, isDone, assembly)
  // The server's word that it is done, or some server's way to say it after that.
  if (finish && !cutsCalls(reason)) yield* callsOf(assembly, thought, order)
  yield* usageOf(usage)
  if (finish) yield finish
}

function* callsOf(
  assembly: ToolCallAssembly,
  thought: KeptThought,
  { params }: ReplyOrder,
): Generator<ReplyPart> {
  for (const call of withThought(assembly.take(), thought, params)) yield { type: 'tool-call', ...call }
}

/** Calls of an answer that ran out of tokens are cut somewhere. */
function cutsCalls(reason: string | undefined): boolean {
  return reason === 'length' || reason === 'content_filter'
}

/** Gateways report a failure behind them this way. */
const GIVEN_UP = new Set(['error', 'abort'])

function throwGivenUp(reason: string, doing: string): void {
  if (!GIVEN_UP.has(reason)) return
  throw providerErrorOf({ message: `the server gave up with finish_reason "${reason}"` }, doing)
}

/** `undefined`: the answer was cut. Servers that say `[DONE]` and no reason have ended it as well. */
function finishOf(
  reason: string | undefined,
  isDone: boolean,
  assembly: ToolCallAssembly,
): Finish | undefined {
  if (!reason && !isDone) return undefined
  if (reason === 'length' || (!reason && assembly.cut)) return { type: 'finish', reason: 'length' }
  if (reason === 'content_filter') return { type: 'finish', reason: 'content-filter' }
  // Some servers say `stop` after tool calls.
  return { type: 'finish', reason: assembly.size > 0 ? 'tool-calls' : 'stop' }
}

function* usageOf(sent: unknown): Generator<ReplyPart> {
  if (sent === undefined || sent === null) return
  yield { type: 'usage', usage: tokenUsage(sent) }
}

function tokenUsage(sent: unknown): TokenUsage {
  const usage = fieldsOf(sent)
  return {
    inputTokens: countOf(usage.prompt_tokens),
    cachedInputTokens: countOf(fieldsOf(usage.prompt_tokens_details).cached_tokens),
    outputTokens: countOf(usage.completion_tokens),
    reasoningTokens: countOf(fieldsOf(usage.completion_tokens_details).reasoning_tokens),
  }
}
