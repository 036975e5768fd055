import type { LlmAssistantMessage, LlmMessage, LlmOpaque, LlmToolCall } from '../../contracts/llm.ts'
import type { CutBy } from '../../kit/cut.ts'
import { entriesToForget, estimateTokens } from './history-window.ts'
import { createKeptCalls, type KeptCalls, wellFormed } from './kept-calls.ts'
import { createToolLedger, type ToolLedger, type ToolRound } from './tool-ledger.ts'
import type { AgentUtterance } from './utterance.ts'

/**
 * What was said, and what was truly heard, in the order it was said. An interrupted utterance stands in the model's
 * context cut at what the caller heard.
 */
export interface ConversationHistory {
  user(text: string): void
  /** A late final changed the words of the last turn, or the caller went on before the answer was heard. */
  correctUser(text: string): void
  /** The model is told this from its next request on; nobody hears it. Of many the newest stay. */
  note(text: string): void
  /** What the agent is about to say and do. It takes its place here with the first that is spoken or called. */
  agent(): AgentEntry
  /** What the agent said last, as far as it was heard; empty before it has said anything. */
  lastHeard(): string
  /** All of it: what was not heard yet, too. */
  lastSaid(): string
  /**
   * The context for the model, in an order that the strictest server accepts. `pendingUser` is a turn that is not yet
   * sure to have ended. `own`: the entry that asks; it holds all that was written, since the rest will be heard.
   */
  messages(pendingUser?: string, own?: AgentEntry): LlmMessage[]
}

/**
 * The greeting, a prompt or a reply, round by round: a round is words, and the tools that the model called behind
 * them with their results. What the caller hears while a tool runs belongs to the round of that tool.
 */
export interface AgentEntry {
  /** Its voice begins; again after each pause, with what was left. */
  speaks(utterance: AgentUtterance): void
  /** Its voice is over: what was heard of it is what was heard by now, and is kept without the utterances. */
  spoke(): void
  /** This is to be spoken. */
  wrote(round: number, text: string): void
  toolCalls(round: number, calls: readonly LlmToolCall[]): ToolLedger
  /** It ends here, and with it what its tools were doing. */
  cut(by: CutBy): void
  /** Who did that. */
  cutBy(): CutBy
  /** The provider wants to have this back with what it wrote in the round. */
  answered(round: number, opaque: LlmOpaque): void
  opaque(round: number): LlmOpaque | undefined
  /** What the caller heard of the round; `written`: what they are to hear of it. */
  words(round: number, written: boolean): string
  rounds(): readonly (ToolRound | undefined)[]
}

type Entry = { readonly kind: 'user'; text: string } | { readonly kind: 'agent'; readonly entry: AgentEntry }

/** How much of the conversation the model is given, and what becomes of the rest. */
export interface HistoryWindow {
  /** Estimated; without the system prompt. */
  readonly maxTokens: number
  /** These messages, the oldest, will never be given to the model again. */
  readonly onForgotten: (messages: readonly LlmMessage[]) => void
  /** Stands for what was forgotten, behind the system prompt; empty: nothing does. */
  readonly summary: () => string
}

/** The prompt is asked for each time: its variables and language may change in the course of the call. */
export function createConversationHistory(
  systemPrompt: () => string,
  window?: HistoryWindow,
): ConversationHistory {
  const entries: Entry[] = []
  const notes: string[] = []
  const keptCalls = createKeptCalls()

  function forget({ maxTokens, onForgotten }: HistoryWindow): void {
    const sizes = entries.map((entry) => ({
      user: entry.kind === 'user',
      tokens: estimateTokens(messagesOf([entry])),
    }))
    const forgotten = entries.splice(0, entriesToForget(sizes, maxTokens))
    if (forgotten.length > 0) onForgotten(messagesOf(forgotten))
  }

  function lastWords(written: boolean): string {
    const last = entries.findLast((each) => each.kind === 'agent')
    return last?.kind === 'agent' ? wordsOfEntry(last.entry, written) : ''
  }

  return {
    user(text) {
      entries.push({ kind: 'user', text: wellFormed(text) })
    },
    correctUser(words) {
      const text = wellFormed(words)
      const last = entries.findLast((entry) => entry.kind === 'user')
      if (last?.kind === 'user') last.text = text
      else entries.push({ kind: 'user', text })
    },
    note(text) {
      notes.push(wellFormed(text))
      if (notes.length > MAX_NOTES) notes.shift()
    },
    agent() {
      return new Entered(keptCalls, (entry) => entries.push({ kind: 'agent', entry }))
    },
    lastHeard: () => lastWords(false),
    lastSaid: () => lastWords(true),
    messages(pendingUser, own) {
      if (window) forget(window)
      // Not among what was said: many servers take a system message at the beginning alone.
      const prompt = [systemPrompt(), window?.summary() ?? '', ...notes.map(asNote)]
        .filter((text) => text !== '')
        .join('\n\n')
      const messages = messagesOf(entries, own)
      if (prompt !== '') messages.unshift({ role: 'system', content: prompt })
      if (pendingUser !== undefined) addUser(messages, pendingUser)
      return messages
    },
  }
}

