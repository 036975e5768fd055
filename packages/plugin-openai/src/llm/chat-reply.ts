import type { LlmMessage } from '@kav/core'
import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions'
import { providerErrorOf } from '../provider-error.ts'
import { countOf, fieldsOf, serverFaultOf } from '../foreign-fields.ts'
import { type ChatChunk, readChatChunk } from './chat-chunk.ts'
import type { LlmParams } from './llm-params.ts'
import type { ReplyOrder, ReplyPart, TokenUsage } from './reply-source.ts'
import { createToolCallAssembly } from './tool-call-assembly.ts'

/** After the end of the answer only the token counts are still to come; a server that keeps the line open has none. */
const TAIL_MS = 300

/**
 * One answer by Chat Completions (`POST /chat/completions`, server-sent events). Tool calls come out whole, when the
 * finish reason says that they are.
 */
export async function* chatReply(order: ReplyOrder): AsyncGenerator<ReplyPart, void> {
  const { watch } = order
  const stream = await order.client.chat.completions.create(chatRequest(order), { signal: watch.signal })
  const assembly = createToolCallAssembly()
  let finish: (ReplyPart & { type: 'finish' }) | undefined
  try {
    for await (const piece of watch.pieces(stream)) {
      const chunk = readChatChunk(piece, order.doing)
      throwErrorChunk(chunk, order.doing)
      const choice = chunk.choices?.[0]
      const text = choice?.delta?.content || choice?.delta?.refusal
      if (text) {
        watch.arrived()
        yield { type: 'text', text }
      }
      for (const delta of choice?.delta?.tool_calls ?? []) {
        watch.arrived()
        assembly.add(delta)
      }
      if (choice?.finish_reason && !finish) {
        watch.arrived()
        watch.limitIdle(TAIL_MS)
        finish = {
          type: 'finish',
          reason: finishReason(choice.finish_reason, assembly.size > 0, order.doing),
        }
        // Calls of an answer that ran out of tokens are cut somewhere.
        if (finish.reason === 'tool-calls') {
          for (const call of assembly.calls()) yield { type: 'tool-call', ...call }
        }
      }
      if (chunk.usage) yield { type: 'usage', usage: usageOf(chunk.usage) }
    }
  } catch (thrown) {
    // What breaks after the answer is complete has cost nothing.
    if (!finish) throw thrown
  }
  if (finish) yield finish
}

function chatRequest({ params, messages, tools }: ReplyOrder): ChatCompletionCreateParamsStreaming {
  const body: ChatCompletionCreateParamsStreaming = {
    model: params.model,
    messages: messages.map(chatMessage),
    stream: true,
    [maxTokensField(params)]: params.max_tokens,
  }
  if (params.include_usage) body.stream_options = { include_usage: true }
  if (params.temperature !== undefined) body.temperature = params.temperature
  if (params.top_p !== undefined) body.top_p = params.top_p
  if (params.stop !== undefined) body.stop = params.stop
  if (params.seed !== undefined) body.seed = params.seed
  if (params.reasoning_effort !== undefined) {
    body.reasoning_effort = params.reasoning_effort as NonNullable<typeof body.reasoning_effort>
  }
  if (tools.length > 0) {
    body.tools = tools.map(({ name, description, parameters }) => ({
      type: 'function',
      function: { name, description, parameters: { ...parameters } },
    }))
    if (params.parallel_tool_calls !== undefined) body.parallel_tool_calls = params.parallel_tool_calls
  }
  return Object.assign(body, params.extra_body)
}

/** OpenAI's newer models refuse `max_tokens`; older compatible servers know nothing else. */
function maxTokensField(params: LlmParams): 'max_completion_tokens' | 'max_tokens' {
  if (params.max_tokens_field !== 'auto') return params.max_tokens_field
  const { hostname } = new URL(params.base_url)
  return /(^|\.)openai\.(com|azure\.com)$/.test(hostname) ? 'max_completion_tokens' : 'max_tokens'
}

function chatMessage(message: LlmMessage): ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.content }
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content: message.content }
    case 'assistant':
      if (!message.toolCalls?.length) return { role: 'assistant', content: message.content }
      return {
        role: 'assistant',
        content: message.content || null,
        tool_calls: message.toolCalls.map((call) => ({
          id: call.id,
          type: 'function',
          function: { name: call.name, arguments: call.arguments },
        })),
      }
  }
}

function finishReason(
  reason: string,
  hasCalls: boolean,
  doing: string,
): 'stop' | 'tool-calls' | 'length' | 'content-filter' {
  if (reason === 'length') return 'length'
  if (reason === 'content_filter') return 'content-filter'
  // Gateways report a failure behind them this way.
  if (reason === 'error' || reason === 'abort') {
    throw providerErrorOf({ message: `the server gave up with finish_reason "${reason}"` }, doing)
  }
  // Some servers say `stop` after tool calls.
  return hasCalls ? 'tool-calls' : 'stop'
}

/** vLLM reports a failure in mid-stream as a chunk of its own kind; `{"error": …}` the SDK throws by itself. */
function throwErrorChunk(chunk: ChatChunk, doing: string): void {
  if (chunk.object !== 'error') return
  const fault = serverFaultOf(chunk)
  throw providerErrorOf({ ...fault, message: fault.message ?? 'error in the stream' }, doing)
}

function usageOf(sent: unknown): TokenUsage {
  const usage = fieldsOf(sent)
  return {
    inputTokens: countOf(usage.prompt_tokens),
    cachedInputTokens: countOf(fieldsOf(usage.prompt_tokens_details).cached_tokens),
    outputTokens: countOf(usage.completion_tokens),
    reasoningTokens: countOf(fieldsOf(usage.completion_tokens_details).reasoning_tokens),
  }
}
