import { setMaxListeners } from 'node:events'
import type { LanguageModelV3, LanguageModelV3CallOptions, SharedV3ProviderOptions } from '@ai-sdk/provider'
import {
  definePlugin,
  type LlmEvent,
  type LlmProvider,
  type LlmRequest,
  type Metrics,
  type ParamWarning,
  type PluginContext,
  ProviderError,
} from '@kav/core'
import { linkSignals, untilAborted } from '@kav/core/kit'
import { createHttpClient } from './http-client.ts'
import { askForOneWord } from './live-check.ts'
import { type LlmParams, llmParams } from './llm-params.ts'
import { loadModel, notFound } from './load-model.ts'
import { locatePackage } from './locate-package.ts'
import { promptOf } from './prompt.ts'
import { providerErrorFrom } from './provider-error.ts'
import { createAnswerReader, type TokenUsage } from './read-answer.ts'

/** Language models of every provider that the AI SDK has a package for. */
export const aiSdkLlm = definePlugin({
  kind: 'llm',
  name: 'ai-sdk',
  description: 'Models of the AI SDK’s provider packages (Anthropic, Google, Mistral, Bedrock, …), by name.',
  params: llmParams,
  checkFiles,
  liveCheck: (params, context) => askForOneWord(params, createLlm(params, context)),
  create: createLlm,
})

async function checkFiles(params: LlmParams, baseDir: string): Promise<readonly ParamWarning[]> {
  if ((await locatePackage(params.package, baseDir)) !== undefined) return []
  return [{ severity: 'error', path: ['package'], message: notFound(params.package) }]
}

/** What all replies of one provider share. */
interface LlmParts {
  readonly params: LlmParams
  readonly metrics: Metrics
  readonly context: PluginContext
  /** Whose thoughts are whose. */
  readonly origin: string
  /** For messages: `reply from claude-haiku-4-5`. */
  readonly doing: string
  readonly closed: AbortSignal
  model(): Promise<LanguageModelV3>
}

function createLlm(params: LlmParams, context: PluginContext): LlmProvider {
  const http = createHttpClient()
  const closing = new AbortController()
  // One listener for each open request, and there may be hundreds.
  setMaxListeners(0, closing.signal)
  let loading: Promise<LanguageModelV3> | undefined
  const model = () =>
    (loading ??= loadModel(params, context.baseDir, http.fetch).catch((thrown: unknown) => {
      // Somebody may install it.
      loading = undefined
      throw thrown
    }))
  const parts: LlmParts = {
    params,
    metrics: context.metrics,
    context,
    origin: `${params.package} ${params.base_url ?? ''} ${params.model}`,
    doing: `reply from ${params.model}`,
    closed: closing.signal,
    model,
  }
  return {
    // No tool runs at the provider unless `options` say so: an answer too many costs its tokens.
    preemptive: true,
    reply: (request, signal) => reply(parts, request, signal),
    async warm() {
      if (closing.signal.aborted) return
      // What is wrong with the package is told by the first reply.
      await model().catch(() => undefined)
      await http.warm(params.base_url, closing.signal)
    },
    async close() {
      closing.abort()
      await http.close()
    },
  }
}

async function* reply(
  parts: LlmParts,
  request: LlmRequest,
  signal: AbortSignal,
): AsyncGenerator<LlmEvent, void> {
  const { doing, closed, metrics, context } = parts
  if (signal.aborted) return
  const startedMs = context.clock.nowMs()
  // Left, or at its end: the request ends in either case.
  const leaving = new AbortController()
  const { signal: stop, unlink } = linkSignals(signal, closed, leaving.signal)
  let outcome = 'cancelled'
  let isAnswered = false
  try {
    for await (const part of answer(parts, request, stop)) {
      // They are paid for, whoever took the word.
      if (part.type === 'usage') countUsage(metrics, part.usage)
      if (signal.aborted) return
      if (!isAnswered && (part.type === 'text' || part.type === 'tool-call')) {
        isAnswered = true
        metrics.observe('ai_sdk_llm_first_token_ms', context.clock.nowMs() - startedMs)
      }
      if (part.type === 'end') outcome = 'ok'
      if (part.type === 'odd') metrics.count('ai_sdk_llm_odd_parts_total')
      else if (part.type === 'usage') yield usageEvent(part.usage)
      else yield part
      if (part.type === 'end') return
    }
    if (signal.aborted) return
    if (closed.aborted) throw new ProviderError('cancelled', `${doing}: the provider was closed`)
    throw new ProviderError('network', `${doing}: the stream ended before the answer did (no finish reason)`)
  } catch (thrown) {
    if (signal.aborted) return
    const error = providerErrorFrom(thrown, doing)
    outcome = error.class
    throw error
  } finally {
    leaving.abort()
    unlink()
    metrics.count('ai_sdk_llm_requests_total', 1, { outcome: signal.aborted ? 'cancelled' : outcome })
  }
}

/** The parts of one answer; ends as soon as `stop` aborts, whatever the package does. */
async function* answer(parts: LlmParts, request: LlmRequest, stop: AbortSignal) {
  const { params, origin, doing } = parts
  const opening = parts.model().then((model) => model.doStream(callOptions(params, origin, request, stop)))
  // A package that heeds no abort opens it all the same.
  const leave = ({ stream }: Awaited<typeof opening>) => (stop.aborted ? stream.cancel() : undefined)
  opening.then(leave).catch(() => undefined)
  const opened = await untilAborted(stop, opening, () => undefined)
  if (stop.aborted) {
    opened?.stream.cancel().catch(() => undefined)
    return
  }
  const read = createAnswerReader(origin, doing)
  const reader = opened!.stream.getReader()
  try {
    for (;;) {
      const next = await untilAborted(stop, reader.read(), () => undefined)
      if (next === undefined || next.done) return
      yield* read(next.value)
    }
  } finally {
    reader.cancel().catch(() => undefined)
  }
}

function callOptions(
  params: LlmParams,
  origin: string,
  { messages, tools }: LlmRequest,
  abortSignal: AbortSignal,
): LanguageModelV3CallOptions {
  const { temperature, top_p: topP, top_k: topK, stop: stopSequences, seed } = params
  const given = Object.entries({ temperature, topP, topK, stopSequences, seed }).filter(
    ([, value]) => value !== undefined,
  )
  return {
    prompt: promptOf(messages, origin),
    maxOutputTokens: params.max_tokens,
    ...Object.fromEntries(given),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        type: 'function' as const,
        name,
        description,
        inputSchema: { ...parameters },
      })),
      toolChoice: { type: 'auto' as const },
    }),
    providerOptions: params.provider_options as SharedV3ProviderOptions,
    abortSignal,
  }
}

function usageEvent({ inputTokens, outputTokens, cachedInputTokens }: TokenUsage): LlmEvent {
  return { type: 'usage', inputTokens, outputTokens, cachedInputTokens }
}

function countUsage(metrics: Metrics, usage: TokenUsage): void {
  metrics.count('ai_sdk_llm_input_tokens_total', usage.inputTokens)
  metrics.count('ai_sdk_llm_cached_input_tokens_total', usage.cachedInputTokens)
  metrics.count('ai_sdk_llm_output_tokens_total', usage.outputTokens)
  metrics.count('ai_sdk_llm_reasoning_tokens_total', usage.reasoningTokens)
}
