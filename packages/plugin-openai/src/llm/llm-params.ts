import { type Static, Type } from '@sinclair/typebox'
import { connectionParams } from '../connection.ts'
import { defaulted } from '@kav/core/kit'

const prices = Type.Object(
  {
    input: Type.Number({ minimum: 0, maximum: 100_000, description: 'US dollars per million input tokens.' }),
    cached_input: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 100_000,
        description: 'US dollars per million cached input tokens; `input` when left out.',
      }),
    ),
    output: Type.Number({
      minimum: 0,
      maximum: 100_000,
      description: 'US dollars per million output tokens.',
    }),
  },
  {
    additionalProperties: false,
    description: 'Prices of the model; with them the metric openai_llm_cost_usd_total is counted.',
  },
)

export const llmParams = Type.Object(
  {
    ...connectionParams,
    model: defaulted(
      Type.String({ minLength: 1, default: 'gpt-4o-mini', description: 'Model, or deployment on Azure.' }),
    ),
    api: defaulted(
      Type.Union([Type.Literal('chat'), Type.Literal('responses')], {
        default: 'chat',
        description: 'Chat Completions, which every compatible server speaks, or the Responses API.',
      }),
    ),
    temperature: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 2,
        description: 'Left out: the model’s own. Reasoning models refuse it.',
      }),
    ),
    top_p: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'Nucleus sampling.' })),
    max_tokens: defaulted(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        default: 1024,
        description: 'Upper limit of one answer in tokens, reasoning included.',
      }),
    ),
    max_tokens_field: defaulted(
      Type.Union([Type.Literal('auto'), Type.Literal('max_completion_tokens'), Type.Literal('max_tokens')], {
        default: 'auto',
        description:
          'Name of the limit in Chat Completions. `auto`: max_completion_tokens at OpenAI and Azure, else max_tokens.',
      }),
    ),
    message_order: defaulted(
      Type.Union([Type.Literal('auto'), Type.Literal('any'), Type.Literal('alternate')], {
        default: 'auto',
        description:
          'For servers that refuse a conversation begun by the assistant, or two messages of one role in a row ' +
          '(`api: chat` only). `auto`: `alternate` for models of Gemma, Mistral, Llama 2 and Perplexity, else `any`.',
      }),
    ),
    reasoning: defaulted(
      Type.Union([Type.Literal('auto'), Type.Literal('opens_inside'), Type.Literal('none')], {
        default: 'auto',
        description:
          'Whether answers begin inside a thought whose opening tag the chat template wrote: `opens_inside` says nothing ' +
          'before its closing tag, `none` waits for none. `auto`: by the family of `model`, and as its answers tell.',
      }),
    ),
    reasoning_effort: Type.Optional(
      Type.Union(
        ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'].map((effort) => Type.Literal(effort)),
        { description: 'How long a reasoning model thinks before its first word. Low or less on the phone.' },
      ),
    ),
    stop: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        maxItems: 4,
        description: 'Texts at which the answer ends (`api: chat` only).',
      }),
    ),
    seed: Type.Optional(
      Type.Integer({
        minimum: Number.MIN_SAFE_INTEGER,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'For answers that repeat, as far as the server can (`api: chat` only).',
      }),
    ),
    parallel_tool_calls: Type.Optional(
      Type.Boolean({
        description: 'Whether one answer may call several tools. Left out: the server’s default.',
      }),
    ),
    include_usage: defaulted(
      Type.Boolean({
        default: true,
        description: 'Asks for token counts (`stream_options`); off for servers that refuse the field.',
      }),
    ),
    context_tokens: defaulted(
      Type.Integer({
        minimum: 256,
        maximum: 10_000_000,
        default: 16_000,
        description: 'Budget of the conversation sent, estimated; the oldest turns are left out beyond it.',
      }),
    ),
    summarize: defaulted(
      Type.Boolean({
        default: true,
        description:
          'Asks the model, in the background, for a summary of what a call beyond `history_max_tokens` forgets.',
      }),
    ),
    warm_up: defaulted(
      Type.Union([Type.Literal('connect'), Type.Literal('model'), Type.Literal('off')], {
        default: 'connect',
        description:
          'At the start of a call: open a connection, or ask for one token so that a local server loads the model.',
      }),
    ),
    first_token_timeout_ms: defaulted(
      Type.Integer({
        minimum: 100,
        maximum: 120_000,
        default: 8_000,
        description: 'From the request to the first text or tool call.',
      }),
    ),
    idle_timeout_ms: defaulted(
      Type.Integer({
        minimum: 100,
        maximum: 120_000,
        default: 5_000,
        description: 'Longest gap within an answer.',
      }),
    ),
    prices: Type.Optional(prices),
    extra_body: defaulted(
      Type.Record(Type.String(), Type.Unknown(), {
        default: {},
        description: 'Fields added to the request body as they are (`service_tier`, `keep_alive`, …).',
      }),
    ),
  },
  { additionalProperties: false },
)

export type LlmParams = Static<typeof llmParams>
