/** What a mark in a model's text means. A `turn` mark is followed by the role whose turn it is. */
export type MarkKind = 'token' | 'thought' | 'call' | 'turn' | 'foreign' | 'header'

/** Tags of chat templates and of models, `<name>` and `</name>`, in small letters and without a name space. */
export const TAG_NAMES: ReadonlyMap<string, MarkKind> = new Map<string, MarkKind>([
  ...named(
    'thought',
    'think thinking thinks thought thoughts reasoning reason reflection analysis scratchpad',
  ),
  ...named(
    'thought',
    'thinking_process inner_thought inner_thoughts internal internal_monologue monologue plan',
  ),
  ...named('thought', 'rationale chain-of-thought reflect deliberation search_quality_reflection'),
  // Open WebUI folds a thought away so.
  ...named('thought', 'details'),
  // Gemma's, where a thought has no name.
  ...named('thought', 'unused94 unused95'),
  ...named('thought', 'antthinking inner_monologue chain_of_thought cot planning internal_thoughts'),
  ...named('call', 'tool_call tool_calls toolcall tool_use tool_code function_call function_calls'),
  ...named('call', 'functioncall tools function invoke tool_response tool_result tool_results'),
  // FunctionGemma's.
  ...named('call', 'start_function_call end_function_call start_function_response end_function_response'),
  ...named('call', 'function_results observation execute_tool tool call action'),
  ...named('token', 's bos eos pad unk eot eod endoftext end_of_text begin_of_text im_end end_of_turn'),
  ...named(
    'token',
    'end_of_utterance end_of_message answer final final_answer response assistant sys output reply',
  ),
  ...named('turn', 'start_of_turn im_start'),
])

/** Models put their own names before these, or behind: `longcat_think`, `mm:think`, `minimax:tool_call`, `thinkstep`. */
export function tagKind(name: string): MarkKind | undefined {
  const own = name.replace(/^.*:/, '')
  // A piece of a vocabulary that stands for itself: `<0x0A>`.
  if (/^0x[0-9a-f]{2}$/.test(own)) return 'token'
  if (/^think/.test(own)) return 'thought'
  return TAG_NAMES.get(own) ?? TAG_NAMES.get(/_(think|tool_call)$/.exec(own)?.[1] ?? '')
}

/** Gemma 4 has its bars on one side: `<|channel>` begins what `<channel|>` ends. */
export const HALF_BARRED: ReadonlyMap<string, MarkKind> = new Map<string, MarkKind>([
  // Nothing but thoughts is in one.
  ...named('thought', 'channel'),
  ...named('call', 'tool_call tool_response tool'),
  ...named('turn', 'turn'),
  ...named('token', 'think image audio'),
])

/** The same in square brackets; these are written in capitals. */
export const BRACKET_NAMES: ReadonlyMap<string, MarkKind> = new Map<string, MarkKind>([
  ...named('thought', 'THINK REASONING think'),
  ...named('call', 'TOOL_CALLS TOOL_RESULTS AVAILABLE_TOOLS TOOL_CALL FUNCTION_CALL tool_call tool_calls'),
  // LM Studio's own.
  ...named('call', 'TOOL_REQUEST END_TOOL_REQUEST'),
  ...named('foreign', 'INST'),
  ...named('token', 'SYS BOS EOS EOT END ASSISTANT PAD UNK CLS SEP'),
])

/** Tokens in bars, `<|name|>`: there is no end of names, and none of them is a word. `name` in small letters. */
export function barredKind(name: string): MarkKind {
  if (/think|thought|reasoning|^inner_(?:prefix|suffix)$/.test(name)) return 'thought'
  // Apertus.
  if (/^tools_(?:prefix|suffix)$/.test(name)) return 'call'
  if (/tool_?call|function_?call|python_tag|tool_response|tool_result|action|tool_outputs/.test(name))
    return 'call'
  if (name === 'channel' || name === 'start') return 'header'
  // Llama 4: `header_start`; Granite: `start_of_role`.
  if (/^(?:im_start|start_header_id|header_start|start_of_role)$/.test(name)) return 'turn'
  return /^(?:user|system|human|user_token|system_token|tool|observation|ipython|environment)$/.test(name)
    ? 'foreign'
    : 'token'
}

/** Whose turn begins: the model's own, or one that it made up. */
export function isOwnRole(role: string): boolean {
  return /^(?:assistant|model|gpt|bot|ai|agent)$/i.test(role)
}

function named(kind: MarkKind, names: string): [string, MarkKind][] {
  return names.split(' ').map((name) => [name, kind])
}
