import type { LlmMessage } from '@kav/core'
import type { LlmParams } from './llm-params.ts'

/**
 * Models whose chat templates refuse a conversation that the assistant begins (our greeting), or two messages of one
 * role in a row: Gemma, Mistral's family, Llama 2, Perplexity's.
 */
const ALTERNATING =
  /gemma|mi[sx]tral|ministral|magistral|devstral|codestral|mathstral|pixtral|llama-?2|sonar/i
const ALTERNATING_HOSTS = /(?:^|\.)(?:mistral|perplexity)\.ai$/

/** Stands for the caller where the agent spoke first. */
const CALL_BEGAN = '(The call is connected.)'
/** Stands for the agent where it said nothing between two messages of others. */
const SAID_NOTHING = '…'

export function alternates(params: Pick<LlmParams, 'message_order' | 'model' | 'base_url'>): boolean {
  if (params.message_order !== 'auto') return params.message_order === 'alternate'
  return ALTERNATING.test(params.model) || ALTERNATING_HOSTS.test(new URL(params.base_url).hostname)
}

/** The conversation as strict templates take it: one system message, then user and assistant by turns. */
export function alternating(messages: readonly LlmMessage[]): LlmMessage[] {
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content)
  const ordered: LlmMessage[] = system.length > 0 ? [{ role: 'system', content: system.join('\n\n') }] : []
  for (const message of messages) {
    const last = ordered.at(-1)
    switch (message.role) {
      case 'system':
        break
      case 'user':
        if (last?.role === 'tool') ordered.push({ role: 'assistant', content: SAID_NOTHING })
        if (last?.role === 'user') {
          ordered[ordered.length - 1] = { role: 'user', content: joined(last.content, message.content, '\n') }
        } else ordered.push(message)
        break
      case 'assistant':
        if (last === undefined || last.role === 'system') ordered.push({ role: 'user', content: CALL_BEGAN })
        if (last?.role === 'assistant' && !last.toolCalls?.length) {
          ordered[ordered.length - 1] = { ...message, content: joined(last.content, message.content, ' ') }
        } else ordered.push(message)
        break
      case 'tool':
        ordered.push(message)
    }
  }
  return ordered
}

function joined(one: string, other: string, between: string): string {
  return [one, other].filter((text) => text !== '').join(between)
}
