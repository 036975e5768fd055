import type { Clock } from '../../contracts/clock.ts'
import { asProviderError } from '../../contracts/errors.ts'
import type { LlmToolCall } from '../../contracts/llm.ts'
import { Cut, type CutBy } from '../../kit/cut.ts'
import { createGate } from '../../kit/gate.ts'
import type { CallLlm } from '../../providers/llm-in-order.ts'
import { stayedOn } from '../../tools/cut-words.ts'
import type { ToolBox } from '../../tools/tool-box.ts'
import type { ReplyEnd } from '../turns/reply-actions.ts'
import type { FailedStage } from './failed-turns.ts'
import { createFillerWatch, type FillerParts, type FillerWatch } from './filler-watch.ts'
import type { AgentEntry, ConversationHistory } from './history.ts'
import { askModel, type ModelAnswer } from './model-answer.ts'
import { type RepliedRounds, runReplyRounds } from './reply-rounds.ts'
import type { Tones } from './reply-script.ts'
import { createReplyBudget, type ReplyBudget } from './reply-budget.ts'
import { createReplyVoice, type ReplyVoice, type ReplyVoiceParts, type VoiceOutcome } from './reply-voice.ts'
import { refuseToolRound, runToolRound, type ToolRoundOutcome } from './tool-round.ts'

/**
 * llm -> clauses -> tts -> tx-queue, for one turn. The model writes while the voice speaks. A reply may be prepared
 * before its turn has surely ended: then nothing is heard, no tool runs and nothing is remembered until `release`.
 * Never throws: a failure of the model or the voice is told to telemetry, and the caller hears the fallback line.
 */
export interface ReplyParts extends Omit<ReplyVoiceParts, 'entry'> {
  readonly history: ConversationHistory
  readonly llm: CallLlm
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
  /** Absent: nothing is heard while an answer is late. */
  readonly filler: FillerParts | undefined
  /** A reply is cut at the end of a sentence within so many characters. */
  readonly maxReplyChars: number
}

export interface ReplyHandlers {
  onFirstToken(): void
  onFirstAudio(): void
  /** The first frame that is no filler. */
  onAnswerFrame(): void
  onFirstFrame(): void
}

export interface ReplyResult {
  /** `silent`: nothing was to be said, the tools were all of it. */
  readonly outcome: 'heard' | 'silent' | 'cancelled' | 'failed'
  readonly thenEnd?: ReplyEnd
  /** What failed, if the caller had nothing of the turn. `open`: nothing did, but it was given up unheard. */
  readonly verdict: FailedStage | 'worked' | 'open'
}

export interface Reply {
  /** Lets it be heard. Resolves nothing: `done` tells the rest. */
  release(): void
  /** Keeps back what has not begun to be heard. */
  hold(): void
  /** After an interruption, which stops the voice and not the model: it goes on from where the caller last heard it. */
  resume(): void
  /** Behind what was said. */
  playTones(tones: Tones): void
  /** All that was heard of it by the last interruption. */
  heard(): string
  heardSoFar(): string
  /** What was heard of it, where that was not all. */
  heardInPart(): string | undefined
  /** The model stops, too, and is told of what it had called that it was cut by them. */
  cancel(by: CutBy): void
  readonly done: Promise<ReplyResult>
  /** Output tokens the model has written so far, counted as pieces of text. */
  tokens(): number
}

/**
 * Starts a reply. `pendingUser`: the words of a turn that may still go on; the history does not have them yet.
 * `former`: the reply that this one replaces; what became of its tools is known before the model is asked again.
 */
export function startReply(
  turn: number,
  parts: ReplyParts,
  handlers: ReplyHandlers,
  pendingUser?: string,
  former?: Reply,
): Reply {
  const entry = parts.history.agent()
  const voice = createReplyVoice(
    turn,
    { ...parts, entry },
    {
      ...handlers,
      onFirstAudio() {
        filler?.audible()
        handlers.onFirstAudio()
      },
    },
  )
  const filler = parts.filler && createFillerWatch(turn, { ...parts, ...parts.filler }, voice.fill)
  const model = new AbortController()
  const gate = createGate()
  const ends: ReplyEnd[] = []
  let tokens = 0
  const maker: ReplyMaker = {
    turn,
    parts,
    entry,
    voice,
    filler,
    signal: model.signal,
    pendingUser,
    budget: createReplyBudget(parts.maxReplyChars),
    onToken() {
      tokens++
      filler?.stop()
      handlers.onFirstToken()
    },
    onEnd: (end) => void ends.push(end),
  }

  return {
    release() {
      gate.release()
      voice.release()
      filler?.release()
    },
    hold() {
      filler?.hold()
      voice.hold()
    },
    resume: () => voice.resume(),
    playTones(tones) {
      filler?.stop()
      voice.playTones(tones)
    },
    heard: () => voice.heard(),
    heardSoFar: () => voice.heardSoFar(),
    heardInPart: () => voice.heardInPart(),
    cancel(by) {
      model.abort(new Cut(by))
      filler?.stop()
      gate.release()
      voice.cancel(by)
      // Before anybody reads the history: the next reply is about to.
      entry.cut(by)
      if (by !== 'end') for (const end of ends) end.tell(stayedOn(by))
    },
    done: makeReply(maker, gate.open, former),
    tokens() {
      return tokens
    },
  }
}

