import type { MarkVerdict } from './judge-mark.ts'

export type Mark = Exclude<MarkVerdict, { kind: 'wait' | 'text' | 'json' | 'python' }>

/** What ends a message of a channel. */
export const ENDS_CHANNEL = /^(?:end|call|return|start|channel)$/
/** The model's own turn begins; the role has been read with the mark. */
export const OWN_TURN = /^(?:im_start|start_of_turn|start_header_id|assistant|inst)$/
const TURN_ENDS = /^(?:im_end|eot_id|eom_id|end_of_turn|s|end|return|eos|end_of_sentence)$/

export function isMark(verdict: MarkVerdict): verdict is Mark {
  return !['wait', 'text', 'json', 'python'].includes(verdict.kind)
}

/** Whether the mark ends a call that `opener` began. */
export function endsCall(opener: string, mark: Mark): boolean {
  if (mark.kind === 'token') return TURN_ENDS.test(mark.name)
  return mark.closes && stemOf(mark.name) === stemOf(opener)
}

/** `tool_call` of `tool_call_begin`, `/tool_call` and `tool_call_end`. */
function stemOf(name: string): string {
  return name.replace(/^\/|^(?:start|end|begin)_|_(?:begin|end|start|prefix|suffix)$/g, '')
}