const MAX_NOTES = 20

function asNote(text: string): string {
  return `A supervisor who is listening tells you, unheard by the caller: ${text}`
}

function wordsOfEntry(entry: AgentEntry, written: boolean): string {
  return joinParts(entry.rounds().map((_, round) => entry.words(round, written)))
}

function joinParts(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}

function messagesOf(entries: readonly Entry[], own?: AgentEntry): LlmMessage[] {
  const messages: LlmMessage[] = []
  for (const each of entries) {
    if (each.kind === 'user') addUser(messages, each.text)
    else addAgent(messages, each.entry, each.entry === own)
  }
  return messages
}

/** A class: every turn of a call has one, as long as it lasts. */
class Entered implements AgentEntry {
  readonly #keptCalls: KeptCalls
  readonly #takePlace: (entry: AgentEntry) => void
  #utterances: readonly AgentUtterance[] = []
  /** By round, once the voice is over. */
  #heard: readonly string[] | undefined
  /** By round. Made with a first one: an array that grows has room for seventeen. */
  readonly #written: string[] = ['']
  readonly #rounds: (ToolRound | undefined)[] = []
  readonly #opaques: (LlmOpaque | undefined)[] = []
  #placed = false
  #cutBy: CutBy = 'other'

  constructor(keptCalls: KeptCalls, takePlace: (entry: AgentEntry) => void) {
    this.#keptCalls = keptCalls
    this.#takePlace = takePlace
  }

  speaks(utterance: AgentUtterance): void {
    this.#place()
    this.#utterances = [...this.#utterances, utterance]
  }

  spoke(): void {
    this.#heard = this.rounds().map((_, round) => this.words(round, false))
    this.#utterances = []
  }

  wrote(round: number, text: string): void {
    this.#written[round] = joinParts([this.#written[round] ?? '', wellFormed(text)])
  }

  toolCalls(round: number, calls: readonly LlmToolCall[]): ToolLedger {
    this.#place()
    const ledger = createToolLedger(this.#keptCalls.keep(calls))
    this.#rounds[round] = ledger
    return ledger
  }

  cut(by: CutBy): void {
    this.#cutBy = by
  }

  cutBy(): CutBy {
    return this.#cutBy
  }

  answered(round: number, opaque: LlmOpaque): void {
    this.#opaques[round] = opaque
  }

  opaque(round: number): LlmOpaque | undefined {
    return this.#opaques[round]
  }

  words(round: number, written: boolean): string {
    const known = written ? this.#written : this.#heard
    return known ? (known[round] ?? '') : joinParts(this.#utterances.map((one) => one.heardOf(round)))
  }

  rounds(): readonly (ToolRound | undefined)[] {
    // The last round has words alone.
    const count = Math.max(this.#rounds.length + 1, this.#written.length)
    return Array.from({ length: count }, (_, round) => this.#rounds[round])
  }

  #place(): void {
    if (!this.#placed) this.#takePlace(this)
    this.#placed = true
  }
}

/** Stands where the agent was interrupted before a word of it was heard: some servers refuse a user behind a tool. */
const NOTHING_HEARD = '…'

function addUser(messages: LlmMessage[], content: string): void {
  if (messages.at(-1)?.role === 'tool') messages.push({ role: 'assistant', content: NOTHING_HEARD })
  messages.push({ role: 'user', content })
}

function addAgent(messages: LlmMessage[], entry: AgentEntry, written: boolean): void {
  for (const [round, tools] of entry.rounds().entries()) {
    const words = entry.words(round, written)
    if (words === '' && !tools) continue
    // Texts that follow each other are one to the model, and so are a text and the calls it wrote with it.
    const before = takeSpoken(messages)
    const content = joinParts([before?.content ?? '', words])
    const opaque = entry.opaque(round) ?? before?.opaque
    messages.push({
      role: 'assistant',
      content,
      ...(tools && { toolCalls: tools.calls }),
      ...(opaque && { opaque }),
    })
    for (const [index, { id }] of (tools?.calls ?? []).entries()) {
      messages.push({ role: 'tool', toolCallId: id, content: tools!.told(index, entry.cutBy()) })
    }
  }
}

function takeSpoken(messages: LlmMessage[]): LlmAssistantMessage | undefined {
  const last = messages.at(-1)
  if (last?.role !== 'assistant' || last.toolCalls) return undefined
  messages.pop()
  return last
}
