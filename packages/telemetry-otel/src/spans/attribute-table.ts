/** The version of OpenTelemetry's semantic conventions whose names are used here. */
export const SEMCONV_VERSION = '1.45.0'

interface AttributeKind {
  readonly spans: string
  readonly about: string
}

/**
 * Every attribute of a span. `docs/tracing.md` has its table from here. What a person said, and phone numbers, only
 * under keys with `pii`, and only where that is switched on.
 */
export const ATTRIBUTES = {
  'gen_ai.operation.name': { spans: 'call, llm, tool', about: '`invoke_agent`, `chat`, `execute_tool`' },
  'gen_ai.provider.name': { spans: 'call, llm', about: 'the maker of the model: `openai`, or the plugin' },
  'gen_ai.agent.name': { spans: 'call', about: 'the pipeline' },
  'gen_ai.conversation.id': { spans: 'call, llm', about: 'the call’s id' },
  'gen_ai.request.model': { spans: 'llm', about: '`params.model` of the plugin' },
  'gen_ai.request.stream': { spans: 'llm', about: '`true`' },
  'gen_ai.output.type': { spans: 'llm', about: '`speech` of a model that hears and speaks by itself' },
  'gen_ai.response.time_to_first_chunk': {
    spans: 'llm',
    about: 'seconds from the request to its first words, or to its first audio',
  },
  'gen_ai.usage.input_tokens': { spans: 'llm', about: 'where the provider counts them' },
  'gen_ai.usage.output_tokens': { spans: 'llm', about: 'where the provider counts them' },
  'gen_ai.tool.name': { spans: 'tool', about: 'the tool' },
  'gen_ai.tool.type': { spans: 'tool', about: '`function`' },
  'error.type': { spans: 'all', about: 'what failed: the code of the error, as in [errors](errors.md)' },
  'kav.call.id': { spans: 'call', about: 'as in log and record' },
  'kav.pipeline': { spans: 'call', about: 'its name' },
  'kav.transport': { spans: 'call', about: 'the plugin that brought the call' },
  'kav.ended_by': { spans: 'call', about: 'as in the record' },
  'kav.unended': {
    spans: 'call, turn, greeting, prompt, recognition',
    about: '`true`: its end is not known, it is closed at the last that is',
  },
  'kav.turn': { spans: 'turn, greeting, prompt', about: 'its number, as in the events' },
  'kav.outcome': {
    spans: 'turn, greeting, prompt, llm, tts',
    about:
      'as in the events: `heard`, `interrupted`, `failed`, `silent`, `cut`, `replaced` by another; of requests `answered`, `failed`, `cancelled`',
  },
  'kav.restarts': { spans: 'turn', about: 'how often the answer was made anew because the caller said more' },
  'kav.latency.turn_end_ms': { spans: 'turn', about: 'as the event `turn_latency` tells it' },
  'kav.latency.first_token_ms': { spans: 'turn', about: 'the same' },
  'kav.latency.first_audio_ms': { spans: 'turn', about: 'the same' },
  'kav.latency.first_frame_ms': { spans: 'turn', about: 'the same' },
  'kav.plugin': { spans: 'recognition, stt, llm, tts', about: 'the provider, by its name in the pipeline' },
  'kav.region': { spans: 'recognition', about: 'where the provider has several' },
  'kav.first_ms': { spans: 'llm, tts', about: 'ms from the request to the first words or audio' },
  'kav.clipped_ms': {
    spans: 'llm, tts, tool',
    about: 'so much of it lay before or after its turn, and is not shown',
  },
  'kav.pii.from': { spans: 'call', about: 'who calls' },
  'kav.pii.to': { spans: 'call', about: 'who is called' },
  'kav.pii.caller_text': { spans: 'turn', about: 'what the caller said' },
  'kav.pii.agent_text': { spans: 'turn, greeting, prompt', about: 'what the agent said' },
  'kav.pii.heard': {
    spans: 'turn, greeting, prompt',
    about: 'what the caller heard of it, where it was not all',
  },
} as const satisfies Record<string, AttributeKind>

export type AttributeKey = keyof typeof ATTRIBUTES

export type SpanAttributes = { [Key in AttributeKey]?: string | number | boolean }
