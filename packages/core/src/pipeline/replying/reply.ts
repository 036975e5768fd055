import type { Clock } from '../../contracts/clock.ts'
import { asProviderError, ProviderError } from '../../contracts/errors.ts'
import type { LlmProvider, LlmToolCall } from '../../contracts/llm.ts'
import { createClauseCutter } from '../../language/clause-cutter.ts'
import { createGate } from '../../kit/gate.ts'
import { createReplyVoice, type ReplyVoiceParts } from './reply-voice.ts'
import { timedIteration } from '../../kit/timed-iteration.ts'
import type { ToolBox, ToolOutcome } from '../../tools/tool-box.ts'

/**
 * llm -> clauses -> tts -> tx-queue, for one turn. The model writes while the voice speaks. A reply may be prepared
 * before its turn has surely ended: then nothing is heard, no tool runs and nothing is remembered until `release`.
 * Never throws: a failure of the model or the voice is told to telemetry, and the caller hears the fallback line.
 */
export interface ReplyParts extends ReplyVoiceParts {
  readonly llm: LlmProvider
  readonly clock: Clock
  readonly callId: string
  readonly language: () => string
  readonly toolBox: ToolBox
  readonly tools: {
    readonly fillerAfterMs: number
    readonly fillerTexts: readonly string[]
    readonly maxRounds: number
  }
  readonly firstTokenTimeoutMs: number
}

export interface ReplyHandlers {
  onFirstToken(): void
  onFirstAudio(): void
  onFirstFrame(): void
}

export interface ReplyResult {
  readonly outcome: 'heard' | 'cancelled' | 'failed'
  readonly thenEnd?: ToolOutcome['thenEnd']
}

export interface Reply {
  /** Lets it be heard. Resolves nothing: `done` tells the rest. */
  release(): void
  /** Keeps back what has not begun to be heard. */
  hold(): void
  /** The line was interrupted: the voice stops, the model goes on. Returns what the caller heard. */
  pause(heardMs: number, sentMs: number): string
  /** The voice goes on from where the caller last heard it. */
  resume(): void
  /** The model stops, too. */
  cancel(): void
  readonly done: Promise<ReplyResult>
  /** Output tokens the model has written so far, counted as pieces of text. */
  readonly tokens: number
}

/**
 * Starts a reply. `pendingUser`: the words of a turn that may still go on; the history does not have them yet.
 */
export function startReply(
  turn: number,
  parts: ReplyParts,
  handlers: ReplyHandlers,
  pendingUser?: string,
): Reply {
  const { telemetry } = parts
  const voice = createReplyVoice(turn, parts, handlers)
  const model = new AbortController()
  const gate = createGate()
  let tokens = 0

  function release(): void {
    gate.release()
    voice.release()
  }

  /** Rounds of model and tools until the model has nothing more to do. */
  async function runModel(): Promise<ToolOutcome['thenEnd']> {
    for (let round = 0; ; round++) {
      const calls = await askModel(round === 0 ? pendingUser : undefined)
      if (calls.length === 0 || model.signal.aborted) return undefined
      // A tool may change the world: only a turn that really ended may do that.
      await gate.open
      if (model.signal.aborted) return undefined
      // No text comes while a tool runs: a voice with a stream says what it has to its end.
      void voice.queued()
      if (round === parts.tools.maxRounds) {
        throw new ProviderError('bad-data', `llm: still calling tools after ${round} rounds`)
      }
      const thenEnd = await runTools(calls)
      if (thenEnd || model.signal.aborted) return thenEnd
    }
  }

  async function askModel(pending: string | undefined): Promise<readonly LlmToolCall[]> {
    const { llm, clock, history, firstTokenTimeoutMs } = parts
    const request = {
      callId: parts.callId,
      messages: history.messages(pending),
      tools: parts.toolBox.tools,
      language: parts.language(),
    }
    const limits = {
      clock,
      firstMs: firstTokenTimeoutMs,
      idleMs: firstTokenTimeoutMs,
      what: 'llm',
      signal: model.signal,
    }
    const cutter = createClauseCutter()
    const calls: LlmToolCall[] = []
    let ended = false
    let wrote = false
    for await (const event of timedIteration(llm.reply(request, model.signal), limits)) {
      if (event.type === 'text') {
        tokens++
        wrote ||= event.text.trim() !== ''
        handlers.onFirstToken()
        for (const clause of cutter.push(event.text)) voice.say(clause)
      } else if (event.type === 'tool-call')
        calls.push({ id: event.id, name: event.name, arguments: event.arguments })
      else if (event.type === 'usage') telemetry.llmUsage(event.inputTokens, event.outputTokens)
      else {
        ended = true
        break
      }
    }
    if (model.signal.aborted) return []
    for (const clause of cutter.end()) voice.say(clause)
    if (!ended) throw new ProviderError('network', 'llm: the answer was cut off before its end')
    if (!wrote && calls.length === 0) throw new ProviderError('bad-data', 'llm: an empty answer')
    return calls
  }

  async function runTools(calls: readonly LlmToolCall[]): Promise<ToolOutcome['thenEnd']> {
    const { history, toolBox } = parts
    history.toolCalls(calls)
    let cancelFiller = (): void => undefined
    let thenEnd: ToolOutcome['thenEnd']
    for (const call of calls) {
      if (model.signal.aborted) break
      telemetry.toolCalled({ turn, tool: call.name })
      cancelFiller()
      // A tool that is silent, or plays tones, comes after what is being said; any other gets a filler.
      if (toolBox.silentTools?.has(call.name)) await voice.queued()
      else cancelFiller = armFiller()
      const outcome = await toolBox.run(call, model.signal)
      if (outcome.failed) telemetry.toolFailed({ turn, tool: call.name, error: outcome.content })
      thenEnd ??= outcome.thenEnd
      history.toolResult(call.id, outcome.content)
    }
    cancelFiller()
    return thenEnd
  }

  /** A tool that takes long: the caller hears that something is being done. */
  function armFiller(): () => void {
    const { fillerAfterMs, fillerTexts } = parts.tools
    if (fillerTexts.length === 0) return () => undefined
    return parts.clock.after(fillerAfterMs, () => voice.say(fillerTexts[turn % fillerTexts.length]!, true))
  }

  async function run(): Promise<ReplyResult> {
    let failed = false
    let thenEnd: ToolOutcome['thenEnd']
    try {
      thenEnd = await runModel()
    } catch (thrown) {
      if (!model.signal.aborted) {
        failed = true
        telemetry.llmFailed(turn, asProviderError(thrown, 'llm'))
        if (parts.fallbackLine !== '') voice.say(parts.fallbackLine, true)
      }
    }
    voice.end()
    const spoken = await voice.done
    if (spoken === 'cancelled') return { outcome: 'cancelled' }
    const outcome = failed || (spoken === 'silent' && !thenEnd) ? 'failed' : 'heard'
    return { outcome, ...(thenEnd ? { thenEnd } : {}) }
  }

  return {
    release,
    hold: () => voice.hold(),
    pause: (heardMs, sentMs) => voice.pause(heardMs, sentMs),
    resume: () => voice.resume(),
    cancel() {
      model.abort()
      gate.release()
      voice.cancel()
    },
    done: run(),
    get tokens() {
      return tokens
    },
  }
}
