import { type LlmMessage, ProviderError } from '@kav/core'
import type { ResponseCreateParamsStreaming, ResponseInputItem } from 'openai/resources/responses/responses'
import { providerErrorOf } from '../provider-error.ts'
import { countOf, fieldsOf } from '../foreign-fields.ts'
import { serverFaultOf } from '../server-fault.ts'
import { answerPieces } from './answer-stream.ts'
import { readResponseEvent } from './response-event.ts'
import { sentArguments } from './sent-arguments.ts'
import type { ReplyOrder, ReplyPart } from './reply-source.ts'

/** One answer by the Responses API (`POST /responses`, server-sent events). Nothing is stored at the server. */
export async function* responsesReply(order: ReplyOrder): AsyncGenerator<ReplyPart, void> {
  const { watch } = order
  const request = order.client.responses.create(responsesRequest(order), { signal: watch.signal })
  const { body } = await request.asResponse()
  let hasCalls = false
  for await (const piece of watch.pieces(answerPieces(body, order.doing))) {
    if (piece.type === 'done') continue
    const event = readResponseEvent(piece.value, order.doing)
    switch (event?.type) {
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
        yield toolCallOf(event.item, order.doing)
        break
      case 'response.completed':
      case 'response.incomplete':
        yield* usageOf(event.response)
        yield { type: 'finish', reason: finishReason(event.response, hasCalls) }
        return
      case 'response.failed':
        throw failure(fieldsOf(event.response).error, order.doing)
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
      arguments: sentArguments(call.arguments),
    })),
  ]
}

function toolCallOf(
  item: { readonly call_id?: string; readonly name?: string; readonly arguments?: string },
  doing: string,
): ReplyPart {
  const { call_id: id, name } = item
  if (!id || !name) throw new ProviderError('bad-data', `${doing}: a tool call has no name or no id`)
  return { type: 'tool-call', id, name, arguments: item.arguments || '{}' }
}

function* usageOf(response: unknown): Generator<ReplyPart, void> {
  const { usage: sent } = fieldsOf(response)
  if (sent === undefined || sent === null) return
  const usage = fieldsOf(sent)
  yield {
    type: 'usage',
    usage: {
      inputTokens: countOf(usage.input_tokens),
      cachedInputTokens: countOf(fieldsOf(usage.input_tokens_details).cached_tokens),
      outputTokens: countOf(usage.output_tokens),
      reasoningTokens: countOf(fieldsOf(usage.output_tokens_details).reasoning_tokens),
    },
  }
}

function finishReason(response: unknown, hasCalls: boolean) {
  const { incomplete_details: incomplete } = fieldsOf(response)
  if (fieldsOf(incomplete).reason === 'content_filter') return 'content-filter'
  if (incomplete) return 'length'
  return hasCalls ? 'tool-calls' : 'stop'
}

function failure(error: unknown, doing: string): ProviderError {
  const { message = 'the response failed', code } = serverFaultOf(error)
  return providerErrorOf({ message, code }, doing)
}
