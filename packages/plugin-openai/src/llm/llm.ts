import {
  definePlugin,
  type LlmEvent,
  type LlmMessage,
  type LlmProvider,
  type LlmRequest,
  type LlmSummaryRequest,
  type Metrics,
  type ParamWarning,
  type PluginContext,
  ProviderError,
} from '@kav/core'
import { type Connection, createConnection } from '../connection.ts'
import { keyWarnings } from '../key-warnings.ts'
import { checkServer } from '../live/live-check.ts'
import { providerErrorFrom } from '../provider-error.ts'
import { createRequestWatch, type RequestWatch } from '@kav/core/kit'
import { chatReply } from './chat-reply.ts'
import { trimToBudget, withWholeToolPairs } from './context-budget.ts'
import { learnFrom, type ThoughtHabits } from './kept-thought.ts'
import { type LlmParams, llmParams } from './llm-params.ts'
import { type ReplyOrder, type ReplyPart, TOOL_USE_FAILED, type TokenUsage } from './reply-source.ts'
import { responsesReply } from './responses-reply.ts'
import { summaryMessages } from './summary.ts'
import { thinksFirst } from './thinks-first.ts'

const WARM_TIMEOUT_MS = 3_000

/** Language models of OpenAI and of every server that speaks its Chat Completions. */
export const openaiLlm = definePlugin({
  kind: 'llm',
  name: 'openai-llm',
  description:
    'Chat Completions or Responses of OpenAI and compatible servers (Ollama, vLLM, llama.cpp, Azure OpenAI).',
  params: llmParams,
  check: checkParams,
  liveCheck: (params, context) => checkServer(params, { models: { model: params.model } }, context),
  create: createOpenaiLlm,
})

function checkParams(params: LlmParams): ParamWarning[] {
  const warnings = keyWarnings(params)
  if (params.api === 'responses') {
    for (const field of ['stop', 'seed'] as const) {
      if (params[field] === undefined) continue
      warnings.push({ path: [field], message: `the Responses API has no ${field}; it is not sent` })
    }
  }
  return warnings
}

function createOpenaiLlm(params: LlmParams, context: PluginContext): LlmProvider {
  const { clock } = context
  const connection = createConnection(params)
  const parts: LlmParts = {
    params,
    context,
    connection,
    doing: `reply from ${connection.host}`,
    thoughts: { wants: undefined, refuses: false },
    source: params.api === 'responses' ? responsesReply : chatReply,
  }
  return {
    ...(params.summarize && {
      summarize: (request: LlmSummaryRequest, signal: AbortSignal) => summarize(parts, request, signal),
    }),
    // Nothing is stored at the server and no tool runs there: an answer too many costs its tokens.
    preemptive: true,
    ...thinksFirst(params),
    reply: (request, signal) => reply(parts, request, signal),
    async warm() {
      if (params.warm_up === 'off') return
      const firstMs = params.warm_up === 'model' ? params.first_token_timeout_ms : WARM_TIMEOUT_MS
      const limits = { doing: parts.doing, firstMs, idleMs: firstMs }
      const watch = createRequestWatch(clock, [connection.closed], limits)
      const path = `/models/${encodeURIComponent(params.model)}`
      if (params.warm_up === 'model') await askForOneToken(parts, watch)
      else await connection.warm(path, watch.signal)
      watch.end()
    },
    close: () => connection.close(),
  }
}

async function summarize(parts: LlmParts, request: LlmSummaryRequest, signal: AbortSignal): Promise<string> {
  const messages = summaryMessages(request, parts.params.context_tokens)
  let text = ''
  for await (const event of reply(parts, { callId: request.callId, messages, tools: [] }, signal)) {
    if (event.type === 'text') text += event.text
  }
  return text
}

/** What all replies of one provider share. */
interface LlmParts {
  readonly params: LlmParams
  readonly context: PluginContext
  readonly connection: Connection
  readonly doing: string
  readonly thoughts: ThoughtHabits
  readonly source: typeof chatReply
}

