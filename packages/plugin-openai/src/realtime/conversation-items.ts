import type { LlmMessage } from '@kav/core'

/** The `conversation.item.create` events that put a message into a conversation. */
export function itemEvents(message: LlmMessage): string[] {
  const create = (item: Record<string, unknown>) => JSON.stringify({ type: 'conversation.item.create', item })
  switch (message.role) {
    case 'system':
    case 'user':
      return [
        create({
          type: 'message',
          role: message.role,
          content: [{ type: 'input_text', text: message.content }],
        }),
      ]
    case 'tool':
      return [create({ type: 'function_call_output', call_id: message.toolCallId, output: message.content })]
    case 'assistant': {
      const calls = (message.toolCalls ?? []).map((call) =>
        create({ type: 'function_call', call_id: call.id, name: call.name, arguments: call.arguments }),
      )
      if (message.content === '') return calls
      const content = [{ type: 'output_text', text: message.content }]
      return [create({ type: 'message', role: 'assistant', content }), ...calls]
    }
  }
}
