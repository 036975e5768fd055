import {
  definePlugin,
  type LlmEvent,
  type LlmMessage,
  type LlmProvider,
  type LlmRequest,
  type ParamWarning,
  type PluginContext,
  ProviderError,
} from '@kav/core'
import { createConnection } from '../connection.ts'
import { keyWarnings } from '../key-warnings.ts'
import { providerErrorFrom } from '../provider-error.ts'
import { createRequestWatch, type RequestWatch } from '../request-watch.ts'
import { chatReply } from './chat-reply.ts'
import { trimToBudget, withWholeToolPairs } from './context-budget.ts'
import { type LlmParams, llmParams } from './llm-params.ts'
import type { ReplyPart, TokenUsage } from './reply-source.ts'
import { responsesReply } from './responses-reply.ts'

const WARM_TIMEOUT_MS = 3_000

/** Language models of OpenAI and of every server that speaks its Chat Completions. */
export const openaiLlm = definePlugin({
  kind: 'llm',
  name: 'openai-llm',
  description:
    'Chat Completions or Responses of OpenAI and compatible servers (Ollama, vLLM, llama.cpp, Azure OpenAI).',
  params: llmParams,
  check: checkParams,
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
  const { clock, log, metrics } = context
  const connection = createConnection(params)
  const doing = `reply from ${connection.host}`
  const source = params.api === 'responses' ? responsesReply : chatReply

  async function* reply(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmEvent, void> {
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
      const messages = prepare(request)
      for await (const part of source({ client, params, messages, tools: request.tools, watch, doing })) {
        if (signal.aborted) return
        if (!answered && part.type !== 'usage') {
          answered = true
          metrics.observe('openai_llm_first_token_ms', clock.nowMs() - startedMs)
        }
        if (part.type === 'finish') finish = { type: 'end', reason: part.reason }
        else yield toEvent(part)
      }
      if (signal.aborted) return
      const fault = watch.fault()
      if (fault && !finish) throw fault
      if (connection.closed.aborted) throw new ProviderError('cancelled', `${doing}: the provider was closed`)
      if (!finish) {
        throw new ProviderError(
          'network',
          `${doing}: the stream ended before the answer did (no finish reason)`,
        )
      }
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

  function prepare(request: LlmRequest) {
    const whole = withWholeToolPairs(request.messages)
    const messages = trimToBudget(whole, request.tools, params.context_tokens)
    const left = whole.length - messages.length
    if (left > 0) {
      metrics.count('openai_llm_messages_left_out_total', left)
      log.debug({ callId: request.callId, messages: left }, 'oldest turns left out of the request')
    }
    return messages
  }

  /** Whatever it answers: the model is in memory then. */
  async function askForOneToken(watch: RequestWatch): Promise<void> {
    const shortest = { ...params, max_tokens: 1 }
    const messages: LlmMessage[] = [{ role: 'user', content: 'Hi' }]
    try {
      const client = await connection.client()
      for await (const _part of source({ client, params: shortest, messages, tools: [], watch, doing }))
        continue
    } catch (thrown) {
      log.debug({ error: providerErrorFrom(thrown, doing).message }, 'the model could not be warmed up')
    }
  }

  function toEvent(part: Exclude<ReplyPart, { type: 'finish' }>): LlmEvent {
    if (part.type !== 'usage') return part
    countUsage(part.usage)
    return { type: 'usage', inputTokens: part.usage.inputTokens, outputTokens: part.usage.outputTokens }
  }

  function countUsage(usage: TokenUsage): void {
    metrics.count('openai_llm_input_tokens_total', usage.inputTokens)
    metrics.count('openai_llm_cached_input_tokens_total', usage.cachedInputTokens)
    metrics.count('openai_llm_output_tokens_total', usage.outputTokens)
    metrics.count('openai_llm_reasoning_tokens_total', usage.reasoningTokens)
    if (!params.prices) return
    const { input, output, cached_input: cachedInput = input } = params.prices
    const freshTokens = usage.inputTokens - usage.cachedInputTokens
    const micros = freshTokens * input + usage.cachedInputTokens * cachedInput + usage.outputTokens * output
    metrics.count('openai_llm_cost_usd_total', micros / 1e6)
  }

  return {
    // Nothing is stored at the server and no tool runs there: an answer too many costs its tokens.
    preemptive: true,
    reply,
    async warm() {
      if (params.warm_up === 'off') return
      const firstMs = params.warm_up === 'model' ? params.first_token_timeout_ms : WARM_TIMEOUT_MS
      const watch = createRequestWatch(clock, [connection.closed], { doing, firstMs, idleMs: firstMs })
      const path = `/models/${encodeURIComponent(params.model)}`
      if (params.warm_up === 'model') await askForOneToken(watch)
      else await connection.warm(path, watch.signal)
      watch.end()
    },
    close: () => connection.close(),
  }
}
