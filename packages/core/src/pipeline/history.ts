import type { LlmMessage, LlmToolCall } from '../contracts/llm.ts'

/**
 * What was said, and what was truly heard. Every clause of the agent knows where its audio lies on the playout
 * clock; an interrupted utterance stands in the model's context cut at what the caller heard.
 */
export interface ConversationHistory {
  user(text: string): void
  /** A late final changed the words of the last turn. */
  correctUser(text: string): void
  /** Opens the agent's next utterance; clauses are added as their audio is queued. */
  openUtterance(): AgentUtterance
  toolCalls(calls: readonly LlmToolCall[]): void
  toolResult(toolCallId: string, content: string): void
  messages(): LlmMessage[]
  /** Everything said so far, for the call record. */
  readonly transcript: readonly TranscriptEntry[]
}

export interface AgentUtterance {
  /** One clause begins at this position (ms of audio) of the playout clock. */
  beginClause(text: string, startMs: number): void
  /** The clause's audio is queued up to this position. */
  endClause(endMs: number): void
  /** The caller heard no further than this position; returns the text they heard. */
  cutAt(heardMs: number): string
  /** What was given to be spoken. */
  readonly text: string
  /** What the caller heard: all of `text` unless the utterance was cut. */
  readonly heard: string
}

export interface TranscriptEntry {
  readonly who: 'caller' | 'agent'
  readonly text: string
  readonly heard?: string
}

interface Clause {
  readonly text: string
  readonly startMs: number
  endMs: number | undefined
}

type Entry =
  | { kind: 'user'; text: string }
  | { kind: 'agent'; utterance: AgentUtterance }
  | { kind: 'tool-calls'; calls: readonly LlmToolCall[] }
  | { kind: 'tool-result'; toolCallId: string; content: string }

export function createConversationHistory(systemPrompt: string): ConversationHistory {
  const entries: Entry[] = []
  return {
    user(text) {
      entries.push({ kind: 'user', text })
    },
    correctUser(text) {
      const last = entries.findLast((entry) => entry.kind === 'user')
      if (last?.kind === 'user') last.text = text
    },
    openUtterance() {
      const utterance = createUtterance()
      entries.push({ kind: 'agent', utterance })
      return utterance
    },
    toolCalls(calls) {
      entries.push({ kind: 'tool-calls', calls })
    },
    toolResult(toolCallId, content) {
      entries.push({ kind: 'tool-result', toolCallId, content })
    },
    messages() {
      const messages: LlmMessage[] = systemPrompt === '' ? [] : [{ role: 'system', content: systemPrompt }]
      for (const entry of entries) addMessage(messages, entry)
      return messages
    },
    get transcript() {
      return entries.flatMap((entry): TranscriptEntry[] => {
        if (entry.kind === 'user') return [{ who: 'caller', text: entry.text }]
        if (entry.kind !== 'agent' || entry.utterance.text === '') return []
        return [{ who: 'agent', text: entry.utterance.text, heard: entry.utterance.heard }]
      })
    },
  }
}

function addMessage(messages: LlmMessage[], entry: Entry): void {
  if (entry.kind === 'user') messages.push({ role: 'user', content: entry.text })
  else if (entry.kind === 'tool-calls') {
    // The model wrote text and calls in one message: they go back as one.
    const last = messages.at(-1)
    const said = last?.role === 'assistant' && !last.toolCalls ? messages.pop() : undefined
    messages.push({ role: 'assistant', content: said?.content ?? '', toolCalls: entry.calls })
  } else if (entry.kind === 'tool-result') {
    messages.push({ role: 'tool', toolCallId: entry.toolCallId, content: entry.content })
  } else if (entry.utterance.heard !== '') {
    messages.push({ role: 'assistant', content: entry.utterance.heard })
  }
}

function createUtterance(): AgentUtterance {
  const clauses: Clause[] = []
  let cutText: string | undefined
  const text = (): string => clauses.map((clause) => clause.text).join(' ')
  return {
    beginClause(clauseText, startMs) {
      clauses.push({ text: clauseText, startMs, endMs: undefined })
    },
    endClause(endMs) {
      const last = clauses.at(-1)
      if (last) last.endMs = endMs
    },
    cutAt(heardMs) {
      cutText ??= clauses
        .map((clause) => heardOf(clause, heardMs))
        .filter((heard) => heard !== '')
        .join(' ')
      return cutText
    },
    get text() {
      return text()
    },
    get heard() {
      return cutText ?? text()
    },
  }
}

/** Speech runs at about this pace; used for a clause whose end is not known yet. */
const MS_PER_CHARACTER = 65

/** The part of a clause heard by `heardMs`: its share of the characters, back to the last whole word. */
function heardOf(clause: Clause, heardMs: number): string {
  const lengthMs = Math.max(
    1,
    (clause.endMs ?? clause.startMs + clause.text.length * MS_PER_CHARACTER) - clause.startMs,
  )
  const share = (heardMs - clause.startMs) / lengthMs
  if (share <= 0) return ''
  if (share >= 1 && clause.endMs !== undefined) return clause.text
  const characters = Math.floor(Math.min(1, share) * clause.text.length)
  const whole = clause.text.slice(0, characters)
  const atBoundary = characters === clause.text.length || /\s/u.test(clause.text[characters] ?? ' ')
  return (atBoundary ? whole : whole.slice(0, Math.max(0, whole.search(/\s\S*$/u)))).trim()
}
