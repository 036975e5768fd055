import { ProviderError } from '@kav/core'
import { providerErrorOf } from '../provider-error.ts'
import { serverFaultOf } from '../server-fault.ts'
import { answerPieces } from './answer-stream.ts'
import { readChatChunk } from './chat-chunk.ts'
import { chatRequest } from './chat-request.ts'
import type { FinishReason } from './finish-reason.ts'
import { createKeptThought, type KeptThought, withThought } from './kept-thought.ts'
import { type ReplyOrder, type ReplyPart, TOOL_USE_FAILED } from './reply-source.ts'
import { createSaidOnce } from './said-once.ts'
import { mergedUsage, tokenUsage } from './token-usage.ts'
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
  const assembly = createToolCallAssembly(order.tools)
  const newOf = createSaidOnce()
  let reason: FinishReason | undefined
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
      const chunk = readChatChunk(piece.value)
      if (piece.whole && chunk.isNoAnswer) throw noAnswer(piece.value, doing)
      usage = mergedUsage(usage, chunk.usage)
      isDone ||= piece.whole && chunk.finish === undefined
      if (chunk.text !== '' || chunk.calls.length > 0 || chunk.finish) watch.arrived()
      if (thought.add(chunk.message) && !hasThought) {
        hasThought = true
        yield { type: 'thought' }
      }
      const text = newOf(chunk)
      if (text !== '') yield { type: 'text', text }
      // The whole message behind its pieces holds the calls of these.
      if (!(chunk.isMessage && assembly.size > 0)) for (const delta of chunk.calls) assembly.add(delta)
      if (!chunk.finish || reason) continue
      reason = chunk.finish
      watch.limitIdle(TAIL_MS)
      throwGivenUp(reason, doing)
      if (!cutsCalls(reason)) yield* callsOf(assembly.take(true), thought, order)
    }
  } catch (thrown) {
    // What breaks after the answer is complete has cost nothing.
    if (!(reason || isDone) || isGivenUp(reason)) {
      yield* usageOf(usage)
      throw thrown
    }
  }
  const finish = finishOf(reason, isDone, assembly)
  // The server's word that it is done, or some server's way to say it after that.
  if (finish && !cutsCalls(reason)) yield* callsOf(assembly.take(reason !== undefined), thought, order)
  yield* usageOf(usage)
  if (finish) yield finish
}

function* callsOf(
  calls: ReturnType<ToolCallAssembly['take']>,
  thought: KeptThought,
  { params }: ReplyOrder,
): Generator<ReplyPart> {
  for (const call of withThought(calls, thought, params)) yield { type: 'tool-call', ...call }
}

/** Calls of an answer that ran out of tokens are cut somewhere. */
function cutsCalls(reason: FinishReason | undefined): boolean {
  return reason?.kind === 'length' || reason?.kind === 'content-filter'
}

function isGivenUp(reason: FinishReason | undefined): boolean {
  return reason?.kind === 'given-up' || reason?.kind === 'unwritable'
}

function throwGivenUp(reason: FinishReason, doing: string): void {
  const { kind, word } = reason
  if (kind === 'given-up') {
    throw providerErrorOf({ message: `the server gave up with finish_reason "${word}"` }, doing)
  }
  if (kind === 'unwritable') {
    const message = `the model failed to write a tool call (finish_reason "${word}")`
    throw providerErrorOf({ message, code: TOOL_USE_FAILED }, doing)
  }
}

/** JSON of something else: a list of models, a word of welcome. */
function noAnswer(sent: object, doing: string): ProviderError {
  const { message } = serverFaultOf(sent)
  const told = message === undefined ? '' : `: ${JSON.stringify(message.slice(0, 200))}`
  return new ProviderError(
    'bad-data',
    `${doing}: the server sent JSON that is no answer${told} (check base_url)`,
  )
}

/** `undefined`: the answer was cut. Servers that say `[DONE]` and no reason have ended it as well. */
function finishOf(
  reason: FinishReason | undefined,
  isDone: boolean,
  assembly: ToolCallAssembly,
): Finish | undefined {
  if (!reason && !isDone) return undefined
  if (reason?.kind === 'length' || (!reason && assembly.cut)) return { type: 'finish', reason: 'length' }
  if (reason?.kind === 'content-filter') return { type: 'finish', reason: 'content-filter' }
  // Some servers say `stop` after tool calls.
  return { type: 'finish', reason: assembly.size > 0 ? 'tool-calls' : 'stop' }
}

function* usageOf(sent: unknown): Generator<ReplyPart> {
  if (sent !== undefined) yield { type: 'usage', usage: tokenUsage(sent) }
}
