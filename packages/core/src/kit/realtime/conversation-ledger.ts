import type { LlmMessage, LlmToolCall } from '../../contracts/llm.ts'

/**
 * The conversation as it would be put back into a new connection: what the caller said, what of the agent's words was
 * heard, tool calls and results, in order.
 */
export interface ConversationLedger {
  /** The caller's turn has its place; its text may follow. */
  callerSpoke(itemId: string): void
  callerText(itemId: string, text: string): void
  agentSpoke(itemId: string): void
  agentText(itemId: string, text: string): void
  agentAudio(itemId: string, ms: number): void
  /** Cuts the agent's words in proportion to the audio heard. Returns the length of that audio in ms, as the server has it. */
  cut(itemId: string, heardMs: number): number
  toolCalled(call: LlmToolCall): void
  toolAnswered(callId: string, content: string): void
  /** Somebody wrote this: it is complete. */
  said(message: LlmMessage): void
  /** A note for the model: nobody waits for an answer to it. */
  noted(content: string): void
  /** Agent items after this one that nobody heard; they are forgotten here. */
  forgetAfter(itemId: string | undefined, among: ReadonlySet<string>): string[]
  /** Turns of the caller that have no text: their audio must be heard again. They are forgotten here. */
  forgetUnwritten(): number
  /** The last word is not the agent's. */
  readonly awaitsReply: boolean
  messages(): LlmMessage[]
}

type Entry =
  | { readonly kind: 'said'; readonly message: LlmMessage }
  | { readonly kind: 'note'; readonly content: string }
  | { readonly kind: 'caller'; readonly id: string; text: string | undefined }
  | { readonly kind: 'agent'; readonly id: string; text: string; audioMs: number; cut: boolean }
  | { readonly kind: 'call'; readonly call: LlmToolCall }
  | { readonly kind: 'result'; readonly callId: string; readonly content: string }

export function createConversationLedger(history: readonly LlmMessage[]): ConversationLedger {
  let entries: Entry[] = history.map((message) => ({ kind: 'said', message }))

  const callerOf = (id: string) => entries.find((entry) => entry.kind === 'caller' && entry.id === id)
  const agentOf = (id: string) => entries.find((entry) => entry.kind === 'agent' && entry.id === id)
  const agent = (id: string) => {
    const known = agentOf(id)
    if (known?.kind === 'agent') return known
    const entry = { kind: 'agent' as const, id, text: '', audioMs: 0, cut: false }
    entries.push(entry)
    return entry
  }

  return {
    callerSpoke(id) {
      if (!callerOf(id)) entries.push({ kind: 'caller', id, text: undefined })
    },
    callerText(id, text) {
      const entry = callerOf(id)
      if (entry?.kind === 'caller') entry.text = text
      else entries.push({ kind: 'caller', id, text })
    },
    agentSpoke: (id) => void agent(id),
    agentText(id, text) {
      const entry = agent(id)
      if (!entry.cut) entry.text = text
    },
    agentAudio(id, ms) {
      agent(id).audioMs += ms
    },
    cut(id, heardMs) {
      const entry = agent(id)
      const heard = Math.max(0, Math.min(heardMs, entry.audioMs))
      const share = entry.audioMs === 0 ? 0 : heard / entry.audioMs
      entry.text = wordsWithin(entry.text, share)
      entry.cut = true
      return Math.floor(heard)
    },
    toolCalled: (call) => void entries.push({ kind: 'call', call }),
    toolAnswered: (callId, content) => void entries.push({ kind: 'result', callId, content }),
    said: (message) => void entries.push({ kind: 'said', message }),
    noted: (content) => void entries.push({ kind: 'note', content }),
    forgetAfter(itemId, among) {
      const at = entries.findIndex((entry) => entry.kind === 'agent' && entry.id === itemId)
      const gone = entries.flatMap((entry, index) =>
        index > at && entry.kind === 'agent' && among.has(entry.id) ? [entry.id] : [],
      )
      entries = entries.filter((entry) => entry.kind !== 'agent' || !gone.includes(entry.id))
      return gone
    },
    forgetUnwritten() {
      const before = entries.length
      entries = entries.filter((entry) => entry.kind !== 'caller' || entry.text !== undefined)
      return before - entries.length
    },
    get awaitsReply() {
      const last = entries.findLast(({ kind }) => kind !== 'note')
      if (last?.kind === 'said') return last.message.role !== 'assistant'
      return last?.kind === 'caller' || last?.kind === 'result'
    },
    messages: () => entries.flatMap(messagesOf),
  }
}

function messagesOf(entry: Entry): LlmMessage[] {
  switch (entry.kind) {
    case 'said':
      return [entry.message]
    case 'note':
      return [{ role: 'system', content: entry.content }]
    case 'caller':
      return entry.text ? [{ role: 'user', content: entry.text }] : []
    case 'agent':
      return entry.text ? [{ role: 'assistant', content: entry.text }] : []
    case 'call':
      return [{ role: 'assistant', content: '', toolCalls: [entry.call] }]
    case 'result':
      return [{ role: 'tool', toolCallId: entry.callId, content: entry.content }]
  }
}

/** The words of the first `share` of a text, none of them in half. */
function wordsWithin(text: string, share: number): string {
  const end = Math.round(text.length * share)
  if (end >= text.length) return text
  const head = text.slice(0, end)
  return /\s/.test(text[end]!) ? head : head.replace(/\S*$/, '').trimEnd()
}
