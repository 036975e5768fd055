import type { Level, LiveCall, LiveCallDetail, LiveEvent, TranscriptLine, VoiceSpan } from '@kav/client'
import {
  afterFinal,
  afterPartial,
  afterReply,
  afterTurn,
  type CallerWords,
  NO_WORDS,
} from './caller-words.ts'
import type { TurnFields } from '../conversation/waterfall.ts'

type Side = TranscriptLine['who']

/** Those that were before it was watched come without what was said. */
export type SeenEvent = Omit<LiveEvent, 'private'> & Partial<Pick<LiveEvent, 'private'>>

export interface LiveLine {
  /** Tells lines apart while they grow. */
  readonly key: string
  readonly who: Side
  readonly turn: number
  readonly atMs: number
  readonly text: string
  /** What of an agent's line was heard, once that is settled; absent: all of it, or it is being said. */
  readonly heard?: string
  /** How many of its characters were heard so far, while it is being said. */
  readonly heardChars?: number
  /** Nothing more comes to it. */
  readonly settled: boolean
}

export interface LiveTurn {
  readonly fields: TurnFields
  /** When `turn_latency` was told. */
  readonly atMs: number
  /** The first moment at which something of it was known to be heard. */
  readonly heardAtMs?: number
}

/** All that the page of a running call shows. */
export interface LiveCallState {
  readonly call: LiveCall
  readonly lines: readonly LiveLine[]
  /** What the caller is saying, and no line has yet. */
  readonly words: CallerWords
  readonly turns: readonly LiveTurn[]
  readonly agentVoice: readonly VoiceSpan[]
  /** What went wrong, or is worth a look; the last ones. */
  readonly notices: readonly SeenEvent[]
  readonly ended: boolean
}

const MAX_NOTICES = 30

export function beginLiveCall(detail: LiveCallDetail): LiveCallState {
  const { transcript, turns: _turns, events, counters: _counters, ...call } = detail
  const empty: LiveCallState = {
    call,
    lines: [],
    words: NO_WORDS,
    turns: [],
    agentVoice: [],
    notices: [],
    ended: false,
  }
  // Lines of the snapshot are as the record has them so far; the events say the rest again, but for what was said.
  const lines = transcript.map((line, index) => ({
    key: `before-${index}`,
    turn: -1000 - index,
    settled: true,
    ...line,
  }))
  const rest = events.filter(({ event }) => SAYS_NO_WORDS.has(event) || NOTICED.test(event))
  return { ...rest.reduce(afterEvent, empty), lines: withRunningTurn(lines, events) }
}

/** A line that was still being said when the snapshot was taken goes on under its own turn. */
function withRunningTurn(lines: readonly LiveLine[], events: readonly SeenEvent[]): readonly LiveLine[] {
  const said = events.findLast(({ event }) => event === 'agent_said' || event === 'greeting_queued')
  const last = lines.at(-1)
  if (said === undefined || last?.who !== 'agent') return lines
  const turn = turnOf(said)
  const ends = ({ event, fields }: SeenEvent): boolean =>
    OVER.has(event) && (event === 'prompt_ended' ? turn < 0 : turnOf({ fields }) === turn)
  const isOver = events.some((one) => one.atMs >= said.atMs && ends(one))
  return isOver
    ? lines
    : [...lines.slice(0, -1), { ...last, key: keyOf('agent', turn), turn, settled: false }]
}

const SAYS_NO_WORDS: ReadonlySet<string> = new Set(['turn_latency', 'agent_voice'])
const OVER: ReadonlySet<string> = new Set([
  'reply_ended',
  'reply_dropped',
  'interrupted',
  'greeting_end',
  'prompt_ended',
])
const NOTICED =
  /_failed$|_fell_back$|_lost$|gave_up|^tool_|^dtmf$|^marks_missing$|^interrupted$|^operator_|^transfer_/

/** The state after one more event of the call. */
export function afterEvent(state: LiveCallState, event: SeenEvent): LiveCallState {
  const next = NOTICED.test(event.event)
    ? { ...state, notices: [...state.notices, event].slice(-MAX_NOTICES) }
    : state
  return (REDUCERS[event.event] ?? unchanged)(next, event)
}

type Reducer = (state: LiveCallState, event: SeenEvent) => LiveCallState

const unchanged: Reducer = (state) => state

