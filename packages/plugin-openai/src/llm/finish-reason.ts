/** Why an answer ended. `unwritable`: the model failed to write a tool call. `given-up`: what served it did. */
export interface FinishReason {
  readonly kind: 'stop' | 'length' | 'content-filter' | 'unwritable' | 'given-up'
  /** The server's own word. */
  readonly word: string
}

/** The words of OpenAI, and of the servers behind gateways that hand theirs on. */
const KINDS: readonly (readonly [RegExp, FinishReason['kind']])[] = [
  // Mistral: `model_length`; Gemini: `MAX_TOKENS`; Anthropic: `max_tokens`, `model_context_window_exceeded`.
  [/length|max_?(?:output_?|new_?)?tokens|context_window/, 'length'],
  [/malformed|unexpected_tool_call|tool_use_failed/, 'unwritable'],
  // Gemini's, Bedrock's guardrails, GLM's `sensitive`.
  [
    /filter|safety|recitation|blocklist|prohibited|spii|guardrail|sensitive|moderation|refusal|blocked/,
    'content-filter',
  ],
  // Gateways report a failure behind them this way; DeepSeek: `insufficient_system_resource`, GLM: `network_error`.
  [/error|abort|cancel|insufficient|fail|overload|timeout|repetition/, 'given-up'],
]

/** `undefined`: the answer goes on. Whatever else a server says there, it has come to its end. */
export function finishReasonOf(sent: unknown): FinishReason | undefined {
  if (sent === undefined || sent === null || sent === false) return undefined
  const word = typeof sent === 'string' ? sent.trim() : 'stop'
  if (word === '' || word.toLowerCase() === 'null' || word.toLowerCase() === 'none') return undefined
  const kind = KINDS.find(([words]) => words.test(word.toLowerCase()))?.[1] ?? 'stop'
  return { kind, word: word.slice(0, 60) }
}
