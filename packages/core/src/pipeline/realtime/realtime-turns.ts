import type { Clock } from '../../contracts/clock.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { ToolOutcome } from '../../tools/tool-box.ts'
import { endOfTurn, joinText } from '../turns/turn-text.ts'

/** Why the model speaks: words of the configuration, the caller's turn, or the result of a tool. */
export type ReplyKind =
  'greeting' | 'prompt' | 'farewell' | 'fallback' | 'last-words' | 'answer' | 'follow-up'

/** One answer of the model, from its beginning until the caller has heard it. */
export interface RealtimeReply {
  readonly id: string
  readonly kind: ReplyKind
  readonly turn: number
  /** Audio of it has come. */
  spoke: boolean
  /** Tools it has called, those of them that still run, and those the model has no answer of. */
  calls: number
  openCalls: number
  unanswered: number
  /** One of them failed. */
  failed: boolean
  /** All were answered: the model goes on behind it. */
  goesOn: boolean
  /** The model makes no more of it. */
  ended: boolean
  /** More of it came than is taken: the rest is left out. */
  cutShort: boolean
  /** The caller spoke over it. */
  stopped: boolean
  heard: boolean
  /** What happens once it was heard, by tool calls that are not answered, since the model need not go on. */
  readonly ends: { readonly how: NonNullable<ToolOutcome['thenEnd']>; readonly callId: string }[]
}

/** Numbers the caller's turns, and knows which of them, or which other wish, each answer of the model belongs to. */
export interface RealtimeTurns {
  /** The newest turn; 0 before the caller has said anything. */
  turn(): number
  /** Something was asked of the model; its answers come in the order they were asked for. */
  expect(kind: Exclude<ReplyKind, 'answer'>): void
  /** The caller has finished; `speechEndMs` is when they fell silent. */
  callerDone(speechEndMs: number): void
  /** They go on: what was not answered yet is one turn with what comes. */
  callerGoesOn(): void
  /** What they said was written down. May come before or after its answer. */
  callerWritten(text: string): void
  /** They pressed keys: a turn that is written down as it ends. */
  callerEntered(keys: string): void
  replyStarted(id: string): RealtimeReply
  /** The reply was lost with its connection: it will be made anew. */
  expectAgain(reply: RealtimeReply): void
  /** Words or audio of an answer came; or its first frame went out. */
  token(): void
  audio(): void
  firstFrame(): void
}

export function createRealtimeTurns(clock: Clock, telemetry: CallTelemetry): RealtimeTurns {
  const expected: ReplyKind[] = []
  /** Turns whose words are still to come, and the words of the newest turn that was written down. */
  const unwritten: number[] = []
  let written = { turn: 0, text: '' }
  let turn = 0
  let answered = true
  const steps = createTurnSteps(clock, telemetry)

  function newTurn(speechEndMs?: number): void {
    if (answered) turn++
    answered = false
    unwritten.push(turn)
    steps.begin(speechEndMs)
  }

  function tellWritten(of: number, text: string): void {
    const again = of === written.turn
    written = { turn: of, text: again ? endOfTurn(joinText(written.text, text)) : text }
    if (again) telemetry.turnCorrected(of, written.text)
    else telemetry.turnEnded(of, text)
  }

  return {
    turn() {
      return turn
    },
    expect: (kind) => void expected.push(kind),
    callerDone(speechEndMs) {
      newTurn(speechEndMs)
      if (!expected.includes('answer')) expected.push('answer')
    },
    callerGoesOn() {
      const waiting = expected.indexOf('answer')
      if (waiting >= 0) expected.splice(waiting, 1)
    },
    callerWritten(text) {
      if (unwritten.length === 0) newTurn()
      const of = unwritten.shift()!
      if (text.trim() === '') return
      telemetry.final(text)
      tellWritten(of, text)
    },
    callerEntered(keys) {
      newTurn(clock.nowMs())
      unwritten.pop()
      tellWritten(turn, keys)
      if (!expected.includes('answer')) expected.push('answer')
    },
    replyStarted(id) {
      const kind = expected.shift() ?? 'answer'
      // A provider that does not tell of speech: its answer alone says that there was a turn.
      if (kind === 'answer' && answered) newTurn()
      if (kind === 'answer') {
        answered = true
        telemetry.replyStarted(turn)
      }
      const of = kind === 'greeting' ? 0 : turn
      return {
        id,
        kind,
        turn: of,
        spoke: false,
        calls: 0,
        openCalls: 0,
        unanswered: 0,
        failed: false,
        goesOn: false,
        ended: false,
        cutShort: false,
        stopped: false,
        heard: false,
        ends: [],
      }
    },
    expectAgain(reply) {
      if (expected[0] !== reply.kind) expected.unshift(reply.kind)
      if (reply.kind === 'answer') answered = false
    },
    token: steps.token,
    audio: steps.audio,
    firstFrame: () => steps.firstFrame(turn),
  }
}

/** The latency breakdown of the newest turn, told once, with its first frame. */
function createTurnSteps(clock: Clock, telemetry: CallTelemetry) {
  let speechEndMs: number | undefined
  let turnEndMs = clock.nowMs()
  let firstTokenMs: number | undefined
  let firstAudioMs: number | undefined
  let told = true
  return {
    begin(endedMs: number | undefined): void {
      speechEndMs = endedMs
      turnEndMs = clock.nowMs()
      firstTokenMs = firstAudioMs = undefined
      told = false
    },
    token: (): void => void (firstTokenMs ??= clock.nowMs()),
    audio: (): void => void (firstAudioMs ??= clock.nowMs()),
    firstFrame(turn: number): void {
      if (told) return
      told = true
      const firstFrameMs = clock.nowMs()
      telemetry.turnLatency({ turn, speechEndMs, turnEndMs, firstTokenMs, firstAudioMs, firstFrameMs })
    },
  }
}