/** One reply in the making. */
interface ReplyMaker {
  readonly turn: number
  readonly parts: ReplyParts
  readonly entry: AgentEntry
  readonly voice: ReplyVoice
  readonly filler: FillerWatch | undefined
  readonly signal: AbortSignal
  readonly pendingUser: string | undefined
  readonly budget: ReplyBudget
  readonly onToken: () => void
  readonly onEnd: (end: ReplyEnd) => void
}

async function makeReply(
  maker: ReplyMaker,
  released: Promise<void>,
  former: Reply | undefined,
): Promise<ReplyResult> {
  const { turn, parts, voice, signal } = maker
  let round = 0
  let rounds: RepliedRounds | undefined
  let modelFailed = false
  try {
    if (former) await former.done
    rounds = await runReplyRounds({
      ask: (asked) => ask(maker, (round = asked)),
      runTools: (called, calls) => runTools(maker, called, calls),
      refuseTools: (called, calls) =>
        refuseToolRound(calls, { ...parts, turn, ledger: maker.entry.toolCalls(called, calls) }),
      isEnding: ({ name }) => parts.toolBox.endingTools?.has(name) ?? false,
      mayRunTools: () => released,
      signal,
      maxRounds: parts.tools.maxRounds,
    })
  } catch (thrown) {
    if (!signal.aborted) {
      modelFailed = true
      parts.telemetry.llmFailed(turn, asProviderError(thrown, 'llm'))
      if (parts.fallbackLine !== '' && !parts.whenMute?.isLast(turn))
        say(maker, round, parts.fallbackLine, true)
    }
  }
  maker.filler?.stop()
  voice.end()
  const spoken = await voice.done
  const words = voice.words()
  const failed = modelFailed ? 'model' : words === 'unspoken' ? 'voice' : undefined
  return judge(rounds, spoken, failed ?? (spoken === 'cancelled' && words === 'none' ? 'open' : 'worked'))
}

function judge(
  rounds: RepliedRounds | undefined,
  spoken: VoiceOutcome,
  verdict: ReplyResult['verdict'],
): ReplyResult {
  if (spoken === 'cancelled') return { outcome: 'cancelled', verdict }
  if (!rounds) return { outcome: 'failed', verdict }
  if (rounds.end) return { outcome: 'heard', thenEnd: rounds.end, verdict }
  if (spoken === 'heard') return { outcome: 'heard', verdict }
  if (!rounds.wrote) return { outcome: 'silent', verdict }
  // Words that hold nothing to say are no answer either.
  return { outcome: 'failed', verdict: verdict === 'worked' ? 'model' : verdict }
}

function say({ entry, voice, filler }: ReplyMaker, round: number, text: string, fixed = false): void {
  filler?.stop()
  if (!fixed) filler?.worded()
  entry.wrote(round, text)
  voice.say(text, fixed, round)
}

async function ask(maker: ReplyMaker, round: number): Promise<ModelAnswer> {
  const { turn, parts, entry, voice, budget, signal } = maker
  const { history, callId, toolBox } = parts
  const answer = await askModel({
    ...parts,
    request: {
      callId,
      messages: history.messages(round === 0 ? maker.pendingUser : undefined, entry),
      tools: toolBox.tools,
      language: parts.language(),
    },
    turn,
    signal,
    budget,
    room: voice.room,
    onToken: maker.onToken,
    onClause: (text) => say(maker, round, text),
  })
  if (answer.opaque) entry.answered(round, answer.opaque)
  return answer
}

function runTools(
  maker: ReplyMaker,
  round: number,
  calls: readonly LlmToolCall[],
): Promise<ToolRoundOutcome> {
  const { turn, parts, entry, voice, signal } = maker
  const { fillerAfterMs: afterMs, fillerTexts: texts } = parts.tools
  // No text comes while a tool runs: a voice with a stream says what it has to its end.
  void voice.queued()
  return runToolRound(calls, {
    turn,
    toolBox: parts.toolBox,
    ledger: entry.toolCalls(round, calls),
    signal,
    clock: parts.clock,
    telemetry: parts.telemetry,
    filler: { afterMs, texts },
    sayFiller(text) {
      // One a turn is enough.
      if (!maker.filler?.begun()) say(maker, round, text, true)
    },
    saidBefore() {
      maker.filler?.stop()
      return voice.queued()
    },
    unpaused: voice.unpaused,
    onEnd: maker.onEnd,
  })
}
