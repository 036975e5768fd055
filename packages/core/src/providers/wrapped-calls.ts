import type { LlmEvent } from '../contracts/llm.ts'
import { parseJson } from '../kit/json-as-written.ts'
import { newCallId } from '../kit/new-call-id.ts'
import { callsInJson } from '../language/model-text/index.ts'

type CallEvent = Extract<LlmEvent, { type: 'tool-call' }>

/**
 * The calls that a model wrote into one of a tool of its own making: `multi_tool_use.parallel` with `tool_uses`. The
 * call itself, where it is one of a declared tool, or holds none of any.
 */
export function wrappedCalls(
  event: CallEvent,
  meant: (name: string) => string | undefined,
): readonly CallEvent[] {
  if (meant(event.name) !== undefined || !/parallel|multi_tool/i.test(event.name)) return [event]
  const inner = callsInJson(parseJson(event.arguments)).filter(({ name }) => meant(name) !== undefined)
  if (inner.length === 0) return [event]
  const { opaque } = event
  return inner.map((call, index) => ({
    type: 'tool-call',
    id: newCallId(),
    ...call,
    ...(index === 0 && opaque && { opaque }),
  }))
}
