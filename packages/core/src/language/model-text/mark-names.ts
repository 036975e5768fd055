/** What a mark in a model's text means. A `turn` mark is followed by the role whose turn it is. */
export type MarkKind = 'token' | 'thought' | 'call' | 'turn' | 'foreign' | 'header'

/** Tags of chat templates and of models, `<name>` and `</name>`, in small letters and without a name space. */
export const TAG_NAMES: ReadonlyMap<string, MarkKind> = new Map<string, MarkKind>([
  ...named(
    'thought',
    'think thinking thinks thought thoughts reasoning reason reflection analysis scratchpad',
  ),
  // Gemma's, where a thought has no name.
  ...named('thought', 'unused94 unused95'),
  ...named('thought', 'antthinking inner_monologue chain_of_thought cot planning internal_thoughts'),
  ...named('call', 'tool_call tool_calls toolcall tool_use tool_code function_call function_calls'),
  ...named('call', 'functioncall tools function invoke tool_response tool_result tool_results'),
  ...named('token', 's bos eos pad unk eot eod endoftext end_of_text begin_of_text im_end end_of_turn'),
  ...named(
    'token',
    'end_of_utterance end_of_message answer final final_answer response assistant sys output reply',
  ),
  ...named('turn', 'start_of_turn im_start'),
])

/** Models put their own names before these: `longcat_think`, `mm:think`, `minimax:tool_call`. */
export function tagKind(name: string): MarkKind | undefined {
  const own = name.replace(/^.*:/, '')
  return TAG_NAMES.get(own) ?? TAG_NAMES.get(/_(think|tool_call)$/.exec(own)?.[1] ?? '')
}

/** The same in square brackets; these are written in capitals. */
export const BRACKET_NAMES: ReadonlyMap<string, MarkKind> = new Map<string, MarkKind>([
  ...named('thought', 'THINK'),
  ...named('call', 'TOOL_CALLS TOOL_RESULTS AVAILABLE_TOOLS'),
  ...named('foreign', 'INST'),
  ...named('token', 'SYS BOS EOS'),
])

/** Tokens in bars, `<|name|>`: there is no end of names, and none of them is a word. `name` in small letters. */
export function barredKind(name: string): MarkKind {
  if (/think|thought|reasoning|^inner_(?:prefix|suffix)$/.test(name)) return 'thought'
  if (/tool_?call|function_?call|python_tag|tool_response|tool_result|action|tool_outputs/.test(name))
    return 'call'
  if (name === 'channel' || name === 'start') return 'header'
  if (name === 'im_start' || name === 'start_header_id') return 'turn'
  return /^(?:user|system|human|tool|observation|ipython|environment)$/.test(name) ? 'foreign' : 'token'
}

/** Whose turn begins: the model's own, or one that it made up. */
export function isOwnRole(role: string): boolean {
  return /^(?:assistant|model|gpt|bot|ai|agent)$/i.test(role)
}

function named(kind: MarkKind, names: string): [string, MarkKind][] {
  return names.split(' ').map((name) => [name, kind])
}
