import type { LlmMessage, LlmToolCall } from '../../contracts/llm.ts'
import type { AgentUtterance } from './utterance.ts'

/**
 * What was said, and what was truly heard, in the order it was said. An interrupted utterance stands in the model's
 * context cut at what the caller heard.
 */
export interface ConversationHistory {
  user(text: string): void
  /** A late final changed the words of the last turn, or the caller went on before the answer was heard. */
  correctUser(text: string): void
  /** The agent's next utterance; its clauses come while it is spoken. */
  agent(utterance: AgentUtterance): void
  toolCalls(calls: readonly LlmToolCall[]): void
  toolResult(toolCallId: string, content: string): void
  /** The context for the model; `pendingUser` is a turn that is not yet sure to have ended. */
  messages(pendingUser?: string): LlmMessage[]
}

type Entry =
  | { readonly kind: 'user'; text: string }
  | { readonly kind: 'agent'; readonly utterance: AgentUtterance }
  | {
      readonly kind: 'tool-calls'
      readonly calls: readonly LlmToolCall[]
      readonly results: Map<string, string>
    }

/** The prompt is asked for each time: its variables and language may change in the course of the call. */
export function createConversationHistory(systemPrompt: () => string): ConversationHistory {
  const entries: Entry[] = []
  return {
    user(text) {
      entries.push({ kind: 'user', text })
    },
    correctUser(text) {
      const last = entries.findLast((entry) => entry.kind === 'user')
      if (last?.kind === 'user') last.text = text
      else entries.push({ kind: 'user', text })
    },
    agent(utterance) {
      entries.push({ kind: 'agent', utterance })
    },
    toolCalls(calls) {
      entries.push({ kind: 'tool-calls', calls, results: new Map() })
    },
    toolResult(toolCallId, content) {
      const asked = entries.findLast(
        (entry) => entry.kind === 'tool-calls' && entry.calls.some((call) => call.id === toolCallId),
      )
      if (asked?.kind === 'tool-calls') asked.results.set(toolCallId, content)
    },
    messages(pendingUser) {
      const messages: LlmMessage[] = []
      const prompt = systemPrompt()
      if (prompt !== '') messages.push({ role: 'system', content: prompt })
      for (const entry of entries) addMessage(messages, entry)
      if (pendingUser !== undefined) messages.push({ role: 'user', content: pendingUser })
      return messages
    },
  }
}

const NOT_ANSWERED = 'Cancelled: the caller interrupted.'

function addMessage(messages: LlmMessage[], entry: Entry): void {
  if (entry.kind === 'user') messages.push({ role: 'user', content: entry.text })
  else if (entry.kind === 'tool-calls') {
    // The model wrote text and calls in one message: they go back as one.
    messages.push({ role: 'assistant', content: takeSpoken(messages), toolCalls: entry.calls })
    // Every call has its answer right behind it, also one that was interrupted: models refuse a context without.
    for (const { id } of entry.calls) {
      messages.push({ role: 'tool', toolCallId: id, content: entry.results.get(id) ?? NOT_ANSWERED })
    }
  } else if (entry.utterance.heard !== '') {
    // An utterance that was resumed is two here, and one to the model.
    const before = takeSpoken(messages)
    messages.push({ role: 'assistant', content: [before, entry.utterance.heard].filter(Boolean).join(' ') })
  }
}

function takeSpoken(messages: LlmMessage[]): string {
  const last = messages.at(-1)
  if (last?.role !== 'assistant' || last.toolCalls) return ''
  messages.pop()
  return last.content
}