async function* reply(
  parts: LlmParts,
  request: LlmRequest,
  signal: AbortSignal,
): AsyncGenerator<LlmEvent, void> {
  const { params, context, connection, doing, source, thoughts } = parts
  const { clock, metrics } = context
  if (signal.aborted) return
  const startedMs = clock.nowMs()
  const watch = createRequestWatch(clock, [signal, connection.closed], {
    doing,
    firstMs: params.first_token_timeout_ms,
    idleMs: params.idle_timeout_ms,
  })
  let outcome = 'cancelled'
  let answered = false
  let finish: LlmEvent | undefined
  try {
    const client = await connection.client()
    const messages = prepare(request, params, context)
    const order = { client, params, messages, tools: request.tools, watch, thoughts, doing }
    for await (const part of askedAgain(source, order, metrics)) {
      // They are paid for, whoever took the word.
      if (part.type === 'usage') countUsage(part.usage, params, metrics)
      if (signal.aborted) return
      if (!answered && part.type !== 'usage' && part.type !== 'thought') {
        answered = true
        metrics.observe('openai_llm_first_token_ms', clock.nowMs() - startedMs)
      }
      if (part.type === 'finish') finish = { type: 'end', reason: part.reason }
      else yield toEvent(part)
    }
    if (signal.aborted) return
    if (!finish) throw watch.fault() ?? unfinished(parts)
    if (connection.closed.aborted) throw unfinished(parts)
    outcome = 'ok'
    yield finish
  } catch (thrown) {
    if (signal.aborted) return
    const error = watch.fault() ?? providerErrorFrom(thrown, doing)
    outcome = error.class
    throw error
  } finally {
    watch.end()
    metrics.count('openai_llm_requests_total', 1, { outcome: signal.aborted ? 'cancelled' : outcome })
  }
}

/**
 * The answer, asked for once more where nothing has been said yet and another try has a chance: the model failed to
 * write a tool call, or the server told how it wants thoughts back.
 */
async function* askedAgain(
  source: LlmParts['source'],
  order: ReplyOrder,
  metrics: Metrics,
): AsyncGenerator<ReplyPart, void> {
  let isBegun = false
  try {
    for await (const part of source(order)) {
      isBegun ||= part.type !== 'usage' && part.type !== 'thought'
      yield part
    }
  } catch (thrown) {
    const error = providerErrorFrom(thrown, order.doing)
    const mayHelp =
      error.details?.['code'] === TOOL_USE_FAILED ||
      (error.class === 'bad-request' && learnFrom(error.message, order.thoughts))
    if (isBegun || !mayHelp) throw thrown
    metrics.count('openai_llm_asked_again_total')
    yield* source(order)
  }
}

function unfinished({ connection, doing }: LlmParts): ProviderError {
  if (connection.closed.aborted) return new ProviderError('cancelled', `${doing}: the provider was closed`)
  const message = `${doing}: the stream ended before the answer did (no finish reason)`
  return new ProviderError('network', message)
}

function prepare(
  request: LlmRequest,
  params: LlmParams,
  { log, metrics }: PluginContext,
): readonly LlmMessage[] {
  const whole = withWholeToolPairs(request.messages)
  const messages = trimToBudget(whole, request.tools, params.context_tokens)
  const left = whole.length - messages.length
  if (left > 0) {
    metrics.count('openai_llm_messages_left_out_total', left)
    log.debug({ call: request.callId, messages: left }, 'oldest turns left out of the request')
  }
  return messages
}

/** Whatever it answers: the model is in memory then. */
async function askForOneToken(parts: LlmParts, watch: RequestWatch): Promise<void> {
  const { connection, doing, source, thoughts } = parts
  const params = { ...parts.params, max_tokens: 1 }
  const messages: LlmMessage[] = [{ role: 'user', content: 'Hi' }]
  try {
    const client = await connection.client()
    for await (const _part of source({ client, params, messages, tools: [], watch, thoughts, doing }))
      continue
  } catch (thrown) {
    const error = providerErrorFrom(thrown, doing).message
    parts.context.log.debug({ error }, 'the model could not be warmed up')
  }
}

function toEvent(part: Exclude<ReplyPart, { type: 'finish' }>): LlmEvent {
  if (part.type !== 'usage') return part
  const { inputTokens, outputTokens, cachedInputTokens } = part.usage
  return { type: 'usage', inputTokens, outputTokens, ...(cachedInputTokens > 0 && { cachedInputTokens }) }
}

function countUsage(usage: TokenUsage, params: LlmParams, metrics: Metrics): void {
  metrics.count('openai_llm_input_tokens_total', usage.inputTokens)
  metrics.count('openai_llm_cached_input_tokens_total', usage.cachedInputTokens)
  metrics.count('openai_llm_output_tokens_total', usage.outputTokens)
  metrics.count('openai_llm_reasoning_tokens_total', usage.reasoningTokens)
  if (!params.prices) return
  const { input, output, cached_input: cachedInput = input } = params.prices
  const cachedTokens = Math.min(usage.cachedInputTokens, usage.inputTokens)
  const freshTokens = usage.inputTokens - cachedTokens
  const micros = freshTokens * input + cachedTokens * cachedInput + usage.outputTokens * output
  metrics.count('openai_llm_cost_usd_total', micros / 1e6)
}
