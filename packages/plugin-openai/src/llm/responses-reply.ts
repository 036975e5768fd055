import type { LlmMessage } from '@kav/core'
import type {
  Response,
  ResponseCreateParamsStreaming,
  ResponseInputItem,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses'
import { providerErrorOf } from '../provider-error.ts'
import type { ReplyOrder, ReplyPart } from './reply-source.ts'

/** One answer by the Responses API (`POST /responses`, server-sent events). Nothing is stored at the server. */
export async function* responsesReply(order: ReplyOrder): AsyncGenerator<ReplyPart, void> {
  const { watch } = order
  const stream = await order.client.responses.create(responsesRequest(order), { signal: watch.signal })
  let hasCalls = false
  for await (const event of watch.pieces(stream)) {
    switch (event.type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        watch.arrived()
        yield { type: 'text', text: event.delta }
        break
      case 'response.function_call_arguments.delta':
        watch.arrived()
        break
      case 'response.output_item.done':
        if (event.item.type !== 'function_call' || event.item.status === 'incomplete') break
        watch.arrived()
        hasCalls = true
        yield {
          type: 'tool-call',
          id: event.item.call_id,
          name: event.item.name,
          arguments: event.item.arguments || '{}',
        }
        break
      case 'response.completed':
      case 'response.incomplete':
        yield* usageOf(event.response)
        yield { type: 'finish', reason: finishReason(event.response, hasCalls) }
        return
      case 'response.failed':
      case 'error':
        throw failure(event, order.doing)
      default:
        break
    }
  }
}

function responsesRequest({ params, messages, tools }: ReplyOrder): ResponseCreateParamsStreaming {
  const body: ResponseCreateParamsStreaming = {
    model: params.model,
    input: messages.flatMap(inputItems),
    stream: true,
    store: false,
    max_output_tokens: params.max_tokens,
  }
  if (params.temperature !== undefined) body.temperature = params.temperature
  if (params.top_p !== undefined) body.top_p = params.top_p
  if (params.reasoning_effort !== undefined) {
    type Effort = NonNullable<NonNullable<typeof body.reasoning>['effort']>
    body.reasoning = { effort: params.reasoning_effort as Effort }
  }
  if (tools.length > 0) {
    // Left out, `strict` is true here, and refuses schemas that Chat Completions takes.
    body.tools = tools.map(({ name, description, parameters }) => ({
      type: 'function',
      name,
      description,
      parameters: { ...parameters },
      strict: false,
    }))
    if (params.parallel_tool_calls !== undefined) body.parallel_tool_calls = params.parallel_tool_calls
  }
  return Object.assign(body, params.extra_body)
}

/** Calls and results are items of their own in this API, not parts of a message. */
function inputItems(message: LlmMessage): ResponseInputItem[] {
  if (message.role === 'tool') {
    return [{ type: 'function_call_output', call_id: message.toolCallId, output: message.content }]
  }
  const said: ResponseInputItem[] =
    message.content === '' ? [] : [{ role: message.role, content: message.content }]
  if (message.role !== 'assistant' || !message.toolCalls) return said
  return [
    ...said,
    ...message.toolCalls.map((call): ResponseInputItem => ({
      type: 'function_call',
      call_id: call.id,
      name: call.name,
      arguments: call.arguments,
    })),
  ]
}

function* usageOf(response: Response): Generator<ReplyPart, void> {
  const { usage } = response
  if (!usage) return
  yield {
    type: 'usage',
    usage: {
      inputTokens: usage.input_tokens,
      cachedInputTokens: usage.input_tokens_details?.cached_tokens ?? 0,
      outputTokens: usage.output_tokens,
      reasoningTokens: usage.output_tokens_details?.reasoning_tokens ?? 0,
    },
  }
}

function finishReason(response: Response, hasCalls: boolean) {
  if (response.incomplete_details?.reason === 'content_filter') return 'content-filter'
  if (response.incomplete_details) return 'length'
  return hasCalls ? 'tool-calls' : 'stop'
}

function failure(event: Extract<ResponseStreamEvent, { type: 'response.failed' | 'error' }>, doing: string) {
  const fault = event.type === 'error' ? event : event.response.error
  return providerErrorOf(
    { message: fault?.message ?? 'the response failed', code: fault?.code ?? undefined },
    doing,
  )
}
