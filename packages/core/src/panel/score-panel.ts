import { type CallerEvent, type CallerEventKind, isForAgent } from './caller-event.ts'
import { deadAirOf } from './dead-air.ts'
import { type Share, shareOf, sum, timesOf } from './figures.ts'
import { type Interval, joinIntervals } from './interval.ts'
import { judgeIgnored } from './judge-ignored.ts'
import { judgeWords, scoreOf } from './judge-words.ts'
import { type Panel, turnTakingOf } from './panel.ts'
import { PANEL_WINDOWS, type PanelWindows } from './windows.ts'

/** One call as two tracks. The order within a track does not matter. */
export interface PanelCall {
  readonly caller: readonly CallerEvent[]
  /** When the agent's voice sounds in the caller's ear. */
  readonly agent: readonly Interval[]
  /** An agent that speaks up to here was not stopped by anything. */
  readonly durationMs: number
}

/**
 * The panel of one call. Exact times go in and come out; the tick only says which hole in the agent's voice is one.
 * Throws a `RangeError` for an interval that ends before it starts or whose times are no numbers.
 */
export function scorePanel(call: PanelCall, options: Partial<PanelWindows> = {}): Panel {
  const windows = { ...PANEL_WINDOWS, ...options }
  const agent = joinIntervals(call.agent, windows.tickMs)
  // For its check alone: events may lie in each other, as a cough inside a turn.
  joinIntervals(call.caller)
  const words = call.caller.filter(isForAgent).sort((a, b) => a.startMs - b.startMs)
  const tracks = { words, agent, durationMs: call.durationMs, windows }

  const judged = words.map((_, at) => judgeWords(tracks, at))
  const asked = judged.filter(({ answerAsked }) => answerAsked)
  const over = judged.filter(({ overAgent }) => overAgent)
  const latencies = asked.flatMap(({ latencyMs }) => latencyMs ?? [])
  const yields = over.flatMap(({ yieldMs }) => yieldMs ?? [])
  const scores = judged.flatMap((words) => scoreOf(words) ?? [])
  const ignored = call.caller
    .filter((event) => !isForAgent(event))
    .map((event) => ({ kind: event.kind, rightly: judgeIgnored(tracks, event) }))

  return {
    calls: 1,
    durationMs: call.durationMs,
    words: words.length,
    response: shareOf(latencies.length, asked.length),
    responseLatency: timesOf(latencies),
    yield: shareOf(yields.length, over.length),
    timeToYield: timesOf(yields),
    talkOverMs: sum(judged.map(({ talkOverMs }) => talkOverMs)),
    selectivity: {
      backchannel: selectivity(ignored, 'backchannel'),
      vocalTic: selectivity(ignored, 'vocal-tic'),
      notToAgent: selectivity(ignored, 'not-to-agent'),
    },
    unscored: ignored.filter(({ rightly }) => rightly === undefined).length,
    agentInterruptions: shareOf(sum(judged.map(({ agentStarts }) => agentStarts)), words.length),
    deadAir: deadAirOf(tracks, call.caller),
    turnTaking: turnTakingOf(scores.length, sum(scores)),
  }
}

interface Ignored {
  readonly kind: CallerEventKind
  readonly rightly: boolean | undefined
}

function selectivity(ignored: readonly Ignored[], of: CallerEventKind): Share {
  const scored = ignored.filter(({ kind, rightly }) => kind === of && rightly !== undefined)
  return shareOf(scored.filter(({ rightly }) => rightly).length, scored.length)
}
