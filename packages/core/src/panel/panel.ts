import { addShares, addTimes, type Share, sum, type Times } from './figures.ts'

/**
 * How one call, or many, took turns. Plain data. Each share and each list of times carries its number, so that panels
 * add up (`addPanels`). "Words" are the caller's turns and interruptions. Names and windows are those of the tau-voice
 * panel (`PANEL_WINDOWS`); what it does not have is said.
 */
export interface Panel {
  readonly calls: number
  readonly durationMs: number
  /** The caller's turns and interruptions. */
  readonly words: number
  /** Words that were answered before the next ones; of those at whose end the agent was silent, and had time. */
  readonly response: Share
  /** From the end of words to the start of the agent's voice. */
  readonly responseLatency: Times
  /** Words over the agent's voice at which it stopped within the yield window. */
  readonly yield: Share
  /** From the start of words over the agent's voice until it stops, where it did. */
  readonly timeToYield: Times
  /** Both speak, and what the caller says are words. Not in the tau-voice panel. */
  readonly talkOverMs: number
  /** What the agent rightly took no notice of: it spoke on, or did not begin. */
  readonly selectivity: {
    readonly backchannel: Share
    readonly vocalTic: Share
    readonly notToAgent: Share
  }
  /** Backchannels, tics and side talk that tell nothing: an answer to words was due, or it was "mm-hm" in a silence. */
  readonly unscored: number
  /** How often the agent began inside the caller's words (a pause in them is inside), per `words`. */
  readonly agentInterruptions: Share
  /** Silences of both after words that lasted longer than the bound; whole, with their beginning. Not in tau-voice. */
  readonly deadAir: { readonly count: number; readonly totalMs: number }
  /** ServiceNow EVA's curve over words: the sum of their scores, each 0 to 1, and its mean. No answer is worth 0. */
  readonly turnTaking: { readonly n: number; readonly sum: number; readonly score?: number }
}

/** The panel of no call. */
export const EMPTY_PANEL: Panel = addPanels([])

/** The panel of all these calls together: counts and times are joined, nothing is a mean of means. */
export function addPanels(panels: readonly Panel[]): Panel {
  const total = (of: (panel: Panel) => number): number => sum(panels.map(of))
  const share = (of: (panel: Panel) => Share): Share => addShares(panels.map(of))
  const times = (of: (panel: Panel) => Times): Times => addTimes(panels.map(of))
  return {
    calls: total(({ calls }) => calls),
    durationMs: total(({ durationMs }) => durationMs),
    words: total(({ words }) => words),
    response: share(({ response }) => response),
    responseLatency: times(({ responseLatency }) => responseLatency),
    yield: share((panel) => panel.yield),
    timeToYield: times(({ timeToYield }) => timeToYield),
    talkOverMs: total(({ talkOverMs }) => talkOverMs),
    selectivity: {
      backchannel: share(({ selectivity }) => selectivity.backchannel),
      vocalTic: share(({ selectivity }) => selectivity.vocalTic),
      notToAgent: share(({ selectivity }) => selectivity.notToAgent),
    },
    unscored: total(({ unscored }) => unscored),
    agentInterruptions: share(({ agentInterruptions }) => agentInterruptions),
    deadAir: {
      count: total(({ deadAir }) => deadAir.count),
      totalMs: total(({ deadAir }) => deadAir.totalMs),
    },
    turnTaking: turnTakingOf(
      total(({ turnTaking }) => turnTaking.n),
      total(({ turnTaking }) => turnTaking.sum),
    ),
  }
}

export function turnTakingOf(n: number, scoreSum: number): Panel['turnTaking'] {
  return { n, sum: scoreSum, ...(n > 0 && { score: scoreSum / n }) }
}
