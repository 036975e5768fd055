import type { LlmMessage, LlmToolCall } from '@kav/core'
import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions'
import { fieldsOf } from '../foreign-fields.ts'
import { ownOpaque, type ThoughtHabits, thoughtFields } from './kept-thought.ts'
import type { LlmParams } from './llm-params.ts'
import { alternates, alternating } from './message-order.ts'
import type { ReplyOrder } from './reply-source.ts'
import { sentArguments } from './sent-arguments.ts'

/** The body of `POST /chat/completions`. */
export function chatRequest({
  params,
  messages,
  tools,
  thoughts,
}: ReplyOrder): ChatCompletionCreateParamsStreaming {
  const body: ChatCompletionCreateParamsStreaming = {
    model: params.model,
    messages: (alternates(params) ? alternating(messages) : messages).map((each) =>
      chatMessage(each, params, thoughts),
    ),
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
  return isOpenai(params) ? 'max_completion_tokens' : 'max_tokens'
}

function isOpenai(params: LlmParams): boolean {
  return /(^|\.)openai\.(com|azure\.com)$/.test(new URL(params.base_url).hostname)
}

function chatMessage(
  message: LlmMessage,
  params: LlmParams,
  thoughts: ThoughtHabits,
): ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.content }
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content: message.content }
    case 'assistant':
      if (!message.toolCalls?.length) return { role: 'assistant', content: message.content }
      return {
        ...thoughtFields(message.toolCalls, params, thoughts),
        role: 'assistant',
        // OpenAI's own says null; templates of other servers (llama.cpp) fail at it.
        content: message.content || (isOpenai(params) ? null : ''),
        tool_calls: message.toolCalls.map((call) => chatToolCall(call, params)),
      }
  }
}

/** As it came, with what the server wants to have back. */
function chatToolCall(call: LlmToolCall, params: LlmParams) {
  const { id, name, arguments: args } = call
  const opaque = ownOpaque(call, params)
  const type = 'function' as const
  return {
    ...fieldsOf(opaque?.call),
    id,
    type,
    function: { ...fieldsOf(opaque?.function), name, arguments: sentArguments(args) },
  }
}
