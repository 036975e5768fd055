import type { SpanAttributes } from '../spans/attribute-table.ts'
import type { CallSpan } from '../spans/call-span.ts'
import type { TracedCall } from './trace-messages.ts'

const NONE: SpanAttributes = {}

/** What the events of a call do not say of its spans. */
export function attributesOfCall(call: TracedCall): (span: CallSpan) => SpanAttributes {
  const conversation = { 'gen_ai.conversation.id': call.id }
  return (span) => {
    if (span.name === 'call') {
      const [first] = Object.values(call.models)
      return {
        ...conversation,
        'gen_ai.agent.name': call.pipeline,
        'kav.call.id': call.id,
        'kav.pipeline': call.pipeline,
        'kav.transport': call.transport,
        ...(first && { 'gen_ai.provider.name': first.maker }),
      }
    }
    if (span.name !== 'llm') return NONE
    const plugin = String(span.attributes['kav.plugin'])
    const known = call.models[plugin]
    return {
      ...conversation,
      'gen_ai.provider.name': known?.maker ?? plugin,
      ...(known?.model !== undefined && { 'gen_ai.request.model': known.model }),
    }
  }
}