const REDUCERS: Readonly<Record<string, Reducer>> = {
  partial: (state, event) => ({ ...state, words: afterPartial(state.words, wordsOf(event, 'text')) }),
  final: (state, event) => ({ ...state, words: afterFinal(state.words, wordsOf(event, 'text')) }),
  turn_ended(state, event) {
    const line = lineOf('caller', event, wordsOf(event, 'text'))
    const words = afterTurn(state.words)
    return { ...withLine(state, line), words, call: { ...state.call, turn: turnOf(event) } }
  },
  turn_corrected: (state, event) =>
    changeLine(state, 'caller', turnOf(event), (line) => ({ ...line, text: wordsOf(event, 'text') })),
  greeting_queued: agentClause,
  agent_said: (state, event) =>
    // The greeting was told as a whole when it was queued.
    turnOf(event) === 0 && lineAt(state, 'agent', 0) !== undefined ? state : agentClause(state, event),
  greeting_end: settleReply,
  prompt_ended: (state, event) => settleReply(state, withTurn(event, runningPrompt(state))),
  reply_ended: settleReply,
  reply_dropped: settleReply,
  interrupted: settle,
  paused: (state, event) => setHeard(state, event, false),
  resumed: (state, event) =>
    changeLine(state, 'agent', turnOf(event), ({ heard: _heard, ...line }) => ({ ...line, settled: false })),
  turn_latency: (state, { fields, atMs }) => ({ ...state, turns: [...state.turns, { fields, atMs }] }),
  agent_voice(state, { fields }) {
    const { start_ms: startMs, end_ms: endMs } = fields
    if (typeof startMs !== 'number' || typeof endMs !== 'number') return state
    return { ...state, agentVoice: [...state.agentVoice, { startMs, endMs }] }
  },
  call_ended: (state) => ({ ...state, words: NO_WORDS, ended: true }),
}

/** What the caller has heard by now of what is being said. */
export function afterLevel(state: LiveCallState, level: Level): LiveCallState {
  const { heard } = level
  if (heard === undefined) return state
  const line = lineAt(state, 'agent', heard.turn)
  if (line === undefined || line.settled || line.heardChars === heard.chars) return state
  const changed = changeLine(state, 'agent', heard.turn, (one) => ({ ...one, heardChars: heard.chars }))
  const turn = changed.turns.findLast(({ fields }) => fields.turn === heard.turn)
  if (heard.chars === 0 || turn === undefined || turn.heardAtMs !== undefined) return changed
  const turns = changed.turns.map((one) => (one === turn ? { ...one, heardAtMs: level.atMs } : one))
  return { ...changed, turns }
}

function agentClause(state: LiveCallState, event: SeenEvent): LiveCallState {
  const text = wordsOf(event, 'text')
  const turn = turnOf(event)
  const said = lineAt(state, 'agent', turn)
  if (said === undefined) return withLine(state, lineOf('agent', event, text))
  // It was given up, and the answer to the same turn begins anew.
  if (said.settled && said.heard !== undefined) {
    const again = lineOf('agent', event, text)
    return withLine(state, { ...again, key: `${again.key}-${state.lines.length}` })
  }
  return changeLine(state, 'agent', turn, (line) => ({
    ...line,
    text: `${line.text} ${text}`,
    settled: false,
  }))
}

function settle(state: LiveCallState, event: SeenEvent): LiveCallState {
  return setHeard(state, event, true)
}

function settleReply(state: LiveCallState, event: SeenEvent): LiveCallState {
  return { ...settle(state, event), words: afterReply(state.words) }
}

/** What is said beside the turns has a number below 0, which is not told when it has ended. */
function runningPrompt({ lines }: LiveCallState): number {
  return lines.findLast(({ who, turn, settled }) => who === 'agent' && turn < 0 && !settled)?.turn ?? 0
}

function withTurn(event: SeenEvent, turn: number): SeenEvent {
  return { ...event, fields: { turn, ...event.fields } }
}

function setHeard(state: LiveCallState, event: SeenEvent, settled: boolean): LiveCallState {
  const { heard } = event.private ?? {}
  return changeLine(state, 'agent', turnOf(event), ({ heardChars, ...line }) => ({
    ...line,
    settled,
    ...(!settled && heardChars !== undefined && { heardChars }),
    ...(typeof heard === 'string' && { heard }),
  }))
}

function lineOf(who: Side, event: SeenEvent, text: string): LiveLine {
  const turn = turnOf(event)
  return { key: keyOf(who, turn), who, turn, atMs: event.atMs, text, settled: who === 'caller' }
}

function withLine(state: LiveCallState, line: LiveLine): LiveCallState {
  return { ...state, lines: [...state.lines, line] }
}

function changeLine(
  state: LiveCallState,
  who: Side,
  turn: number,
  change: (line: LiveLine) => LiveLine,
): LiveCallState {
  const found = lineAt(state, who, turn)
  if (found === undefined) return state
  return { ...state, lines: state.lines.map((line) => (line === found ? change(line) : line)) }
}

function lineAt(state: LiveCallState, who: Side, turn: number): LiveLine | undefined {
  return state.lines.findLast((line) => line.who === who && line.turn === turn)
}

function keyOf(who: Side, turn: number): string {
  return `${who}-${turn}`
}

function turnOf({ fields }: Pick<SeenEvent, 'fields'>): number {
  return typeof fields['turn'] === 'number' ? fields['turn'] : 0
}

function wordsOf(event: SeenEvent, name: string): string {
  const words = event.private?.[name]
  return typeof words === 'string' ? words : '…'
}
